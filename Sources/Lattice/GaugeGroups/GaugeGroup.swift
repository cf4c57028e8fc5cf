/// The gauge group of a field: U(1) or SU(N).
public enum GaugeGroup: Hashable, Sendable, CustomStringConvertible {
  case u1
  /// SU(N), N from 2 to `maximumN`.
  case su(Int)

  public static let su2 = GaugeGroup.su(2)
  public static let su3 = GaugeGroup.su(3)
  public static let su4 = GaugeGroup.su(4)

  /// The largest N the kernels are made for.
  public static let maximumN = 16

  /// Rows of the matrix; 1 for U(1).
  public var n: Int {
    switch self {
    case .u1: 1
    case .su(let n): n
    }
  }

  /// Real parameters of the group: 1 for U(1), N^2 - 1 for SU(N).
  public var algebraDimension: Int { n == 1 ? 1 : n * n - 1 }

  /// U(1) or SU(N) by the size of the matrix; nil outside 1...`maximumN`.
  public init?(n: Int) {
    switch n {
    case 1: self = .u1
    case 2...Self.maximumN: self = .su(n)
    default: return nil
    }
  }

  /// From a name such as `u1`, `su3`, `SU(3)`; nil for anything else.
  public init?(name: String) {
    let plain = name.lowercased().filter { $0 != "(" && $0 != ")" }
    if plain == "u1" {
      self = .u1
    } else if plain.hasPrefix("su"), let n = Int(plain.dropFirst(2)), n >= 2,
      let group = GaugeGroup(n: n)
    {
      self = group
    } else {
      return nil
    }
  }

  public var description: String {
    switch self {
    case .u1: "U(1)"
    case .su(let n): "SU(\(n))"
    }
  }
}
