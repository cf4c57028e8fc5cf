import Autodiff
import Compute
import EquivariantLayers
import Groups
import Testing

/// Every layer on fields of many representations, in one to four dimensions.
@Suite("Layers on fields") struct LayerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var group: String
    var lattice: [Int]
    /// A representation whose matrices are not permutations.
    var irrep: String?
    var testDescription: String { "\(group) on \(lattice)" }

    func lattice(_ group: LatticeGroup) throws -> FieldType {
      var fields: [(FieldRepresentation, Int)] = [(.scalar(group), 2), (.vector(group), 2)]
      if group.order <= 16 { fields.append((.regular(group), 1)) }
      fields.append((.pseudoscalar(group), 1))
      fields.append((.chargeOdd(group), 1))
      if let irrep {
        let dense = Representation(try group.group.irrep(irrep), of: group.group)
        fields.append((try FieldRepresentation(dense, of: group), 2))
      }
      return try FieldType(group, fields)
    }
  }

  static let cases: [Case] = [
    .init(group: "B1", lattice: [6]), .init(group: "C4", lattice: [4, 4]),
    .init(group: "D4", lattice: [5, 5]), .init(group: "C2", lattice: [4, 6]),
    .init(group: "B2 x C", lattice: [4, 4]), .init(group: "O", lattice: [3, 3, 3], irrep: "E"),
    .init(group: "Oh", lattice: [4, 4, 4], irrep: "Eg"),
    .init(group: "D4", lattice: [4, 4, 3]), .init(group: "O x T", lattice: [2, 2, 2, 4]),
  ]

  private func layers(
    _ c: Case, smooth: Bool = true
  ) throws -> [any EquivariantLayer] {
    let group = try LatticeGroup(named: c.group, dimension: c.lattice.count)
    let fields = try c.lattice(group)
    let permuted = try FieldType(group, [(.scalar(group), 2), (.regular(group), 1)])
    let signed = try FieldType(group, [(.vector(group), 2), (.pseudoscalar(group), 1)])
    let twos = [Int](repeating: 2, count: group.dimension)
    var result: [any EquivariantLayer] = [
      try PointwiseNonlinearity(permuted, .gelu), try PointwiseNonlinearity(signed, .tanh),
      try NormNonlinearity(fields, .tanh), try NormNonlinearity(fields, .softplus),
      try FieldNormalisation(fields), try GroupPooling(permuted), SpatialPooling(fields),
      try FieldSquares(fields), try Resampling(fields, .repetition, sizes: twos),
    ]
    if c.lattice.allSatisfy({ $0 % 2 == 0 }) {
      result.append(try Resampling(fields, .average, sizes: twos))
      result.append(try Resampling(fields, .stride(about: .origin), sizes: twos))
    }
    if c.lattice.allSatisfy({ $0 % 2 == 1 }) {
      result.append(try Resampling(fields, .stride(about: .centre), sizes: twos))
    }
    if !smooth {
      result += [
        try PointwiseNonlinearity(permuted, .relu), try NormNonlinearity(fields, .relu),
        try GroupPooling(permuted, .largest),
      ]
    }
    return result
  }

  @Test("are equivariant to 1e-12 under every element", arguments: cases)
  func equivariance(_ c: Case) throws {
    for layer in try layers(c, smooth: false) {
      let x = try normal([2, layer.input.channels] + c.lattice, seed: 11)
      let worst = try equivarianceErrors(layer, x, randomParameters(layer, seed: 12)).max()!
      #expect(worst < 1e-12, "\(layer.settings)")
    }
  }

  @Test("adjoints agree with differences", arguments: cases)
  func adjoints(_ c: Case) throws {
    for layer in try layers(c) {
      let x = try normal([2, layer.input.channels] + c.lattice, seed: 11)
      let report = try gradientReport(layer, x, randomParameters(layer, seed: 12))
      #expect(report.relativeError < 1e-8, "\(layer.settings) \(report)")
      // The shift of fields that are not permuted is not used; everything else is.
      #expect(report.untestedInputs.isEmpty, "\(layer.settings)")
    }
  }

  @Test("single precision agrees with double", arguments: cases)
  func precision(_ c: Case) throws {
    for layer in try layers(c, smooth: false) {
      let x = try normal([2, layer.input.channels] + c.lattice, seed: 11)
      let p = try randomParameters(layer, seed: 12)
      let single = try Tensor<Float>(shape: x.shape, values: x.values.map(Float.init))
      let y = try value(layer, single, Parameters<Float>(p))
      let expected = try value(layer, x, p)
      let wide = try Tensor(shape: y.shape, values: y.values.map(Double.init))
      #expect(relativeDifference(wide, expected) < 2e-5, "\(layer.settings)")
    }
  }

  @Test("the largest component passes its derivative to where it stands")
  func largest() throws {
    let group = try LatticeGroup(named: "D2", dimension: 2)
    let layer = try GroupPooling(.regular(group), .largest)
    let tape = Tape()
    let x = tape.variable(
      try Tensor<Double>(shape: [1, 4, 1, 2], values: [1, 5, 7, 2, -3, 9, 0, 4]))
    let y = try layer(x, LayerWeights(tape.constant(.init())))
    #expect(y.value.values == [7, 9])
    let g = tape.gradients(of: y, cotangent: try Tensor(shape: [1, 1, 1, 2], values: [2, 3]))
    #expect(g[x].values == [0, 0, 2, 0, 0, 3, 0, 0])
  }

  @Test("normalised fields have mean square 1, and mean 0 where a mean is invariant")
  func normalisation() throws {
    let group = try LatticeGroup(named: "D4", dimension: 2)
    let fields = try FieldType(group, [(.regular(group), 1), (.vector(group), 1)])
    let layer = try FieldNormalisation(fields)
    let x = try normal([2, 10, 4, 4], seed: 1).map { 3 * $0 + 1 }
    let y = try value(layer, x, layer.initialParameters(seed: 1))
    for b in 0..<2 {
      let regular = y.values[(b * 160)..<(b * 160 + 128)]
      let vector = y.values[(b * 160 + 128)..<((b + 1) * 160)]
      #expect(abs(regular.reduce(0, +)) < 1e-10)
      #expect(abs(regular.reduce(0) { $0 + $1 * $1 } / 128 - 1) < 1e-4)
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } / 32 - 1) < 1e-4)
      #expect(abs(vector.reduce(0, +)) > 1)
    }
  }

  @Test("fields and lattices on which a layer would not be equivariant are refused")
  func refusals() throws {
    let group = try LatticeGroup(named: "D4", dimension: 2)
    let vectors = try FieldType.vector(group)
    let scalars = try FieldType.scalar(group)
    #expect(throws: EquivariantError.self) { try PointwiseNonlinearity(vectors, .relu) }
    #expect(throws: EquivariantError.self) { try GroupPooling(vectors) }
    #expect(throws: EquivariantError.self) { try Resampling(scalars, .average, sizes: [2, 3]) }
    #expect(throws: EquivariantError.self) { try Resampling(scalars, .average, sizes: [0, 0]) }
    let average = try Resampling(scalars, .average, sizes: [2, 2])
    #expect(
      throws: EquivariantError.setting(
        layer: "blockAverage", name: "extent 0", expected: "a multiple of 2", found: "5")
    ) { try average.outputExtents([5, 5]) }
    let centre = try Resampling(scalars, .stride(about: .centre), sizes: [2, 2])
    #expect(throws: EquivariantError.self) { try centre.outputExtents([4, 4]) }
    #expect(try centre.outputExtents([5, 5]) == [3, 3])
    // A shear is no orthogonal representation of {1, reflection}.
    let line = try LatticeGroup(named: "B1", dimension: 1)
    var shear = RealMatrix.identity(2)
    (shear[0, 1], shear[1, 1]) = (1, -1)
    let skew = try FieldRepresentation(
      Representation(line.group, name: "skew", matrices: [.identity(2), shear]), of: line)
    let type = try FieldType(line, [(skew, 1)])
    #expect(throws: EquivariantError.self) { try NormNonlinearity(type, .relu) }
    #expect(throws: EquivariantError.self) { try FieldNormalisation(type) }
    #expect(throws: EquivariantError.self) { try FieldSquares(type) }
  }
}
