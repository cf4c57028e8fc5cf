import Autodiff
import Compute
import EquivariantLayers
import Groups
import Testing

@Suite("Lifting and group convolutions") struct GroupConvolutionTests {
  /// A group on a lattice: one to four dimensions, odd, even and non-square extents.
  struct Case: Sendable, CustomTestStringConvertible {
    var group: String
    var lattice: [Int]
    var kernel: [Int]
    var inputs = 2
    var outputs = 3
    var testDescription: String { "\(group) on \(lattice), kernel \(kernel)" }

    func lattice(_ padding: ConvolutionPadding) -> [Int] {
      padding == .none ? zip(lattice, kernel).map { max($0, $1) } : lattice
    }
  }

  static let cases: [Case] = [
    .init(group: "B1", lattice: [5], kernel: [3]),
    .init(group: "timeReversal", lattice: [4], kernel: [5]),
    .init(group: "C4", lattice: [4, 4], kernel: [3, 3]),
    .init(group: "C4", lattice: [5, 5], kernel: [1, 1]),
    .init(group: "D4", lattice: [5, 5], kernel: [3, 3]),
    .init(group: "B2", lattice: [6, 6], kernel: [5, 5]),
    .init(group: "C2", lattice: [4, 7], kernel: [3, 5]),
    .init(group: "D2", lattice: [3, 4], kernel: [3, 1]),
    .init(group: "C4", lattice: [4, 4, 3], kernel: [3, 3, 1]),
    .init(group: "O", lattice: [3, 3, 3], kernel: [3, 3, 3], inputs: 1, outputs: 1),
    .init(group: "Oh", lattice: [4, 4, 4], kernel: [3, 3, 3], inputs: 1, outputs: 1),
    .init(group: "O x T", lattice: [2, 2, 2, 3], kernel: [1, 1, 1, 3], inputs: 1, outputs: 1),
    .init(group: "B4", lattice: [2, 2, 2, 2], kernel: [1, 1, 1, 1], inputs: 1, outputs: 1),
  ]

  private func layers(
    _ c: Case, _ padding: ConvolutionPadding, _ relaxation: Relaxation = .none
  ) throws -> [GroupConvolution] {
    let group = try LatticeGroup(named: c.group, dimension: c.lattice.count)
    return [
      try GroupConvolution(
        lifting: c.inputs, to: c.outputs, group, kernel: c.kernel, padding: padding,
        relaxation: relaxation),
      try GroupConvolution(
        group, inputs: c.inputs, outputs: c.outputs, kernel: c.kernel, padding: padding,
        relaxation: relaxation),
    ]
  }

  @Test(
    "values of lifting and relaxed group convolution are those of the reference",
    .enabled(if: ConvolutionVectors.areEnabled))
  func vectors() throws {
    let file: ConvolutionVectors.Square = try ConvolutionVectors.read("relaxed_gconv_c4")
    let group = try LatticeGroup(named: "C4", dimension: 2)
    func tensor(_ array: ConvolutionVectors.Array, _ shape: [Int]) throws -> Tensor<Double> {
      try Tensor(shape: shape, values: array.values)
    }
    func parameters(
      _ layer: GroupConvolution, _ psi: ConvolutionVectors.Array, _ w: ConvolutionVectors.Array
    ) throws -> Parameters<Double> {
      try Parameters([
        "weight": tensor(psi, layer.parameters[0].shape), "relaxed.group": tensor(w, w.shape),
      ])
    }
    let x = try tensor(file.x, file.x.shape)
    let lifting = try GroupConvolution(
      lifting: 2, to: 2, group, kernel: [3, 3], padding: .zero, relaxation: .init(banks: 2),
      bias: false)
    let y = try value(lifting, x, parameters(lifting, file.psiLift, file.wLift))
    let lifted = try tensor(file.yLift, [1, 8, 6, 6])
    #expect(relativeDifference(y, lifted) < 1e-12)

    for (weighting, expected, pooled, key) in [
      (RelaxedWeighting.input, file.outWOfH, file.pooledWOfH, "w_of_h"),
      (.output, file.outWOfG, file.pooledWOfG, "w_of_g"),
    ] {
      let layer = try GroupConvolution(
        group, inputs: 2, outputs: 2, kernel: [3, 3], padding: .zero,
        relaxation: .init(banks: 2, group: weighting), bias: false)
      let output = try value(layer, y, parameters(layer, file.psiG, file.wG))
      #expect(relativeDifference(output, try tensor(expected, [1, 8, 6, 6])) < 1e-12)
      let mean = try GroupPooling(layer.output)
      #expect(
        relativeDifference(try value(mean, output, .init()), try tensor(pooled, [1, 2, 6, 6]))
          < 1e-12, "\(key)")
    }
  }

  @Test(
    "on one site the layer is the relaxed convolution over the group of the reference",
    .enabled(if: ConvolutionVectors.areEnabled),
    arguments: ["C4", "D4", "O_h (=B_3)"])
  func groupOnly(key: String) throws {
    let file: ConvolutionVectors.GroupOnly = try ConvolutionVectors.read("relaxed_gconv_group_only")
    let reference = try #require(file.groups[key])
    let group = try ConvolutionVectors.group(key)
    let ones = [Int](repeating: 1, count: group.dimension)
    func run(_ relaxation: Relaxation, _ f: Tensor<Double>) throws -> Tensor<Double> {
      let layer = try GroupConvolution(
        group, inputs: 1, outputs: 1, kernel: ones, padding: .zero, relaxation: relaxation,
        bias: false)
      var p: Parameters<Double> = try layer.initialParameters(seed: 1)
      try p.update("weight", Tensor(shape: layer.parameters[0].shape, values: reference.psi.values))
      if relaxation.group != nil {
        try p.update("relaxed.group", Tensor(shape: reference.w.shape, values: reference.w.values))
      }
      return try value(layer, f, p)
    }
    let type = try FieldType.regular(group)
    let f = try Tensor(shape: [1, group.order] + ones, values: reference.f.values)
    let relaxed = try run(.init(banks: 2), f)
    let strict = try run(.init(banks: 2, group: nil), f)
    #expect(
      relativeDifference(
        relaxed, try Tensor(shape: relaxed.shape, values: reference.outRelaxed.values)) < 1e-12)
    #expect(
      relativeDifference(
        strict, try Tensor(shape: strict.shape, values: reference.outStrict.values)) < 1e-12)
    for (g, expected) in reference.relativeEePerElement.values.enumerated() {
      let moved = try run(.init(banks: 2), try type.transformed(f, by: g))
      let error = relativeDifference(try type.transformed(relaxed, by: g), moved)
      let size = { (t: Tensor<Double>) in t.values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
      let found = error * size(moved) / size(relaxed)
      #expect(abs(found - expected) < 1e-11 * max(1, expected), "element \(g)")
    }
  }

  @Test("are equivariant to 1e-12 under every element, whatever the padding", arguments: cases)
  func equivariance(_ c: Case) throws {
    for padding in ConvolutionPadding.allCases {
      for relaxation in [
        Relaxation.none, .init(banks: 2), .init(banks: 2, group: .output),
        .init(banks: 1, group: .input, translation: outputs(c, padding)),
      ] {
        for layer in try layers(c, padding, relaxation) {
          let x = try normal([2, layer.input.channels] + c.lattice(padding), seed: 3)
          let worst = try equivarianceErrors(layer, x, randomParameters(layer, seed: 5)).max()!
          #expect(worst < 1e-12, "\(layer.settings)")
        }
        if c.group == "B4" { return }
      }
    }
  }

  private func outputs(_ c: Case, _ padding: ConvolutionPadding) -> [Int] {
    padding == .none ? zip(c.lattice(padding), c.kernel).map { $0 - $1 + 1 } : c.lattice
  }

  @Test(
    "relaxed weights that differ break exactly what they should",
    arguments: RelaxedWeighting.allCases)
  func breaking(_ weighting: RelaxedWeighting) throws {
    let group = try LatticeGroup(named: "D4", dimension: 2)
    let layer = try GroupConvolution(
      group, inputs: 1, outputs: 2, kernel: [3, 3], relaxation: .init(banks: 2, group: weighting))
    var p = try randomParameters(layer, seed: 3)
    // Constant on the cosets H g of H = C4, different on the two of them.
    let half = try group.group.subgroup { group.axes[$0].determinant == 1 }
    var w = [Double](repeating: 1, count: 16)
    for g in 0..<8 where !half.contains(g) { (w[g], w[8 + g]) = (0.7, 1.4) }
    try p.update("relaxed.group", Tensor(shape: [2, 8], values: w))
    let x = try normal([1, 8, 5, 5], seed: 9)
    for (g, error) in try equivarianceErrors(layer, x, p).enumerated() {
      if half.contains(g) { #expect(error < 1e-12) } else { #expect(error > 1e-2) }
    }
  }

  @Test(
    "adjoints to input and weights agree with differences",
    arguments: cases.filter { $0.group != "B4" })
  func adjoints(_ c: Case) throws {
    for (k, padding) in ConvolutionPadding.allCases.enumerated() {
      let relaxation = [
        Relaxation(banks: 2), .init(banks: 2, group: .output),
        .init(banks: 2, group: .input, translation: outputs(c, padding)),
      ][k]
      for layer in try layers(c, padding, relaxation) where layer.input.channels < 48 || k == 0 {
        let x = try normal([2, layer.input.channels] + c.lattice(padding), seed: 3)
        let report = try gradientReport(layer, x, randomParameters(layer, seed: 5, relaxed: true))
        #expect(report.holds(1e-8), "\(layer.settings) \(report)")
      }
    }
  }

  @Test("groups of order 2, time reversal and charge conjugation, lift even and odd fields")
  func orderTwo() throws {
    for group in [
      try LatticeGroup.timeReversal(dimension: 2), try .chargeConjugation(dimension: 2),
    ] {
      let odd = group.name == "C" ? FieldRepresentation.chargeOdd(group) : .vector(group)
      let fields = try FieldType(group, [(.scalar(group), 1), (odd, 1)])
      let lifting = try GroupConvolution(
        lifting: fields, to: 2, kernel: [3, 3], padding: .zero, relaxation: .init(banks: 2))
      let second = try GroupConvolution(
        group, inputs: 2, outputs: 2, kernel: [3, 3], padding: .zero, relaxation: .init(banks: 2))
      for layer in [lifting, second] {
        #expect(layer.parameters[2].shape == [2, 2])
        let x = try normal([2, layer.input.channels, 3, 5], seed: 3)
        var p = try randomParameters(layer, seed: 5)
        #expect(try equivarianceErrors(layer, x, p).max()! < 1e-12)
        let report = try gradientReport(layer, x, randomParameters(layer, seed: 5, relaxed: true))
        #expect(report.holds(1e-8), "\(layer.settings) \(report)")
        try p.update("relaxed.group", Tensor(shape: [2, 2], values: [1, 0.5, 1, 1]))
        #expect(try equivarianceErrors(layer, x, p)[1] > 1e-2)
      }
    }
    let cube = try LatticeGroup(named: "Oh", dimension: 3)
    let dense = try FieldRepresentation(
      Representation(cube.group.irrep("Eg"), of: cube.group), of: cube)
    #expect(throws: EquivariantError.self) {
      try GroupConvolution(lifting: FieldType(cube, [(dense, 1)]), to: 1, kernel: [3, 3, 3])
    }
  }

  @Test(
    "lifted vectors, pseudoscalars and regular fields are equivariant", arguments: ["C4", "D4"])
  func liftedFields(name: String) throws {
    let group = try LatticeGroup(named: name, dimension: 2)
    let fields = try FieldType(
      group, [(.vector(group), 2), (.pseudoscalar(group), 1), (.regular(group), 1)])
    let layer = try GroupConvolution(
      lifting: fields, to: 3, kernel: [3, 3], relaxation: .init(banks: 2))
    let x = try normal([2, layer.input.channels, 5, 5], seed: 3)
    #expect(try equivarianceErrors(layer, x, randomParameters(layer, seed: 5)).max()! < 1e-12)
    let report = try gradientReport(layer, x, randomParameters(layer, seed: 5, relaxed: true))
    #expect(report.holds(1e-8), "\(report)")
  }

  @Test("single precision agrees with double")
  func precision() throws {
    for c in Self.cases {
      for layer in try layers(c, .circular, .init(banks: 2)) {
        let x = try normal([1, layer.input.channels] + c.lattice, seed: 3)
        let p = try randomParameters(layer, seed: 5, relaxed: true)
        let single = try Tensor<Float>(shape: x.shape, values: x.values.map(Float.init))
        let y = try value(layer, single, Parameters<Float>(p))
        let expected = try value(layer, x, p)
        let wide = try Tensor(shape: y.shape, values: y.values.map(Double.init))
        #expect(relativeDifference(wide, expected) < 1e-5)
      }
    }
  }

  @Test("what cannot be equivariant is refused by name")
  func refusals() throws {
    let group = try LatticeGroup(named: "C4", dimension: 2)
    let layer = try GroupConvolution(group, inputs: 1, outputs: 1, kernel: [3, 3])
    let p: Parameters<Double> = try layer.initialParameters(seed: 1)
    #expect(
      throws: EquivariantError.lattice(
        layer: "groupConvolution", group: "C4", element: group.group.labels[1], extents: [4, 6])
    ) { try value(layer, try normal([1, 4, 4, 6], seed: 1), p) }
    #expect(throws: EquivariantError.self) {
      try value(layer, try normal([1, 5, 4, 4], seed: 1), p)
    }
    #expect(
      throws: EquivariantError.setting(
        layer: "groupConvolution", name: "the kernel", expected: "2 odd sizes", found: "[2, 2]")
    ) { try GroupConvolution(group, inputs: 1, outputs: 1, kernel: [2, 2]) }
    #expect(throws: EquivariantError.self) {
      try GroupConvolution(group, inputs: 1, outputs: 1, kernel: [3, 5])
    }
    #expect(throws: EquivariantError.self) {
      try GroupConvolution(
        group, inputs: 1, outputs: 1, kernel: [3, 3], relaxation: .init(banks: 0))
    }
    #expect(throws: EquivariantError.self) {
      try GroupConvolution(group, inputs: 0, outputs: 1, kernel: [3, 3])
    }
    let placed = try GroupConvolution(
      group, inputs: 1, outputs: 1, kernel: [3, 3], relaxation: .init(translation: [5, 5]))
    #expect(
      throws: EquivariantError.setting(
        layer: "groupConvolution", name: "the lattice of the relaxed translation",
        expected: "[4, 4]", found: "[5, 5]")
    ) { try placed.outputExtents([4, 4]) }
  }
}
