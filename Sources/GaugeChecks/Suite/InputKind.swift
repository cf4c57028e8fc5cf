import ComplexModule
import Compute
import Lattice
import RealModule

/// Fields that find different mistakes.
public enum InputKind: Sendable, Hashable, CustomStringConvertible {
  /// Unit links, the simplest field.
  case unit
  /// Diagonal links of constant field strength, of which plaquettes and Polyakov loops are known exactly.
  case abelianConstant
  /// Links near the unit, with those of the first slice in every direction times a centre element:
  /// contractible loops do not feel it, those around the lattice do.
  case centreTwisted
  /// Links exp(epsilon X), X Gaussian.
  case nearUnit(Double)
  /// Haar-random links.
  case haar

  /// What a suite uses unless told otherwise.
  public static let standard: [InputKind] = [
    .haar, .nearUnit(0.3), .abelianConstant, .centreTwisted,
  ]

  public var description: String {
    switch self {
    case .unit: "unit links"
    case .abelianConstant: "an abelian constant field"
    case .centreTwisted: "a centre-twisted field near the unit"
    case .nearUnit(let epsilon): "links near the unit (epsilon \(epsilon))"
    case .haar: "Haar-random links"
    }
  }

  /// A field of this kind.
  public func make(
    _ geometry: Geometry, _ group: GaugeGroup, seed: UInt64
  ) -> LinkField<Double> {
    var field = LinkField<Double>(
      layout: LinkField<Double>.layout(of: geometry), group: group)
    switch self {
    case .unit: break
    case .abelianConstant: return AbelianField(geometry, group).links()
    case .centreTwisted:
      field.setNearUnit(epsilon: 0.3, seed: seed)
      let order = Double(max(2, group.n))
      let z = Complex<Double>(length: 1, phase: 2 * .pi / order)
      for site in 0..<geometry.volume {
        for (mu, x) in geometry.coordinates(of: site).enumerated() where x == 0 {
          field[site, mu] = z * field[site, mu]
        }
      }
    case .nearUnit(let epsilon): field.setNearUnit(epsilon: epsilon, seed: seed)
    case .haar: field.setHaarRandom(seed: seed)
    }
    return field
  }
}
