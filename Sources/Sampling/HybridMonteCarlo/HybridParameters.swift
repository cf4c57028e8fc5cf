import Lattice
import Loops

/// What determines the trajectories of a hybrid Monte Carlo chain.
public struct HybridParameters: Codable, Sendable, Equatable {
  /// `leapfrog`, `omelyan` or `omf4`.
  public var integrator = "omelyan"
  /// The free parameter of `omelyan`.
  public var lambda = 0.19
  /// Steps of a trajectory; where they are tuned, those it begins with.
  public var steps: Int
  /// The time of a trajectory.
  public var length = 1.0
  /// Steps of the plaquette term for every drift of the other terms; nil integrates all at once.
  public var innerSteps: Int?
  /// The acceptance for which the steps are tuned during thermalisation; nil leaves them.
  public var targetAcceptance: Double?
  /// Every so many updates a trajectory is also integrated back; 0 never.
  public var reversibilityEvery = 100
  /// The mass of `FourierAcceleration`, for U(1); nil for none.
  public var accelerationMass: Double?

  public init(steps: Int) { self.steps = steps }

  /// Steps for an acceptance of nine in ten or more of the Wilson action, from the growth of
  /// dH with volume and coupling: a starting point.
  public static func defaultSteps(n: Int, lattice: [Int], beta: Double) -> Int {
    let volume = lattice.reduce(1.0) { $0 * Double($1) }
    let components = Double(max(1, n * n - 1)) * Double(lattice.count)
    let stiffness = abs(beta) / Double(n) * Double(lattice.count - 1)
    let steps = 1.0 * (volume * components).squareRoot().squareRoot() * stiffness.squareRoot() / 3
    return steps.isFinite ? Int(min(1000, max(5, steps.rounded(.up)))) : 20
  }

  /// Fourier acceleration, with a quarter of a period as the time of a trajectory and as many steps in a unit of
  /// time as before, four at least; unchanged where there is no such period.
  public mutating func accelerate(mass: Double, beta: Double, lattice: [Int]) {
    accelerationMass = mass
    guard let geometry = try? Geometry(lattice), beta > 0, mass.isFinite else { return }
    let quarter = FourierAcceleration.quarterPeriod(beta: beta, mass: mass, geometry)
    steps = max(4, Int((Double(steps) * quarter / length).rounded(.up)))
    length = quarter
  }

  /// All of it in one line.
  var text: String {
    func word<T>(_ value: T?) -> String { value.map { "\($0)" } ?? "none" }
    return
      "\(integrator) lambda \(lambda) steps \(steps) length \(length) inner \(word(innerSteps)) "
      + "target \(word(targetAcceptance)) reversibility \(reversibilityEvery)"
      + (accelerationMass.map { " acceleration \($0)" } ?? "")
  }

  /// - Throws: `ChainParameterError` naming what is wrong.
  public func validate() throws {
    func require(_ holds: Bool, _ name: String, _ found: Any, _ expected: String) throws {
      if !holds { throw ChainParameterError(name: name, found: "\(found)", expected: expected) }
    }
    try require(
      Integrator(name: integrator) != nil, "integrator", integrator, "leapfrog, omelyan or omf4")
    try require(lambda > 0 && lambda < 0.5, "lambda", lambda, "a number between 0 and 1/2")
    try require((1...100_000).contains(steps), "steps", steps, "1 to 100000")
    try require(
      length.isFinite && length > 0, "trajectory length", length, "a positive finite number")
    if let innerSteps {
      try require((1...1000).contains(innerSteps), "inner steps", innerSteps, "1 to 1000")
    }
    if let targetAcceptance {
      try require(
        targetAcceptance >= 0.1 && targetAcceptance <= 0.99, "target acceptance",
        targetAcceptance, "0.1 to 0.99")
    }
    try require(
      reversibilityEvery >= 0, "reversibility checks every", reversibilityEvery, "0 or more")
  }

  /// The integrator with its parameter.
  var integratorValue: Integrator {
    integrator == "omelyan" ? .omelyan(lambda: lambda) : Integrator(name: integrator) ?? .omelyan
  }

  /// Molecular dynamics of an action with a number of steps.
  ///
  /// With inner steps the first term of a sum, the plaquettes, is the fast and cheap one.
  func dynamics(
    _ action: any Action, steps: Int, _ acceleration: FourierAcceleration?
  ) -> MolecularDynamics {
    let integrator = integratorValue
    if let innerSteps, let first = action.terms.first, action.terms.count > 1 {
      return MolecularDynamics(
        [
          .init(ActionSum(Array(action.terms.dropFirst())), integrator: integrator, steps: steps),
          .init(first, integrator: integrator, steps: innerSteps),
        ], length: length, acceleration: acceleration)
    }
    return MolecularDynamics(
      [.init(action, integrator: integrator, steps: steps)], length: length,
      acceleration: acceleration)
  }
}
