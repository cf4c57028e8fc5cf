import Autodiff
import Compute
import EquivariantLayers
import Groups
import Testing

@Suite("Spectral convolutions under a group") struct SpectralLayerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var group: String
    var lattice: [Int]
    var modes: [Int]
    var testDescription: String { "\(group) on \(lattice), modes \(modes)" }

    func layer(relaxed: Bool = false) throws -> SpectralLayer {
      let group = try LatticeGroup(named: group, dimension: lattice.count)
      var output: [(FieldRepresentation, Int)] = [(.vector(group), 1), (.scalar(group), 1)]
      if group.order <= 8 { output.append((.regular(group), 1)) }
      if self.group == "Oh" {
        let dense = Representation(try group.group.irrep("Eg"), of: group.group)
        output.append((try FieldRepresentation(dense, of: group), 1))
      }
      return try SpectralLayer(
        FieldType(group, [(.scalar(group), 2), (.vector(group), 1)]), to: FieldType(group, output),
        modes: modes, relaxed: relaxed)
    }
  }

  static let cases: [Case] = [
    .init(group: "B1", lattice: [7], modes: [2]),
    .init(group: "C4", lattice: [6, 6], modes: [2, 2]),
    .init(group: "D4", lattice: [5, 5], modes: [2, 2]),
    .init(group: "C2", lattice: [4, 6], modes: [1, 2]),
    .init(group: "D2", lattice: [7, 4], modes: [3, 0]),
    .init(group: "Oh", lattice: [4, 4, 4], modes: [1, 1, 1]),
    .init(group: "O x T", lattice: [3, 3, 3, 2], modes: [1, 1, 1, 0]),
  ]

  @Test("are equivariant to 1e-12 under every element and translation", arguments: cases)
  func equivariance(_ c: Case) throws {
    for layer in [try c.layer(), try c.layer(relaxed: true)] {
      let x = try normal([2, layer.input.channels] + c.lattice, seed: 3)
      let p = try randomParameters(layer, seed: 5)
      for fixed in FixedPoint.allCases {
        let worst = try equivarianceErrors(layer, x, p, about: fixed).max()!
        #expect(worst < 1e-12, "\(fixed)")
      }
    }
  }

  @Test("adjoints agree with differences", arguments: cases)
  func adjoints(_ c: Case) throws {
    for layer in [try c.layer(), try c.layer(relaxed: true)] {
      let x = try normal([2, layer.input.channels] + c.lattice, seed: 3)
      let report = try gradientReport(layer, x, randomParameters(layer, seed: 5, relaxed: true))
      #expect(report.holds(1e-8), "\(report)")
    }
  }

  @Test("single precision agrees with double, and relaxed weights that differ break the symmetry")
  func precisionAndBreaking() throws {
    for c in Self.cases {
      let layer = try c.layer(relaxed: true)
      let x = try normal([1, layer.input.channels] + c.lattice, seed: 3)
      let p = try randomParameters(layer, seed: 5, relaxed: true)
      let single = try Tensor<Float>(shape: x.shape, values: x.values.map(Float.init))
      let y = try value(layer, single, Parameters<Float>(p))
      let wide = try Tensor(shape: y.shape, values: y.values.map(Double.init))
      #expect(relativeDifference(wide, try value(layer, x, p)) < 2e-5)
      // p and -p share a factor, so what reverses momenta alone stays.
      if c.group == "D4" || c.group == "C4" {
        #expect(try equivarianceErrors(layer, x, p)[1] > 1e-2)
      }
    }
  }

  @Test("the variance of fields is kept to begin with, to a factor of two")
  func variance() throws {
    let group = try LatticeGroup(named: "D4", dimension: 2)
    let layer = try SpectralLayer(
      .scalar(group, 8), to: .vector(group, 8), modes: [7, 7])
    let x = try normal([4, 8, 15, 15], seed: 1)
    let y = try value(layer, x, layer.initialParameters(seed: 3))
    let square = y.values.reduce(0) { $0 + $1 * $1 } / Double(y.count)
    #expect((0.5...2).contains(square))
  }

  @Test("lattices that are too small and modes that the group exchanges are refused")
  func refusals() throws {
    let group = try LatticeGroup(named: "D4", dimension: 2)
    let scalars = try FieldType.scalar(group)
    #expect(throws: EquivariantError.self) {
      try SpectralLayer(scalars, to: scalars, modes: [1, 2])
    }
    #expect(throws: EquivariantError.self) {
      try SpectralLayer(scalars, to: scalars, modes: [-1, -1])
    }
    let layer = try SpectralLayer(scalars, to: scalars, modes: [2, 2])
    #expect(
      throws: EquivariantError.setting(
        layer: "spectralConvolution", name: "extent 0", expected: "5 or more for 2 modes",
        found: "4")
    ) { try layer.outputExtents([4, 4]) }
  }
}
