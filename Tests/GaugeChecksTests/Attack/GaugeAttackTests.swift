import ComplexModule
import Compute
import Foundation
import GaugeChecks
import GaugeLayers
import Lattice
import Testing

@Suite("Gauge attack")
struct GaugeAttackTests {
  static let invariant = #"""
    {"layer": "plaquettes"}, {"layer": "convolutionBilinear", "channels": 3, "size": 2},
    {"layer": "trace"}, {"layer": "mean"}, {"layer": "dense", "channels": 2}
    """#
  static let images = #"""
    {"layer": "linkImages"},
    {"layer": "ordinaryConvolution", "channels": 4, "size": 2, "function": "tanh"},
    {"layer": "ordinaryConvolution", "channels": 4, "size": 2, "function": "tanh"},
    {"layer": "mean"}, {"layer": "dense", "channels": 2}
    """#

  /// A network with its initial weights as a model.
  static func model<S: LatticeReal>(
    _ group: String, _ dimension: Int, _ layers: String, _: S.Type = Double.self
  ) throws -> GaugeAttack.Model<S> {
    let json = #"{"group": "\#(group)", "dimension": \#(dimension), "layers": [\#(layers)]}"#
    let network = try GaugeNetwork<S>(NetworkDescription(json: Data(json.utf8)))
    let parameters = try network.initialParameters(seed: 2)
    return { try network($0, $0.tape.constant(parameters)) }
  }

  static func links<S>(
    _ group: GaugeGroup, _ extents: [Int], batch: Int, _: S.Type = Double.self
  ) throws -> LinkField<S> {
    var links = try LinkField<S>(Geometry(extents), group: group, batch: batch)
    links.setNearUnit(epsilon: 0.5, seed: 3)
    return links
  }

  static let lattices: [(String, GaugeGroup, [Int])] = [
    ("su2", .su2, [4, 6]), ("su3", .su3, [3, 2, 4]), ("u1", .u1, [3, 4]), ("su4", .su4, [3, 2]),
  ]

  @Test("the pullback to transformations is the derivative along them", arguments: lattices)
  func divergence(_ name: String, _ group: GaugeGroup, _ extents: [Int]) throws {
    let model: GaugeAttack.Model<Double> = try Self.model(name, extents.count, Self.images)
    let links = try Self.links(group, extents, batch: 3)
    // Random directions Y(x), of which the links of direction 0 are used.
    var y = AlgebraField<Double>(layout: links.layout, group: group)
    y.setGaussian(seed: 4)
    let weights = try Tensor<Double>(shape: [3, 2], values: [1, 2, -1, 0.5, 3, -2])
    func loss(_ links: Variable<LinkField<Double>>) throws -> Variable<Tensor<Double>> {
      try model(links).multiplied(by: links.tape.constant(weights)).sum()
    }
    func loss(at s: Double) throws -> Double {
      var moved = LinkField<Double>(layout: links.layout, group: group)
      moved.multiplyByExponential(of: y, times: s)
      var g = SiteField<Double>(layout: links.layout, group: group)
      for member in 0..<3 {
        for site in 0..<links.geometry.volume { g[site, 0, member] = moved[site, 0, member] }
      }
      return try loss(Tape().constant(links.transformed(by: g))).value.values[0]
    }
    let tape = Tape()
    let variable = tape.variable(links)
    let force = tape.gradients(of: try loss(variable))[variable]
    let d = force.gaugeDivergence(over: links)
    var derivative = 0.0
    for member in 0..<3 {
      for site in 0..<links.geometry.volume {
        derivative -= (y[site, 0, member] * d[site, 0, member]).trace.real
      }
    }
    let h = 1e-3
    let near = (try loss(at: h) - loss(at: -h)) / (2 * h)
    let far = (try loss(at: 2 * h) - loss(at: -2 * h)) / (4 * h)
    #expect(abs((4 * near - far) / 3 - derivative) < 1e-8 * abs(derivative))
    #expect(abs(derivative) > 1e-3)
  }

  @Test("a network of images moves, by far more under attack", arguments: lattices)
  func images(_ name: String, _ group: GaugeGroup, _ extents: [Int]) throws {
    let model: GaugeAttack.Model<Double> = try Self.model(name, extents.count, Self.images)
    let links = try Self.links(group, extents, batch: 5)
    let random = try GaugeAttack.random(on: links, of: "images", seed: 5, model: model)
    let worst = try GaugeAttack.adversarial(
      on: links, of: "images", steps: 60, seed: 5, model: model)
    #expect(random.mean > 0.05 && !random.holds(), "\(random)")
    #expect(worst.mean > 1.5 * random.mean && worst.largest > random.largest, "\(worst)")
    #expect(random.changes.count == 5 && !"\(worst)".contains("\n"))
    // More steps never find less, nor do more starts.
    let short = try GaugeAttack.adversarial(
      on: links, of: "images", steps: 10, seed: 5, model: model)
    let more = try GaugeAttack.adversarial(
      on: links, of: "images", steps: 10, starts: 3, seed: 5, model: model)
    for member in 0..<5 {
      #expect(short.changes[member] <= worst.changes[member] * (1 + 1e-12))
      #expect(short.changes[member] <= more.changes[member])
    }
    let again = try GaugeAttack.adversarial(
      on: links, of: "images", steps: 10, seed: 5, model: model)
    #expect(again == short)
  }

  @Test("a gauge-invariant network does not move", arguments: lattices)
  func invariant(_ name: String, _ group: GaugeGroup, _ extents: [Int]) throws {
    let model: GaugeAttack.Model<Double> = try Self.model(name, extents.count, Self.invariant)
    let links = try Self.links(group, extents, batch: 5)
    for report in [
      try GaugeAttack.random(on: links, seed: 6, model: model),
      try GaugeAttack.adversarial(on: links, steps: 30, seed: 6, model: model),
    ] {
      #expect(report.holds() && report.scale > 0.01, "\(report)")
    }
  }

  @Test("a small breaking is found, and made larger")
  func small() throws {
    let invariant: GaugeAttack.Model<Double> = try Self.model("su2", 2, Self.invariant)
    let images: GaugeAttack.Model<Double> = try Self.model("su2", 2, Self.images)
    let model: GaugeAttack.Model<Double> = {
      try invariant($0).adding(images($0).scaled(by: 1e-8))
    }
    let links = try Self.links(.su2, [4, 4], batch: 2)
    let random = try GaugeAttack.random(on: links, seed: 7, model: model)
    let worst = try GaugeAttack.adversarial(on: links, steps: 60, seed: 7, model: model)
    #expect(!random.holds() && random.largest < 1e-6, "\(random)")
    #expect(worst.mean > 1.5 * random.mean && worst.largest < 1e-6, "\(worst)")
  }

  @Test("single precision")
  func single() throws {
    let links = try Self.links(.su3, [4, 4], batch: 20, Float.self)
    let invariant: GaugeAttack.Model<Float> = try Self.model("su3", 2, Self.invariant, Float.self)
    let images: GaugeAttack.Model<Float> = try Self.model("su3", 2, Self.images, Float.self)
    let still = try GaugeAttack.adversarial(on: links, steps: 20, seed: 8, model: invariant)
    let moving = try GaugeAttack.adversarial(on: links, steps: 20, seed: 8, model: images)
    #expect(still.largest < 1e-5 && moving.mean > 0.1, "\(still), \(moving)")
  }

  @Test("models without numbers")
  func degenerate() throws {
    let links = try Self.links(.su2, [4, 4], batch: 2)
    let constant: GaugeAttack.Model<Double> = { $0.tape.constant(try Tensor(shape: [2, 1])) }
    let still = try GaugeAttack.adversarial(on: links, steps: 3, seed: 9, model: constant)
    #expect(still.holds() && still.scale == 1)
    // A number until the attack begins.
    let first = links[0, 0]
    let fragile: GaugeAttack.Model<Double> = {
      let value: Double = $0.value[0, 0] == first ? 1 : .nan
      return $0.tape.constant(try Tensor(shape: [2, 1], values: [value, 1]))
    }
    let broken = try GaugeAttack.random(on: links, seed: 9, model: fragile)
    #expect(!broken.holds() && broken.largest == .infinity)
  }
}
