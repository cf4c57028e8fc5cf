import Groups
import Lattice

/// The symmetries around a point that the extents and the boundary of a lattice leave of the hyperoctahedral
/// group: 8x8x8x4 has O_h x T of order 96, 8x8x4x4 two pairs of axes, order 64.
///
/// Axes may change places where their extents are equal and both are open or both periodic; every axis
/// may be reflected.
public struct LatticePointGroup: Sendable {
  public let geometry: Geometry
  public let boundary: Boundary

  /// B_d, or B_d x C.
  public let full: FiniteGroup

  /// What of it maps the lattice on itself.
  public let subgroup: Subgroup

  /// What of it maps the lattice on itself, as a group of its own.
  public let group: FiniteGroup

  /// - Parameters:
  ///   - boundary: periodic by default.
  ///   - chargeConjugation: whether C is an element too.
  /// - Throws: `GroupError.tooLarge` for more than five directions of one extent with C, or six without.
  public init(
    _ geometry: Geometry, boundary: Boundary? = nil, chargeConjugation: Bool = false
  ) throws(GroupError) {
    let boundary = boundary ?? .periodic(geometry.dimension)
    precondition(
      boundary.dimension == geometry.dimension, "a boundary needs the dimension of the lattice")
    let points = try FiniteGroup(named: "B\(geometry.dimension)")
    let full = chargeConjugation ? try points.timesChargeConjugation() : points
    self.geometry = geometry
    self.boundary = boundary
    self.full = full
    let operations = full.operations!
    let kept = try full.subgroup { g in
      (0..<geometry.dimension).allSatisfy { mu in
        let nu = operations[g].axes.image(of: mu).axis
        return geometry.extents[mu] == geometry.extents[nu]
          && boundary.isOpen[mu] == boundary.isOpen[nu]
      }
    }
    subgroup = kept
    group = kept.order == full.order ? full : kept.asGroup()
  }

  /// The number of elements.
  public var order: Int { group.order }

  /// Whether the lattice leaves everything.
  public var isWhole: Bool { order == full.order }

  /// The operation of an element of `group` on this lattice: about site 0, in reversed open directions about the
  /// middle.
  public func operation(_ element: Int) -> LatticeOperation {
    LatticeOperation.centred(group.operations![element], on: geometry, boundary: boundary)
  }

  /// Such as "8x8x8x4 leaves Oh x T of order 96 of B4 of order 384".
  public var summary: String {
    let lattice = boundary.anyOpen ? "\(geometry) (\(boundary))" : "\(geometry)"
    if isWhole { return "\(lattice) has all of \(full)" }
    let name = subgroup.name.map { "\($0) of order \(order)" } ?? "a subgroup of order \(order)"
    return "\(lattice) leaves \(name) of \(full)"
  }

  /// Refuses a group that the lattice cannot carry: every element has to map it on itself.
  ///
  /// - Throws: `LatticeSymmetryError` with the first element that does not.
  public func check(carries other: FiniteGroup) throws(LatticeSymmetryError) {
    guard let operations = other.operations,
      operations[0].axes.dimension == geometry.dimension
    else { throw .noGeometry(group: other.name, dimension: geometry.dimension) }
    for generator in other.generators {
      try LatticeOperation.centred(operations[generator], on: geometry, boundary: boundary)
        .checkPreserves(geometry, boundary: boundary)
    }
  }
}

extension LatticeOperation {
  /// A point operation on a lattice: about site 0, but with reversed open directions mapped on themselves,
  /// x to L - 1 - x.
  public static func centred(
    _ operation: SymmetryOperation, on geometry: Geometry, boundary: Boundary
  ) -> LatticeOperation {
    var translation = [Int](repeating: 0, count: geometry.dimension)
    for mu in 0..<geometry.dimension where boundary.isOpen[mu] {
      let (nu, sign) = operation.axes.image(of: mu)
      if sign < 0 { translation[nu] = geometry.extents[mu] - 1 }
    }
    return LatticeOperation(operation, translation: translation)
  }
}
