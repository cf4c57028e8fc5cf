import ComplexModule
import Compute
import Lattice
import RealModule

/// A generator of the group, of Frobenius norm 1.
public enum AlgebraComponent: Sendable, Hashable, CustomStringConvertible {
  /// i (e_jj - e_NN) / sqrt(2); for U(1), i.
  case diagonal(Int)
  /// (e_jk - e_kj) / sqrt(2)
  case real(Int, Int)
  /// i (e_jk + e_kj) / sqrt(2)
  case imaginary(Int, Int)

  public var description: String {
    switch self {
    case .diagonal(let j): "imaginary part of element (\(j), \(j))"
    case .real(let j, let k): "real part of element (\(j), \(k))"
    case .imaginary(let j, let k): "imaginary part of element (\(j), \(k))"
    }
  }

  /// All components of the algebra of a group.
  static func all(_ group: GaugeGroup) -> [AlgebraComponent] {
    let n = group.n
    if n == 1 { return [.diagonal(0)] }
    var result = (0..<(n - 1)).map { AlgebraComponent.diagonal($0) }
    for j in 0..<n {
      for k in (j + 1)..<max(n, j + 1) { result += [.real(j, k), .imaginary(j, k)] }
    }
    return result
  }

  func matrix(_ n: Int) -> ComplexMatrix {
    var m = ComplexMatrix.zero(n)
    let half = 0.5.squareRoot()
    switch self {
    case .diagonal(let j):
      if n == 1 {
        m[0, 0] = Complex(0, 1)
      } else {
        m[j, j] = Complex(0, half)
        m[n - 1, n - 1] = Complex(0, -half)
      }
    case .real(let j, let k):
      m[j, k] = Complex(half)
      m[k, j] = Complex(-half)
    case .imaginary(let j, let k):
      m[j, k] = Complex(0, half)
      m[k, j] = Complex(0, half)
    }
    return m
  }
}
