import Compute
import Foundation
import GaugeChecks
import GaugeLayers
import Lattice
import Sampling
import Testing

@Suite("Learned actions")
struct LearnedActionTests {
  /// A network from the JSON of its layers.
  static func network(_ group: String, _ dimension: Int, _ layers: String) throws
    -> NetworkDescription
  {
    let json = #"{"group": "\#(group)", "dimension": \#(dimension), "layers": [\#(layers)]}"#
    return try NetworkDescription(json: Data(json.utf8))
  }

  /// Smooth networks of every way to end, with the extents of a lattice.
  static let cases: [(name: String, group: String, extents: [Int], layers: String)] = [
    (
      "a number at every site", "su2", [4, 6],
      #"""
      {"layer": "plaquettes"},
      {"layer": "convolutionBilinear", "channels": 3, "size": 2, "gain": 0.5},
      {"layer": "activation", "function": "tanh"},
      {"layer": "convolutionBilinear", "channels": 2, "size": 2, "gain": 0.5}, {"layer": "trace"},
      {"layer": "dense", "channels": 4, "function": "tanh"}, {"layer": "dense", "channels": 1}
      """#
    ),
    (
      "a mean, and a function of it", "su3", [2, 3, 4],
      #"""
      {"layer": "plaquettes"}, {"layer": "polyakovLoops"},
      {"layer": "bilinear", "channels": 2, "gain": 0.5}, {"layer": "trace"}, {"layer": "mean"},
      {"layer": "dense", "channels": 3, "function": "tanh"}, {"layer": "dense", "channels": 1}
      """#
    ),
    (
      "a sum", "u1", [3, 4],
      #"""
      {"layer": "stout", "steps": 2}, {"layer": "plaquettes"},
      {"layer": "convolutionBilinear", "channels": 2, "size": 3}, {"layer": "trace"},
      {"layer": "sum"}, {"layer": "dense", "channels": 1}
      """#
    ),
    (
      "an exponential layer", "su2", [2, 2, 3, 2],
      #"""
      {"layer": "plaquettes"}, {"layer": "exponential", "gain": 0.3},
      {"layer": "plaquettes"}, {"layer": "trace"}, {"layer": "dense", "channels": 1}
      """#
    ),
    (
      "a network without symmetry", "su3", [3, 2],
      #"""
      {"layer": "linkImages"},
      {"layer": "ordinaryConvolution", "channels": 2, "size": 2, "function": "tanh"},
      {"layer": "mean"}, {"layer": "dense", "channels": 1}
      """#
    ),
  ]

  static func action(_ index: Int, coupling: Double = 0.4) throws -> LearnedAction {
    let (_, group, extents, layers) = cases[index]
    let network = try network(group, extents.count, layers)
    return try LearnedAction(
      network, GaugeNetwork<Double>(network).initialParameters(seed: 3), coupling: coupling)
  }

  static func setting(_ index: Int, seed: UInt64 = 71) throws -> CheckSetting {
    try CheckSetting(cases[index].extents, try action(index).network.group, seed: seed)
  }

  @Test("forces match values", arguments: cases.indices)
  func forces(_ index: Int) throws {
    let (action, setting) = (try Self.action(index), try Self.setting(index))
    let report = try ForceCheck.forceMatchesAction(action, on: setting)
    #expect(report.holds && report.tolerance < 1e-7, "\(report)")
    let single = try ForceCheck.forceMatchesAction(action, on: setting, precision: Float.self)
    #expect(single.holds, "\(single)")
    // An open last direction.
    let isOpen = setting.geometry.extents.indices.map { $0 == setting.geometry.dimension - 1 }
    let open = try ForceCheck.forceMatchesAction(
      action, on: setting, boundary: Boundary(isOpen: isOpen))
    #expect(open.holds, "\(open)")
  }

  @Test("gauge, unless links are taken for images; translations", arguments: cases.indices)
  func symmetries(_ index: Int) throws {
    let (action, setting) = (try Self.action(index), try Self.setting(index))
    let gauge = try GaugeCheck.invariance(of: action.name, on: setting) {
      (links: LinkField<Double>) in action.valuesOfMembers(links)
    }
    #expect(index == 4 ? gauge.isBroken : gauge.holds, "\(gauge)")
    let dynamics = MolecularDynamics([.init(action, steps: 4)], length: 0.5)
    let covariance = try CovarianceCheck.dynamicsCovariance(of: dynamics, on: setting)
    #expect(index == 4 ? covariance[0].isBroken : covariance[0].holds, "\(covariance)")
    #expect(covariance[1].holds, "\(covariance)")
    let translation = try TranslationCheck.invariance(of: action.name, on: setting) {
      (links: LinkField<Double>) in action.valuesOfMembers(links)
    }
    #expect(translation.holds, "\(translation)")
  }

  @Test("trajectories are reversible and conserve energy", arguments: cases.indices)
  func trajectories(_ index: Int) throws {
    let (action, setting) = (try Self.action(index), try Self.setting(index))
    let wilson = try WilsonAction(beta: 2, dimension: setting.geometry.dimension)
    let dynamics = MolecularDynamics([.init(wilson + action, steps: 8)])
    for report in [
      try IntegratorCheck.reversibility(of: dynamics, on: setting),
      try IntegratorCheck.reversibility(of: dynamics, on: setting, precision: Float.self),
    ] {
      #expect(report.holds, "\(report)")
    }
    if index == 0 {
      let energy = try IntegratorCheck.energyConservation(of: dynamics, on: setting)
      #expect(energy.holds, "\(energy)")
    }
  }

  /// False-alarm rate 1e-5.
  @Test("hybrid Monte Carlo accepts as it must, and <exp(-dH)> = 1", arguments: [0, 1])
  func acceptance(_ index: Int) throws {
    let (action, setting) = (try Self.action(index), try Self.setting(index))
    let wilson = try WilsonAction(beta: 2, dimension: setting.geometry.dimension)
    let hmc = HybridMonteCarlo(
      MolecularDynamics([.init(wilson + action, steps: index == 0 ? 2 : 3)]), seed: 72)
    let report = try SamplerCheck.acceptance(
      of: hmc, on: setting,
      effort: SamplingEffort(replicas: 16, updates: 150, thermalization: 40),
      precision: Double.self)
    #expect(report.holds, "\(report)")
    #expect(report.acceptance > 0.5 && report.acceptance < 0.995, "\(report)")
  }

  @Test("Wilson's action as a network", arguments: ["", "sum", "mean"])
  func wilson(_ pooling: String) throws {
    let layers = [
      #"{"layer": "plaquettes"}, {"layer": "trace"}"#,
      pooling.isEmpty ? "" : #"{"layer": "\#(pooling)"}"#,
      #"{"layer": "dense", "channels": 1}"#,
    ].filter { !$0.isEmpty }.joined(separator: ", ")
    let network = try Self.network("su3", 3, layers)
    let geometry = try Geometry([4, 2, 3])
    let number = pooling.isEmpty ? 3 : 4
    // beta sum_planes (1 - Re tr P / N)
    var parameters = try GaugeNetwork<Double>(network).initialParameters(seed: 1)
    try parameters.update(
      "\(number).dense.weight", Tensor(shape: [1, 6], values: [-1, -1, -1, 0, 0, 0]))
    let planes = pooling == "sum" ? 3 * Double(geometry.volume) : 3
    try parameters.update("\(number).dense.bias", Tensor(shape: [1], values: [planes]))
    let learned = try LearnedAction(network, parameters, coupling: 5.5)
    let wilson = try WilsonAction(beta: 5.5, dimension: 3)

    var links = try LinkField<Double>(geometry, group: .su3, batch: 3)
    links.setHaarRandom(seed: 4)
    for (a, b) in zip(learned.valuesOfMembers(links), wilson.valuesOfMembers(links)) {
      #expect(abs(a - b) < 1e-12 * abs(b))
    }
    let (f, g) = (learned.force(of: links), wilson.force(of: links))
    #expect(f.largestDifference(g) < 1e-12 * g.innerProduct(g).squareRoot())
    // Values of rounded links are calculated in double precision.
    let rounded = LinkField<Float>(links)
    let exact = wilson.valuesOfMembers(LinkField<Double>(rounded))
    for (a, b) in zip(learned.valuesOfMembers(rounded), exact) {
      #expect(abs(a - b) < 1e-12 * abs(b))
    }
  }

  @Test("threads do not show")
  func threads() throws {
    let action = try Self.action(0)
    var links = try LinkField<Double>(Geometry([16, 16]), group: .su2, batch: 8)
    links.setHaarRandom(seed: 5)
    #expect(
      try isIndependentOfThreads {
        action.valuesOfMembers(links) + action.force(of: links).numbers
      })
  }

  @Test("what does not fit is refused")
  func refusals() throws {
    let network = try Self.network(
      "su2", 2,
      #"{"layer": "loops", "paths": ["+x +x +x"]}, {"layer": "trace"}, {"layer": "dense", "channels": 1}"#
    )
    let parameters = try GaugeNetwork<Double>(network).initialParameters(seed: 1)
    let action = try LearnedAction(network, parameters)
    #expect(throws: ActionError.dimension(action: "learned", expected: 2, found: 3)) {
      try action.validate(Geometry([3, 3, 3]), .su2)
    }
    #expect(throws: ActionError.self) { try action.validate(Geometry([3, 3]), .su3) }
    #expect(throws: ActionError.self) { try action.validate(Geometry([4, 3]), .su2) }
    try action.validate(Geometry([3, 4]), .su2)
    #expect(throws: ActionError.coupling(name: "coupling", found: .infinity)) {
      try LearnedAction(network, parameters, coupling: .infinity)
    }
    let two = try Self.network("su2", 2, #"{"layer": "plaquettes"}, {"layer": "trace"}"#)
    #expect(throws: LayerError.channels(layer: "a learned action", expected: 1, found: 2)) {
      try LearnedAction(two, Parameters<Double>())
    }
    #expect(throws: AutodiffError.self) { try LearnedAction(network, Parameters<Double>()) }
    var broken = parameters
    try broken.update("3.dense.bias", Tensor(shape: [1], values: [.nan]))
    #expect(throws: AutodiffError.self) { try LearnedAction(network, broken) }
  }
}
