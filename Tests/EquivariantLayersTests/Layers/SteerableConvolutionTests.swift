import Autodiff
import Compute
import EquivariantLayers
import Groups
import Testing

@Suite("Steerable convolutions") struct SteerableConvolutionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var group: String
    var lattice: [Int]
    var kernel: [Int]
    var input: [String]
    var output: [String]
    var testDescription: String { "\(group) \(kernel): \(input) -> \(output)" }

    func type(_ group: LatticeGroup, _ names: [String]) throws -> FieldType {
      try FieldType(
        group,
        names.enumerated().map { k, name in
          let representation: FieldRepresentation =
            switch name {
            case "scalar": .scalar(group)
            case "vector": .vector(group)
            case "regular": .regular(group)
            case "pseudoscalar": .pseudoscalar(group)
            case "odd": .chargeOdd(group)
            default:
              try FieldRepresentation(
                Representation(group.group.irrep(name), of: group.group), of: group)
            }
          return (representation, k + 1)
        })
    }

    func layer(
      _ padding: ConvolutionPadding, relaxed: Bool = false, translation: [Int]? = nil
    ) throws -> SteerableConvolution {
      let group = try LatticeGroup(named: group, dimension: lattice.count)
      return try SteerableConvolution(
        type(group, input), to: type(group, output), kernel: kernel, padding: padding,
        relaxed: relaxed, translation: translation)
    }
  }

  static let cases: [Case] = [
    .init(
      group: "B1", lattice: [5], kernel: [3], input: ["scalar", "vector"],
      output: ["vector", "scalar"]),
    .init(
      group: "C4", lattice: [4, 4], kernel: [3, 3], input: ["vector", "scalar"],
      output: ["vector", "regular"]),
    .init(
      group: "D4", lattice: [5, 5], kernel: [5, 5], input: ["regular", "vector"],
      output: ["pseudoscalar", "vector"]),
    .init(
      group: "C2", lattice: [4, 6], kernel: [3, 5], input: ["vector"],
      output: ["regular", "scalar"]),
    .init(
      group: "B2 x C", lattice: [4, 4], kernel: [3, 3], input: ["odd", "scalar"],
      output: ["odd", "vector"]),
    .init(
      group: "O", lattice: [3, 3, 3], kernel: [3, 3, 3], input: ["vector", "E"],
      output: ["E", "vector"]),
    .init(
      group: "Oh", lattice: [3, 3, 3], kernel: [3, 3, 3], input: ["Eg", "scalar"],
      output: ["vector", "Eg"]),
    .init(
      group: "O x T", lattice: [2, 2, 2, 3], kernel: [1, 1, 1, 3], input: ["vector"],
      output: ["vector", "scalar"]),
  ]

  @Test("the basis has as many elements as characters say", arguments: cases)
  func count(_ c: Case) throws {
    let layer = try c.layer(.circular)
    let group = layer.input.group
    // A displacement is kept where the operation maps it on itself.
    func kept(_ g: Int) -> Int {
      places(c.kernel).filter { y in
        let centred = zip(y, c.kernel).map { $0 - $1 / 2 }
        return group.axes[g](centred) == centred
      }.count
    }
    for (o, out) in layer.output.blocks.enumerated() {
      for (i, block) in layer.input.blocks.enumerated() {
        let sum = (0..<group.order).reduce(0.0) { sum, g in
          sum + out.representation.matrix(g).trace
            * block.representation.matrix(group.group.inverse(g)).trace * Double(kept(g))
        }
        let expected = Int((sum / Double(group.order)).rounded())
        #expect(layer.basisCounts["\(o).\(i)"] ?? 0 == expected)
      }
    }
  }

  @Test("are equivariant to 1e-12 under every element", arguments: cases)
  func equivariance(_ c: Case) throws {
    for padding in [ConvolutionPadding.circular, .zero] {
      for layer in [
        try c.layer(padding), try c.layer(padding, relaxed: true),
        try c.layer(padding, translation: c.lattice),
      ] {
        let x = try normal([2, layer.input.channels] + c.lattice, seed: 3)
        let worst = try equivarianceErrors(layer, x, randomParameters(layer, seed: 5)).max()!
        #expect(worst < 1e-12, "\(layer.settings)")
      }
    }
  }

  @Test("adjoints to input, weights and relaxed weights agree with differences", arguments: cases)
  func adjoints(_ c: Case) throws {
    for layer in [
      try c.layer(.circular), try c.layer(.zero, relaxed: true),
      try c.layer(.circular, translation: c.lattice),
    ] {
      let x = try normal([2, layer.input.channels] + c.lattice, seed: 3)
      let report = try gradientReport(layer, x, randomParameters(layer, seed: 5, relaxed: true))
      #expect(report.holds(1e-8), "\(layer.settings) \(report)")
    }
  }

  @Test("relaxed weights that differ break the symmetry, orbits of a subgroup keep that")
  func breaking() throws {
    let c = Self.cases[2]
    let layer = try c.layer(.circular, relaxed: true)
    let group = layer.input.group
    var p = try randomParameters(layer, seed: 5, relaxed: true)
    let x = try normal([1, layer.input.channels] + c.lattice, seed: 3)
    #expect(try equivarianceErrors(layer, x, p).dropFirst().min()! > 1e-2)
    let half = try group.group.subgroup { group.axes[$0].determinant == 1 }
    try layer.restrictRelaxation(of: &p, to: half)
    for (g, error) in try equivarianceErrors(layer, x, p).enumerated() {
      if half.contains(g) { #expect(error < 1e-12) } else { #expect(error > 1e-2) }
    }
  }

  @Test("between regular fields the filters are those of a group convolution")
  func regular() throws {
    let group = try LatticeGroup(named: "D4", dimension: 2)
    let fields = try FieldType.regular(group)
    let steerable = try SteerableConvolution(fields, to: fields, kernel: [3, 3], bias: false)
    #expect(steerable.basisCounts["0.0"] == 8 * 9)
    #expect(
      throws: EquivariantError.representation(
        layer: "steerableConvolution",
        expected: "fields between which an equivariant filter exists",
        found: "1 scalar of D4 and 1 pseudoscalar of D4 with the kernel [3, 3]")
    ) {
      try SteerableConvolution(
        .scalar(group), to: FieldType(group, [(.pseudoscalar(group), 1)]), kernel: [3, 3])
    }
    let other = try LatticeGroup(named: "C4", dimension: 2)
    #expect(throws: EquivariantError.self) {
      try SteerableConvolution(fields, to: .regular(other), kernel: [3, 3])
    }
  }
}

/// All places of a box, the last axis fastest.
func places(_ extents: [Int]) -> [[Int]] {
  extents.reduce([[]]) { places, n in places.flatMap { place in (0..<n).map { place + [$0] } } }
}
