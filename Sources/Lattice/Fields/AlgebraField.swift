import ComplexModule
import Compute
import RealModule

/// Algebra-valued fields X_mu(x), one element a link: anti-hermitian and traceless; for U(1) i times
/// a real number.
///
/// An element is N^2 - 1 real vectors (1 for U(1)): the imaginary parts of the diagonal but the last,
/// then real and imaginary parts above the diagonal, row by row.
public struct AlgebraField<Scalar: LatticeReal>: Sendable {
  public let layout: Layout
  public let group: GaugeGroup
  public private(set) var buffer: AlignedBuffer<Scalar.Lanes>

  /// The lattice.
  public var geometry: Geometry { layout.geometry }
  /// Number of directions.
  public var dimension: Int { layout.dimension }

  /// Zero.
  public init(layout: Layout, group: GaugeGroup) {
    self.layout = layout
    self.group = group
    buffer = AlignedBuffer(
      repeating: .zero, count: layout.blockCount * layout.dimension * group.algebraDimension)
  }

  /// The elements as blocks for kernels that only read.
  public var view: BlockView<Scalar.Lanes> {
    BlockView(
      buffer.pointer, perSite: dimension, stride: group.algebraDimension, layout: layout.view)
  }

  /// The elements as blocks for kernels that write; makes this field the only owner of its memory.
  public var mutableView: BlockView<Scalar.Lanes> {
    mutating get {
      if !isKnownUniquelyReferenced(&buffer) { buffer = buffer.copy() }
      return view
    }
  }

  /// The element of a link as a matrix; a matrix that is set is projected on the algebra first.
  public subscript(site: Int, mu: Int, member: Int = 0) -> ComplexMatrix {
    get {
      let (block, lane) = layout.locate(site: site, member: member)
      let p = view.block(block, mu)
      let n = group.n
      var m = ComplexMatrix.zero(n)
      AlgebraElement.forEach(n: n) { index, element in
        let x = Double(p[index][lane])
        switch element {
        case .diagonal(let i):
          m[i, i] = Complex(0, x)
          if n > 1 { m[n - 1, n - 1] -= Complex(0, x) }
        case .real(let i, let j):
          m[i, j].real = x
          m[j, i].real = -x
        case .imaginary(let i, let j):
          m[i, j].imaginary = x
          m[j, i].imaginary = x
        }
      }
      return m
    }
    set {
      precondition(newValue.n == group.n, "the matrix must be \(group.n) x \(group.n)")
      let (block, lane) = layout.locate(site: site, member: member)
      let p = mutableView.block(block, mu)
      let m = newValue.tracelessAntihermitian
      AlgebraElement.forEach(n: group.n) { index, element in
        switch element {
        case .diagonal(let i): p[index][lane] = Scalar(m[i, i].imaginary)
        case .real(let i, let j): p[index][lane] = Scalar(m[i, j].real)
        case .imaginary(let i, let j): p[index][lane] = Scalar(m[i, j].imaginary)
        }
      }
    }
  }
}

/// What a stored component of an algebra element is.
enum AlgebraElement {
  case diagonal(Int)
  case real(Int, Int)
  case imaginary(Int, Int)

  static func forEach(n: Int, _ body: (Int, AlgebraElement) -> Void) {
    if n == 1 { return body(0, .diagonal(0)) }
    var index = 0
    for i in 0..<(n - 1) {
      body(index, .diagonal(i))
      index += 1
    }
    for i in 0..<n {
      for j in (i + 1)..<max(n, i + 1) {
        body(index, .real(i, j))
        body(index + 1, .imaginary(i, j))
        index += 2
      }
    }
  }
}

extension MatrixKernel {
  /// d = the matrix of an algebra element.
  @inlinable @inline(__always)
  public func expandAlgebra(_ d: Block, _ a: Block) {
    if n == 1 {
      d[0] = V.zero
      d[1] = a[0]
      return
    }
    var last = V.zero
    for i in 0..<(n &- 1) {
      let c = 2 &* (i &* n &+ i)
      d[c] = V.zero
      d[c &+ 1] = a[i]
      last = last - a[i]
    }
    d[2 &* (n &* n &- 1)] = V.zero
    d[2 &* (n &* n &- 1) &+ 1] = last
    var index = n &- 1
    for i in 0..<(n &- 1) {
      for j in (i &+ 1)..<n {
        let (p, q) = (2 &* (i &* n &+ j), 2 &* (j &* n &+ i))
        d[p] = a[index]
        d[p &+ 1] = a[index &+ 1]
        d[q] = -a[index]
        d[q &+ 1] = a[index &+ 1]
        index &+= 2
      }
    }
  }

  /// a = the components of an anti-hermitian traceless matrix.
  @inlinable @inline(__always)
  public func compressAlgebra(_ a: Block, _ m: Block) {
    if n == 1 {
      a[0] = m[1]
      return
    }
    for i in 0..<(n &- 1) { a[i] = m[2 &* (i &* n &+ i) &+ 1] }
    var index = n &- 1
    for i in 0..<(n &- 1) {
      for j in (i &+ 1)..<n {
        a[index] = m[2 &* (i &* n &+ j)]
        a[index &+ 1] = m[2 &* (i &* n &+ j) &+ 1]
        index &+= 2
      }
    }
  }
}
