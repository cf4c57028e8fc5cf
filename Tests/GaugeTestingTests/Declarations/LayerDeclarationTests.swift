import GaugeLayers
import GaugeTesting
import Testing

/// Every kind of layer declares what charge conjugation does with it; whole networks declare all their
/// symmetries.
@Suite("Declarations of layers", .serialized)
struct LayerDeclarationTests {
  static func layer(
    _ kind: LayerDescription.Kind, _ change: (inout LayerDescription) -> Void = { _ in }
  ) -> LayerDescription {
    var layer = LayerDescription(kind)
    change(&layer)
    return layer
  }

  /// Networks that together have every kind of layer, with real and with complex weights.
  static func networks(_ group: GaugeGroup, dimension: Int) -> [NetworkDescription] {
    func middle(complex: Bool) -> [LayerDescription] {
      [
        layer(.stout), layer(.plaquettes), layer(.exponential), layer(.polyakovLoops),
        layer(.loops) { $0.paths = ["+x +x +y -x -x -y"] },
        layer(.convolution) { ($0.channels, $0.size, $0.complex) = (2, 2, complex) },
        layer(.activation) { $0.function = .tanh },
        layer(.bilinear) { ($0.channels, $0.complex) = (2, complex) }, layer(.traceNorm),
        layer(.convolutionBilinear) { ($0.channels, $0.size) = (2, 2) },
      ]
    }
    let ends: [[LayerDescription]] = [
      [layer(.trace), layer(.mean), layer(.dense) { $0.channels = 1 }],
      [layer(.traceMagnitudes), layer(.sum), layer(.dense) { $0.channels = 2 }],
      [layer(.tracePowers) { $0.power = 2 }, layer(.activation) { $0.function = .tanh }],
    ]
    let images = [
      layer(.linkImages),
      layer(.ordinaryConvolution) { ($0.channels, $0.size, $0.function) = (3, 2, .tanh) },
      layer(.mean), layer(.dense) { $0.channels = 1 },
    ]
    let stacks =
      ends.flatMap { end in [false, true].map { middle(complex: $0) + end } } + [images]
    return stacks.map { NetworkDescription(group: group, dimension: dimension, layers: $0) }
  }

  @Test("the networks here have every kind of layer")
  func completeness() {
    let kinds = Set(Self.networks(.su3, dimension: 2).flatMap(\.layers).map(\.layer))
    // Layers with shared weights have a network of their own, of which LayerSymmetryTests asks the same.
    let shared = CheckCatalogue.networks(.su3, dimension: 2).first { $0.name == "shared" }!
    #expect(
      kinds.union(shared.network.layers.map(\.layer)) == Set(LayerDescription.Kind.allCases))
  }

  @Test(
    "charge conjugation of every layer",
    arguments: [
      (GaugeGroup.u1, [3, 4]), (.su2, [3, 4]), (.su3, [3, 4]), (.su3, [2, 3, 2]),
    ])
  func chargeConjugation(_ group: GaugeGroup, _ extents: [Int]) throws {
    let setting = try CheckSetting(extents, group, seed: 71)
    for network in Self.networks(group, dimension: extents.count) {
      let reports = try NetworkCheck.chargeConjugation(of: network, on: setting)
      #expect(reports.count == network.layers.count)
      for report in reports { #expect(report.isAsDeclared, "\(report)") }
    }
  }

  @Test(
    "whole networks have the gauge and translation symmetry that they declare, and no lattice symmetry",
    arguments: [
      GaugeGroup.u1, .su2, .su3,
    ])
  func networks(_ group: GaugeGroup) throws {
    let pooled = Self.networks(group, dimension: 2).filter {
      $0.layers.contains { $0.layer == .mean || $0.layer == .sum }
    }
    for (number, description) in pooled.enumerated() {
      let network = try GaugeNetwork<Double>(description)
      let start = try network.initialParameters(seed: 72)
      let parameters = start.moved(along: start.randomDirection(seed: 72), by: 0.2)
      var plan = CheckPlan(group, [3, 4], seed: 73)
      plan.lattices.append([2, 5])
      plan.adversarySteps = 10
      // Many layers, and a trace norm that divides.
      plan.tolerance = .standard
      let code = CheckedCode.model("network \(number)") { (u: Variable<LinkField<Double>>) in
        try network(u, u.tape.constant(parameters))
      }
      if description.declaredSymmetries.gauge == .all {
        expectGaugeInvariant(code, plan)
      } else {
        let gauge = CheckSuite.gauge(code, plan)
        #expect(gauge.isBroken, "\(gauge)")
      }
      expectTranslationCovariant(code, plan)
      let axes = CheckSuite.lattice(code, plan)
      #expect(axes.isBroken, "\(axes)")
    }
  }
}
