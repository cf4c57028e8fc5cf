import Lattice
import Loops

/// A part of an action whose coupling is inferred.
///
/// Plaquettes and rectangles are those of `WilsonAction` and `RectangleAction` in the planes that the
/// term names, with one coupling; time is the last direction.
public enum CouplingTerm: Hashable, Sendable {
  /// Plaquettes of all planes.
  case plaquette
  /// Plaquettes of planes without time.
  case spatial
  /// Plaquettes of planes with time.
  case temporal
  /// Plaquettes of one plane mu < nu.
  case plane(Int, Int)
  /// 2 x 1 rectangles of all planes.
  case rectangle
  /// Rectangles of planes without time.
  case rectangleSpatial
  /// Rectangles of planes with time.
  case rectangleTemporal
  /// The charge of the clover: the coupling is theta_I of the weight exp(-theta_I Q).
  case theta

  /// What the command line and JSON call it.
  public func name(dimension: Int) -> String {
    switch self {
    case .plaquette: "plaquette"
    case .spatial: "spatial"
    case .temporal: "temporal"
    case .plane(let mu, let nu):
      "plane-" + [mu, nu].map { Self.directionName($0, dimension) }.joined()
    case .rectangle: "rectangle"
    case .rectangleSpatial: "rectangle-spatial"
    case .rectangleTemporal: "rectangle-temporal"
    case .theta: "theta"
    }
  }

  private static func directionName(_ mu: Int, _ dimension: Int) -> String {
    mu == dimension - 1 ? "t" : dimension <= 4 ? ["x", "y", "z"][mu] : "\(mu)"
  }

  /// Names that `parse` knows.
  public static let grammar =
    "plaquette, spatial, temporal, planes, rectangle, rectangle-spatial, rectangle-temporal, theta"

  /// What is inferred without a list: spatial and temporal plaquettes, in two dimensions, where all
  /// planes are temporal, plaquettes.
  public static func standard(dimension: Int) -> [CouplingTerm] {
    dimension > 2 ? [.spatial, .temporal] : [.plaquette]
  }

  /// What is looked for beside given terms without a list: rectangles, and in four dimensions the
  /// charge, unless they are among the terms.
  public static func standardFurther(
    than terms: [CouplingTerm], dimension: Int
  ) -> [CouplingTerm] {
    let rectangles: Set<CouplingTerm> = [.rectangle, .rectangleSpatial, .rectangleTemporal]
    return (rectangles.isDisjoint(with: terms) ? [.rectangle] : [])
      + (dimension == 4 && !terms.contains(.theta) ? [.theta] : [])
  }

  /// From names with commas between them; `planes` is one term for every plane.
  ///
  /// - Throws: `InferenceError.term` for what is no name or stands twice.
  public static func parse(
    _ list: String, dimension: Int
  ) throws(InferenceError) -> [CouplingTerm] {
    var result = [CouplingTerm]()
    for word in list.split(separator: ",", omittingEmptySubsequences: false) {
      var terms = [CouplingTerm]()
      switch word {
      case "plaquette": terms = [.plaquette]
      case "spatial": terms = [.spatial]
      case "temporal": terms = [.temporal]
      case "planes":
        for mu in 0..<dimension {
          for nu in (mu + 1)..<max(dimension, mu + 1) { terms.append(.plane(mu, nu)) }
        }
      case "rectangle": terms = [.rectangle]
      case "rectangle-spatial": terms = [.rectangleSpatial]
      case "rectangle-temporal": terms = [.rectangleTemporal]
      case "theta": terms = [.theta]
      default: throw .term(expected: "some of \(grammar)", found: "'\(word)'")
      }
      if terms.contains(where: result.contains) {
        throw .term(expected: "every term once", found: "'\(word)' twice")
      }
      result += terms
    }
    return result
  }

  /// The action with coupling 1.
  ///
  /// - Throws: `InferenceError.noTerm` for what lattices of this dimension do not have.
  func action(
    dimension: Int, boundaryWeight: Double
  ) throws(InferenceError) -> any LaplacianAction {
    func couplings(_ isIn: (Int, Int) -> Bool) -> [Double] {
      var result = [Double]()
      for mu in 0..<dimension {
        for nu in (mu + 1)..<max(dimension, mu + 1) { result.append(isIn(mu, nu) ? 1 : 0) }
      }
      return result
    }
    func isTemporal(_: Int, _ nu: Int) -> Bool { nu == dimension - 1 }
    func isSpatial(_ mu: Int, _ nu: Int) -> Bool { !isTemporal(mu, nu) }
    func requirePlanes() throws(InferenceError) {
      guard dimension > 2 else {
        throw .noTerm(
          name(dimension: dimension), reason: "in two dimensions every plane contains time")
      }
    }
    func plaquettes(_ isIn: (Int, Int) -> Bool) throws(InferenceError) -> WilsonAction {
      do {
        return try WilsonAction(
          couplings: couplings(isIn), dimension: dimension, boundaryWeight: boundaryWeight)
      } catch {
        throw .action(error)
      }
    }
    func rectangles(_ isIn: (Int, Int) -> Bool) throws(InferenceError) -> RectangleAction {
      do {
        return try RectangleAction(couplings: couplings(isIn), dimension: dimension)
      } catch {
        throw .action(error)
      }
    }
    switch self {
    case .plaquette: return try plaquettes { _, _ in true }
    case .spatial:
      try requirePlanes()
      return try plaquettes(isSpatial)
    case .temporal: return try plaquettes(isTemporal)
    case .plane(let mu, let nu):
      guard 0 <= mu, mu < nu, nu < dimension else {
        throw .noTerm("plane (\(mu), \(nu))", reason: "there are \(dimension) directions")
      }
      return try plaquettes { $0 == mu && $1 == nu }
    case .rectangle: return try rectangles { _, _ in true }
    case .rectangleSpatial:
      try requirePlanes()
      return try rectangles(isSpatial)
    case .rectangleTemporal: return try rectangles(isTemporal)
    case .theta:
      // In two dimensions the weight jumps where a plaquette is -1, and the equations do not hold.
      guard dimension == 4 else {
        throw .noTerm("theta", reason: "its charge has derivatives in four dimensions only")
      }
      do {
        return try ThetaAction(theta: 1, dimension: dimension)
      } catch {
        throw .action(error)
      }
    }
  }
}
