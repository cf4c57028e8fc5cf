import Autodiff
import Compute
import Lattice
import Loops

/// An action that a network calculates, S = g sum_x s(x), whose force is the link gradient of the tape.
///
/// - A network that does not pool has the number s(x) at every site.
/// - One that pools by `sum` gives sum_x s(x) itself; what follows the sum is applied to it.
/// - One that pools by `mean` predicts a density s, and S = g V s with the volume V.
///
/// It is gauge-invariant unless the network begins with `linkImages`. Values are calculated in double
/// precision for links of either, so that energy changes of large lattices keep their digits; forces
/// in the precision of the links. Add a `WilsonAction` to perturb it: `wilson + learned`.
///
/// ```swift
/// let learned = try LearnedAction(network, parameters, coupling: 0.5)
/// let action = try WilsonAction(beta: 2, dimension: 2) + learned
/// let hmc = HybridMonteCarlo(MolecularDynamics([.init(action, steps: 10)]), seed: 1)
/// ```
public struct LearnedAction: Action {
  /// The network in words.
  public let network: NetworkDescription
  /// The factor g.
  public let coupling: Double
  public let name: String
  private let double: Model<Double>
  private let single: Model<Float>
  private let pooling: Pooling

  private struct Model<Scalar: LatticeReal>: Sendable {
    let network: GaugeNetwork<Scalar>
    let parameters: Parameters<Scalar>
  }

  private enum Pooling { case none, sum, mean }

  /// The action of a network with given weights.
  ///
  /// - Throws: `LayerError` for a network that cannot be composed or has more than one output,
  ///   `AutodiffError` for parameters that are not those of the network or not finite,
  ///   `ActionError.coupling` for a coupling that is not finite.
  public init<Scalar>(
    _ network: NetworkDescription, _ parameters: Parameters<Scalar>, coupling: Double = 1,
    name: String = "learned"
  ) throws {
    guard coupling.isFinite else { throw ActionError.coupling(name: "coupling", found: coupling) }
    let composed = try GaugeNetwork<Double>(network)
    guard composed.outputs == 1 else {
      throw LayerError.channels(layer: "a learned action", expected: 1, found: composed.outputs)
    }
    let weights = Parameters<Double>(parameters)
    try composed.initialParameters(seed: 1).requireLayout(of: weights)
    try weights.requireFinite()
    self.network = network
    self.coupling = coupling
    self.name = name
    double = Model(network: composed, parameters: weights)
    single = Model(network: try GaugeNetwork(network), parameters: Parameters(weights))
    pooling =
      !composed.isPooled
      ? .none : network.layers.contains { $0.layer == .mean } ? .mean : .sum
  }

  public func validate(_ geometry: Geometry, _ group: GaugeGroup) throws(ActionError) {
    guard geometry.dimension == network.dimension else {
      throw .dimension(action: name, expected: network.dimension, found: geometry.dimension)
    }
    guard group == network.group else {
      throw .unsupported(
        action: name, by: "\(group)", reason: "its network was made for \(network.group)")
    }
    do {
      try double.network.requireClosedLoops(on: geometry)
    } catch {
      throw .unsupported(action: name, by: "\(geometry)", reason: "\(error)")
    }
  }

  public func valuesOfMembers<Scalar>(_ field: LinkField<Scalar>) -> [Double] {
    let output = output(double, Tape().constant(LinkField<Double>(field)))
    let perMember = output.value.count / field.batch
    let factor = factor(field.geometry)
    return (0..<field.batch).map { member in
      var sum = ExactSum()
      for k in 0..<perMember { sum.add(output.value.values[member * perMember + k]) }
      return factor * sum.value
    }
  }

  public func addForce<Scalar>(
    of field: LinkField<Scalar>, times factor: Double, to momenta: inout AlgebraField<Scalar>
  ) {
    let tape = Tape()
    let links = tape.variable(field)
    let output = output(model(), links)
    guard output.isActive else { return }
    // dS/d(output) is the same number everywhere.
    let slope = Scalar(self.factor(field.geometry))
    let cotangent = output.value.map { _ in slope }
    momenta.add(
      tape.gradients(of: output, cotangent: cotangent)[links], times: Scalar(factor))
  }

  /// What the output, or the sum of outputs over sites, is multiplied by.
  private func factor(_ geometry: Geometry) -> Double {
    pooling == .mean ? coupling * Double(geometry.volume) : coupling
  }

  private func model<Scalar>() -> Model<Scalar> {
    // There are two precisions.
    Scalar.self == Double.self ? double as! Model<Scalar> : single as! Model<Scalar>
  }

  private func output<Scalar>(
    _ model: Model<Scalar>, _ links: Variable<LinkField<Scalar>>
  ) -> Variable<Tensor<Scalar>> {
    do {
      return try model.network(links, links.tape.constant(model.parameters))
    } catch {
      preconditionFailure("an action that was validated for these links: \(error)")
    }
  }
}
