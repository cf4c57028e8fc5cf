import ComplexModule
import Compute
import Lattice

/// One complex N x N matrix for every link of a periodic lattice in an ordinary array: links, momenta
/// or derivatives, as anybody's code can read them.
///
/// `elements` is in the order [site][mu][row][column][re, im], sites serial with x fastest:
/// site = x + X (y + Y (z + ...)). Momenta are anti-hermitian and traceless.
public struct PlainLinks: Sendable, Hashable {
  /// The lattice.
  public let geometry: Geometry
  /// Rows of a matrix: 1 for U(1), N for SU(N).
  public let n: Int
  /// [site][mu][row][column][re, im]
  public var elements: [Double]

  /// - Parameter elements: [site][mu][row][column][re, im].
  /// - Throws: `PlainFieldError` where their number or N does not fit.
  public init(_ geometry: Geometry, n: Int, elements: [Double]) throws(PlainFieldError) {
    guard GaugeGroup(n: n) != nil else { throw .matrix(found: n) }
    let count = geometry.volume * geometry.dimension * 2 * n * n
    guard elements.count == count else {
      throw .count(expected: count, found: elements.count, geometry: geometry, n: n)
    }
    (self.geometry, self.n, self.elements) = (geometry, n, elements)
  }

  /// Zero matrices.
  public init(zeros geometry: Geometry, n: Int) {
    precondition(GaugeGroup(n: n) != nil, "matrices of a gauge group")
    (self.geometry, self.n) = (geometry, n)
    elements = Array(repeating: 0, count: geometry.volume * geometry.dimension * 2 * n * n)
  }

  /// The first member of a field.
  public init<Scalar>(_ field: LinkField<Scalar>) {
    self.init(zeros: field.geometry, n: field.group.n)
    elements.withUnsafeMutableBufferPointer {
      field.exportSites(0..<field.geometry.volume, to: $0)
    }
  }

  /// The first member of a field.
  public init<Scalar>(_ field: AlgebraField<Scalar>) {
    self.init(zeros: field.geometry, n: field.group.n)
    for site in 0..<geometry.volume {
      for mu in 0..<dimension { self[site, mu] = field[site, mu] }
    }
  }

  /// U(1) for N = 1, else SU(N).
  public var group: GaugeGroup { GaugeGroup(n: n)! }
  /// Number of directions.
  public var dimension: Int { geometry.dimension }
  /// Number of sites.
  public var volume: Int { geometry.volume }
  /// Extents, x first, time last.
  public var extents: [Int] { geometry.extents }

  /// The matrix of the link that leaves a site in a direction.
  public subscript(site: Int, mu: Int) -> ComplexMatrix {
    get {
      let first = (site * dimension + mu) * 2 * n * n
      return ComplexMatrix(n: n) { i, j in
        let k = first + 2 * (i * n + j)
        return Complex(elements[k], elements[k + 1])
      }
    }
    set {
      precondition(newValue.n == n, "the matrix must be \(n) x \(n)")
      var k = (site * dimension + mu) * 2 * n * n
      for z in newValue.elements {
        (elements[k], elements[k + 1]) = (z.real, z.imaginary)
        k += 2
      }
    }
  }

  /// The serial index of the site `steps` away in a direction.
  public func neighbour(of site: Int, _ mu: Int, _ steps: Int = 1) -> Int {
    geometry.neighbour(of: site, direction: mu, steps: steps)
  }

  /// As a field of links.
  public func linkField<Scalar: LatticeReal>(_: Scalar.Type = Scalar.self) -> LinkField<Scalar> {
    // A batch of one exists for every lattice.
    var field = try! LinkField<Scalar>(geometry, group: group)
    elements.withUnsafeBufferPointer { field.importSites(0..<geometry.volume, from: $0) }
    return field
  }

  /// As algebra elements; matrices are projected on the algebra.
  public func algebraField<Scalar: LatticeReal>(_: Scalar.Type = Scalar.self) -> AlgebraField<
    Scalar
  > {
    var field = AlgebraField<Scalar>(
      layout: LinkField<Scalar>.layout(of: geometry), group: group)
    for site in 0..<geometry.volume {
      for mu in 0..<dimension { field[site, mu] = self[site, mu] }
    }
    return field
  }
}

extension LinkField {
  /// The layout of one lattice alone.
  static func layout(of geometry: Geometry) -> Layout {
    try! .shared(geometry, batch: 1, laneCount: Scalar.Lanes.scalarCount)
  }
}

/// What plain arrays may have wrong.
public enum PlainFieldError: Error, Equatable, Sendable, CustomStringConvertible {
  case matrix(found: Int)
  case count(expected: Int, found: Int, geometry: Geometry, n: Int)

  public var description: String {
    switch self {
    case .matrix(let n):
      "matrices of a gauge group have 1 to \(GaugeGroup.maximumN) rows, found \(n)"
    case .count(let expected, let found, let geometry, let n):
      "a field of \(n) x \(n) matrices on \(geometry) has \(expected) numbers, found \(found)"
    }
  }
}
