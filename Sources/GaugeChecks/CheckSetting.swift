import Compute
import Lattice

/// The lattice, group, seed and tolerance of a check.
public struct CheckSetting: Sendable, Hashable, CustomStringConvertible {
  public var geometry: Geometry
  public var group: GaugeGroup
  /// All random inputs and transformations follow from it.
  public var seed: UInt64
  public var tolerance: SymmetryTolerance

  public init(
    _ geometry: Geometry, _ group: GaugeGroup, seed: UInt64,
    tolerance: SymmetryTolerance = .standard
  ) {
    self.geometry = geometry
    self.group = group
    self.seed = seed
    self.tolerance = tolerance
  }

  /// - Throws: `GeometryError` for extents that make no lattice.
  public init(
    _ extents: [Int], _ group: GaugeGroup, seed: UInt64, tolerance: SymmetryTolerance = .standard
  ) throws(GeometryError) {
    self.init(try Geometry(extents), group, seed: seed, tolerance: tolerance)
  }

  public var description: String { "\(group) on \(geometry)" }

  /// Independent inputs: two Haar-random fields, a rough and a smooth one near the unit.
  public func inputs<Scalar: LatticeReal>(of: Scalar.Type = Scalar.self) throws -> [LinkField<
    Scalar
  >] {
    let unit = try LinkField<Scalar>(geometry, group: group)
    return (0..<4).map { k in
      var field = unit
      let seed = seed &* 4 &+ UInt64(k)
      switch k {
      case 0, 1: field.setHaarRandom(seed: seed)
      case 2: field.setNearUnit(epsilon: 0.5, seed: seed)
      default: field.setNearUnit(epsilon: 0.2, seed: seed)
      }
      return field
    }
  }
}
