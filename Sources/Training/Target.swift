import Compute
import Lattice
import Loops

/// What a network learns to predict of a configuration, by name.
///
/// - `WRxT`, such as `W2x4`: the mean over sites and planes mu < nu of Re tr/N of the Wilson loop with R
///   steps in mu and T in nu, 1 to 256.
/// - `WRxTField`: the same at every site, of the loop that starts there: no mean, for networks that do not
///   pool.
/// - `polyakov`: the mean of Re tr/N of the Polyakov loop in the last direction.
/// - `charge`: the topological charge in two dimensions (U(1)), from clovers in four.
/// - `chargeDensity`: in four dimensions the mean over sites of q_plaq(x) = Re tr(F01 F23 - F02 F13 +
///   F03 F12) / (4 pi^2) with F = (P - P^dagger)/(2i), no trace removed (arXiv:2012.12901).
/// - `chargeDensityField`: q_plaq(x) at every site, for networks that do not pool.
public enum Target: Hashable, Sendable, CustomStringConvertible {
  case wilsonLoop(Int, Int)
  case wilsonLoopField(Int, Int)
  case polyakov
  case charge
  case chargeDensity
  case chargeDensityField

  /// - Throws: `TrainingError.unknownTarget`.
  public init(_ name: String) throws(TrainingError) {
    switch name {
    case "polyakov": self = .polyakov
    case "charge": self = .charge
    case "chargeDensity": self = .chargeDensity
    case "chargeDensityField": self = .chargeDensityField
    default:
      let isField = name.hasSuffix("Field")
      let sides =
        name.hasPrefix("W") ? name.dropFirst().dropLast(isField ? 5 : 0).split(separator: "x") : []
      guard sides.count == 2, let r = Int(sides[0]), let t = Int(sides[1]), (1...256).contains(r),
        (1...256).contains(t)
      else {
        throw Self.unknown(name)
      }
      self = isField ? .wilsonLoopField(r, t) : .wilsonLoop(r, t)
      // Numbers have other spellings, such as +1 and 01.
      guard description == name else { throw Self.unknown(name) }
    }
  }

  private static func unknown(_ name: String) -> TrainingError {
    .unknownTarget(
      name,
      known: [
        "W1x1", "WRxT", "WRxTField", "polyakov", "charge", "chargeDensity", "chargeDensityField",
      ])
  }

  public var description: String {
    switch self {
    case .wilsonLoop(let r, let t): "W\(r)x\(t)"
    case .wilsonLoopField(let r, let t): "W\(r)x\(t)Field"
    case .polyakov: "polyakov"
    case .charge: "charge"
    case .chargeDensity: "chargeDensity"
    case .chargeDensityField: "chargeDensityField"
    }
  }

  /// Whether it is a number a site and not a number a configuration.
  public var isField: Bool {
    switch self {
    case .wilsonLoopField, .chargeDensityField: true
    default: false
    }
  }

  /// The target of every batch member: one number, or one for every site in serial order.
  ///
  /// - Throws: `TrainingError.targetNeeds` where it does not exist on such fields.
  public func values<Scalar>(_ field: LinkField<Scalar>) throws(TrainingError) -> [[Double]] {
    func refuse(_ expected: String) -> TrainingError {
      .targetNeeds(
        description, expected: expected, found: "\(field.group) on \(field.geometry)")
    }
    switch self {
    case .wilsonLoop(let r, let t):
      var sums = [Double](repeating: 0, count: field.batch)
      let planes = field.geometry.planes
      for (mu, nu) in planes {
        guard let loops = field.wilsonLoopsOfMembers(mu, nu, r, t) else {
          throw refuse("loops that fit")
        }
        for member in sums.indices { sums[member] += loops[member].real / Double(planes.count) }
      }
      return sums.map { [$0] }
    case .wilsonLoopField(let r, let t):
      let planes = field.geometry.planes
      let volume = field.geometry.volume
      var sums = [[Double]](
        repeating: [Double](repeating: 0, count: volume), count: field.batch)
      for (mu, nu) in planes {
        let path = try! LatticePath.rectangle(mu, nu, r, t, dimension: field.dimension)
        let loops = field.pathProduct(path)
        for member in sums.indices {
          for (site, trace) in loops.traces(member: member).enumerated() {
            sums[member][site] += trace.real / Double(planes.count)
          }
        }
      }
      return sums
    case .polyakov:
      guard let loops = field.polyakovLoopsOfMembers(field.dimension - 1) else {
        throw refuse("a periodic last direction")
      }
      return loops.map { [$0.real] }
    case .charge:
      if field.dimension == 2, let charges = field.topologicalChargesOfMembers() {
        return charges.map { [$0] }
      }
      guard field.dimension == 4 else { throw refuse("four dimensions, or U(1) in two") }
      return field.cloverObservablesOfMembers().map { [$0.charge!] }
    case .chargeDensity, .chargeDensityField:
      guard field.dimension == 4 else { throw refuse("four dimensions") }
      let density = field.plaquetteChargeDensity()
      let volume = field.geometry.volume
      if self == .chargeDensity {
        return density.exactSumsOfMembers().map { [$0[0] / Double(volume)] }
      }
      return (0..<field.batch).map { member in (0..<volume).map { density[$0, 0, member] } }
    }
  }
}
