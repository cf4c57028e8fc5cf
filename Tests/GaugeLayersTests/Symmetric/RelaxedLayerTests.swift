import GaugeLayers
import Groups
import LatticeSymmetry
import TestSupport
import Testing

/// Relaxed weights: strict at the start, bent afterwards, gauge covariant always; banks, penalties, restriction.
@Suite struct RelaxedLayerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let group: String
    let labels: [PermutedLabels]
    let relaxation: LayerRelaxation
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(
      name: "corners by what is read, three banks", group: "B2", labels: [.corners, .directions],
      relaxation: .init([.point], banks: 3)),
    Case(
      name: "corners by what is written", group: "B2", labels: [.corners, .corners],
      relaxation: .init([.point], weighting: .output)),
    Case(
      name: "translations, two banks", group: "B2", labels: [.directions, .corners],
      relaxation: .init([.translation], banks: 2, extents: [4, 4])),
    Case(
      name: "time reversal", group: "timeReversal", labels: [.regular, .regular],
      relaxation: .init([.time], banks: 2, weighting: .output)),
    Case(
      name: "all of them", group: "timeReversal", labels: [.corners, .regular],
      relaxation: .init([.point, .time, .translation], banks: 2, extents: [4, 4])),
  ]

  struct Setting {
    let group: FiniteGroup
    let strict: SharedStack
    let relaxed: SharedStack
    let links: LinkField<Double>

    init(_ c: Case, batch: Int = 1) throws {
      group = try .actingOnLattice(named: c.group, dimension: 2)
      strict = try SharedStack(group, c.labels)
      relaxed = try SharedStack(group, c.labels, relaxation: c.relaxation)
      links = try PrimitiveCase(group: .su3, extents: [4, 4], batch: batch).links()
    }
  }

  @Test(arguments: cases)
  func relaxedLayersBeginStrict(_ c: Case) throws {
    let setting = try Setting(c)
    let start = try setting.relaxed.parameters()
    for g in 0..<setting.group.order {
      #expect(try setting.relaxed.equivarianceError(setting.links, start, g) < 1e-12)
    }
    // With factors 1 the banks add up to one strict layer.
    var sum = try setting.strict.parameters()
    for (name, tensor) in start where name.hasSuffix("weight") {
      let width = tensor.shape[1]
      let banks = (0..<width).map { k in
        (0..<tensor.shape[0]).reduce(0) { $0 + tensor.values[$1 * width + k] }
      }
      try sum.update(name, Tensor(shape: [1, width], values: banks))
    }
    let difference = relativeDifference(
      try setting.relaxed.value(setting.links, start), try setting.strict.value(setting.links, sum))
    #expect(difference < 1e-13)
  }

  @Test(arguments: cases)
  func bentWeightsBreakTheLatticeSymmetryAndLeaveGaugeCovariance(_ c: Case) throws {
    let setting = try Setting(c, batch: 2)
    let parameters = bent(try setting.relaxed.parameters())
    let g = try PrimitiveCase(group: .su3, extents: [4, 4], batch: 2).transformation()
    let here = try setting.relaxed.value(setting.links, parameters)
    let turned = try setting.relaxed.value(setting.links.transformed(by: g), parameters)
    #expect(relativeDifference(turned, here.transformed(by: g)) < 1e-12)
    let errors = try (1..<setting.group.order).map {
      try setting.relaxed.equivarianceError(setting.links, parameters, $0)
    }
    #expect(errors.allSatisfy { $0 > 1e-3 }, "\(errors)")
    // Translations are broken by factors of sites alone.
    let moved = try setting.relaxed.value(setting.links.shifted(by: [1, 0]), parameters)
    let error = relativeDifference(moved, here.shifted(by: [1, 0]))
    #expect(c.relaxation.extents == nil ? error < 1e-12 : error > 1e-3)
  }

  @Test(arguments: cases)
  func derivativesAreThoseOfDifferences(_ c: Case) throws {
    let setting = try Setting(c, batch: 2)
    let report = try checkGradients(
      at: setting.links, bent(try setting.relaxed.parameters()), directions: 2
    ) { _, links, parameters in
      try setting.relaxed(links, parameters).loss()
    }
    #expect(report.holds(1e-8), "\(report)")
  }

  /// The layer of bank l reads w_l(h) W_h: written out with matrices.
  @Test func banksAreSumsOfStrictLayersOnWeightedChannels() throws {
    let group = try FiniteGroup(named: "B2")
    let corners = try ChannelRepresentation(group, .corners)
    let layer = try SharedLayer(
      .bilinear, from: corners, to: corners, relaxation: .init([.point], banks: 2))
    let strict = try SharedLayer(.bilinear, from: corners, to: corners)
    let parameters = bent(try layer.initialParameters(seed: 5))
    let links = try PrimitiveCase(group: .su3, extents: [3, 4]).links()
    // 3 x 4 has no quarter turns: strict layers are refused there, so the sum is taken on 4 x 4.
    #expect(throws: LayerError.self) {
      let u = Tape().constant(links)
      _ = try layer(u.corners(), links: u, u.tape.constant(parameters))
    }
    let square = try PrimitiveCase(group: .su3, extents: [4, 4]).links()
    let tape = Tape()
    let u = tape.constant(square)
    let w: Variable<SiteField<Double>> = try u.corners()
    var sum: Variable<SiteField<Double>>?
    let (weights, factors) = (parameters["weight"]!, parameters["relaxed.point"]!)
    for bank in 0..<2 {
      var numbers = try ScalarField<Double>(square.geometry, channels: 8)
      for site in 0..<16 {
        for c in 0..<8 { numbers[site, c] = factors[bank, c] }
      }
      var own = Parameters<Double>()
      let width = strict.orbitCount
      try own.add(
        "weight",
        Tensor(
          shape: [1, width], values: Array(weights.values[(bank * width)..<((bank + 1) * width)])))
      let term = try strict(
        w.multiplied(by: tape.constant(numbers)), links: u, tape.constant(own))
      sum = try sum.map { try $0.adding(term) } ?? term
    }
    let found = try layer(w, links: u, tape.constant(parameters)).value
    #expect(relativeDifference(found, sum!.value) < 1e-13)
  }

  @Test func chargeIsOfOrderTwoOnTraces() throws {
    let group = try FiniteGroup.actingOnLattice(named: "B2 x C", dimension: 2)
    let pairs = try ChannelRepresentation(group, [.init(.corners, hasCharges: true)])
    let output = try ChannelRepresentation(group, [.init(.scalar, copies: 2, hasCharges: true)])
    let links = try PrimitiveCase(group: .su3, extents: [4, 4]).links()
    func numbers(_ links: LinkField<Double>, _ layer: SharedLayer, _ p: Parameters<Double>) throws
      -> ScalarField<Double>
    {
      let tape = Tape()
      let w: Variable<SiteField<Double>> = try tape.constant(links).corners()
      return try layer(w.chargePairs(), tape.constant(p)).value
    }
    for relaxation in [LayerRelaxation.none, .init([.charge], banks: 2)] {
      let layer = try SharedLayer(.dense, from: pairs, to: output, relaxation: relaxation)
      let strict: Parameters<Double> = try layer.initialParameters(seed: 6)
      for (parameters, isBent) in [(strict, false), (bent(strict), true)] {
        let here = try numbers(links, layer, parameters)
        for g in 1..<group.order {
          let moved = try numbers(
            links.image(under: LatticeOperation(group.operations![g])), layer, parameters)
          let error = relativeDifference(moved, try output.image(of: here, under: g))
          let breaks =
            isBent && !relaxation.symmetries.isEmpty && group.operations![g].conjugatesCharge
          #expect(breaks ? error > 1e-3 : error < 1e-12, "\(group.labels[g])")
        }
      }
    }
  }

  @Test func thePenaltyIsThatOfTheFormula() throws {
    let group = try FiniteGroup(named: "B2")
    let corners = try ChannelRepresentation(group, .corners)
    let layer = try SharedLayer(
      .bilinear, from: corners, to: corners,
      relaxation: .init([.point, .translation], banks: 2, extents: [3, 2]))
    let start: Parameters<Double> = try layer.initialParameters(seed: 1)
    let parameters = bent(start)
    func penalty(_ p: Parameters<Double>) throws -> Double {
      try layer.relaxationPenalty(Tape().constant(p), strength: 0.25)!.value.values[0]
    }
    #expect(try penalty(start) == 0)
    let (w, x) = (parameters["relaxed.point"]!, parameters["relaxed.translation"]!)
    var sum = 0.0
    for l in 0..<2 {
      for g in 0..<8 { for h in 0..<8 { sum += abs(w[l, g] - w[l, h]) } }
      for j in 0..<2 {
        for i in 0..<3 { sum += abs(x[l, 3 * j + i] - x[l, 3 * j + (i + 1) % 3]) }
      }
      for i in 0..<3 { sum += abs(x[l, i] - x[l, 3 + i]) }
    }
    #expect(abs(try penalty(parameters) - 0.25 * sum) < 1e-12)
    let report = try checkGradients(at: parameters, step: 1e-4) { _, p in
      try layer.relaxationPenalty(p, strength: 0.25)!
    }
    #expect(report.relativeError < 1e-8, "\(report)")
  }

  @Test func restrictedWeightsKeepASubgroup() throws {
    let group = try FiniteGroup(named: "B2")
    let stack = try SharedStack(
      group, [.corners, .directions],
      relaxation: .init([.point, .translation], banks: 2, extents: [4, 4]))
    let links = try PrimitiveCase(group: .su3, extents: [4, 4]).links()
    let rotations = try group.subgroup { group.operations![$0].axes.determinant == 1 }
    var parameters = bent(try stack.parameters())
    for (index, layer) in stack.layers.enumerated() {
      try layer.restrictRelaxation(
        of: &parameters, to: rotations, prefix: "\(index).", translations: false)
    }
    for g in 0..<8 {
      let error = try stack.equivarianceError(links, parameters, g)
      #expect(rotations.contains(g) ? error < 1e-12 : error > 1e-3)
    }
    for (index, layer) in stack.layers.enumerated() {
      try layer.restrictRelaxation(of: &parameters, to: group.whole, prefix: "\(index).")
    }
    for g in 0..<8 { #expect(try stack.equivarianceError(links, parameters, g) < 1e-12) }
    let other = try FiniteGroup(named: "B3")
    #expect {
      try stack.layers[0].restrictRelaxation(of: &parameters, to: other.whole, prefix: "0.")
    } throws: {
      "\($0)".contains("expected the subgroup to be one of B2 of order 8, found one of B3")
    }
  }

  @Test func frozenWeightsHaveNoDerivatives() throws {
    let group = try FiniteGroup(named: "B2")
    let stack = try SharedStack(group, [.corners], relaxation: .init([.point]))
    let links = try PrimitiveCase(group: .su2, extents: [4, 4]).links()
    let parameters = bent(try stack.parameters())
    let (learned, frozen) = parameters.partitioned { $0.contains("relaxed.") }
    #expect(learned.names == ["0.weight"] && frozen.names == ["0.relaxed.point"])
    func gradient(
      _ make: (Tape) throws -> (Variable<Parameters<Double>>, Variable<Parameters<Double>>)
    )
      throws -> Parameters<Double>
    {
      let tape = Tape()
      let (leaf, all) = try make(tape)
      let loss = try stack(tape.constant(links), all).loss()
      return tape.gradients(of: loss)[leaf]
    }
    let some = try gradient { tape in
      let leaf = tape.variable(learned)
      return (leaf, try leaf.united(withFrozen: frozen))
    }
    let all = try gradient { tape in
      let leaf = tape.variable(parameters)
      return (leaf, leaf)
    }
    #expect(some["0.weight"] == all["0.weight"] && some.names == learned.names)
    #expect(throws: AutodiffError.duplicateParameter("0.weight")) {
      _ = try Tape().variable(parameters).united(withFrozen: learned)
    }
  }

  @Test func whatCannotBeComposedIsRefusedByName() throws {
    let (plane, space) = (try FiniteGroup(named: "B2"), try FiniteGroup(named: "B3"))
    let (corners, other) = (
      try ChannelRepresentation(plane, .corners), try ChannelRepresentation(space, .corners)
    )
    let forward = try TransportKernel(size: 2)
    func refused(_ words: [String], _ make: () throws -> Void) {
      #expect { try make() } throws: { error in words.allSatisfy { "\(error)".contains($0) } }
    }
    refused(["shared bilinear", "channels under B2", "24 corners under B3"]) {
      _ = try SharedLayer(.bilinear, from: corners, to: other)
    }
    refused(["its kernel", "symmetric", "forward"]) {
      _ = try SharedLayer(.convolution(forward), from: corners, to: corners)
    }
    refused(["its banks", "1 where nothing is relaxed", "2"]) {
      _ = try SharedLayer(
        .bilinear, from: corners, to: corners, relaxation: LayerRelaxation(banks: 2))
    }
    refused(["relaxes time", "keeps the time axis"]) {
      _ = try SharedLayer(.bilinear, from: corners, to: corners, relaxation: .init([.time]))
    }
    refused(["relaxes charge", "channels with charges", "8 corners"]) {
      _ = try SharedLayer(.bilinear, from: corners, to: corners, relaxation: .init([.charge]))
    }
    refused(["extents", "given", "none"]) {
      _ = try SharedLayer(.bilinear, from: corners, to: corners, relaxation: .init([.translation]))
    }
    let big = try ChannelRepresentation(FiniteGroup(named: "B4"), .regular)
    refused(["number of dense weights", "16777216"]) {
      _ = try SharedLayer(.bilinear, from: big, to: big)
    }
    let layer = try SharedLayer(.bilinear, from: corners, to: corners)
    let parameters: Parameters<Double> = try layer.initialParameters(seed: 1)
    func apply(
      _ extents: [Int],
      _ change: (Variable<SiteField<Double>>) throws -> Variable<SiteField<Double>>
    )
      throws
    {
      let u = Tape().constant(try PrimitiveCase(group: .su2, extents: extents).links())
      _ = try layer(change(u.corners()), links: u, u.tape.constant(parameters))
    }
    refused(["no symmetry of a lattice 4x2", "2x4"]) { try apply([4, 2]) { $0 } }
    refused(["expected 8 channels, found 2"]) { try apply([4, 4]) { try $0.channels([0, 1]) } }
  }
}
