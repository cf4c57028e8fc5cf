import Groups
import Testing

@Suite struct RepresentationTests {
  /// Observables on a hypercubic lattice: planes 1 + 2 + 3, axes 1 + 3, F_mu_nu 6, T_mu_nu 1 + 3 + 6.
  @Test func observables() throws {
    let group = try FiniteGroup(named: "B4")
    #expect(try Representation.planes(group).content() == "(4|-) + (22|-) + (31|-)")
    #expect(try Representation.axes(group).content() == "(4|-) + (31|-)")
    #expect(try Representation.fieldStrength(group).content() == "(2|11)")
    #expect(try Representation.symmetricTensor(group).content() == "(4|-) + (31|-) + (2|2)")
    #expect(try Representation.vector(group).content() == "(3|1)")
    #expect(try Representation.vector(group).alternatingSquare.content() == "(2|11)")
    #expect(try Representation.pseudoscalar(group).content() == "(-|1111)")
  }

  /// Numbers of parts and of invariants under B_4 and what it breaks to are those of the reference.
  @Test(.enabled(if: GroupVectors.areEnabled))
  func invariantsOfTheReference() throws {
    let reference: GroupVectors.Observables = try GroupVectors.read("b4_observables")
    let group = try FiniteGroup(named: "B4")
    let observables: [(String, Representation)] = [
      ("axis", try .axes(group)), ("plane plaquette", try .planes(group)),
      ("field strength", try .fieldStrength(group)), ("vector", try .vector(group)),
      ("symmetric tensor", try .symmetricTensor(group)),
      ("topological charge", try .pseudoscalar(group)),
    ]
    func value<T>(_ all: [String: T], _ prefix: String) throws -> T {
      try #require(all.first { $0.key.hasPrefix(prefix) }?.value, "\(prefix)")
    }
    for (name, representation) in observables {
      let parts = try value(reference.decomposition, name)
      #expect(representation.dimension == parts.dim)
      let multiplicities = try representation.multiplicities()
      #expect(multiplicities.reduce(0) { $0 + $1 * $1 } == parts.normChiChi)
      #expect(multiplicities[0] == parts.scalarMultiplicity)
    }
    let f01 = (0..<6).map { $0 == 0 ? 1.0 : 0 }
    let f03 = (0..<6).map { $0 == 2 ? 1.0 : 0 }
    let field = try Representation.fieldStrength(group)
    let breakings: [(String, Subgroup)] = [
      ("B4", group.whole), ("O_h x Z2", try group.subgroup(.anisotropic)),
      ("O_h only", try group.subgroup(.fixedTime)),
      ("time-open", try group.subgroup(.anisotropic)),
      ("const. magnetic", try field.stabilizer(of: f01)),
      ("const. electric", try field.stabilizer(of: f03)),
      ("two-plane", try group.subgroup(.twoPlanes)),
      ("static source", try group.subgroup(.staticSource)),
      ("parity breaking", try group.subgroup(.rotations)),
    ]
    #expect(breakings.count == reference.subgroupInvariants.count)
    #expect(try field.stabilizer(of: f01) == group.subgroup(.constantField))
    for (name, subgroup) in breakings {
      let breaking = try value(reference.subgroupInvariants, name)
      #expect(subgroup.order == breaking.order)
      for (observable, representation) in observables {
        let expected = try value(breaking.invariants, observable)
        let basis = representation.invariantSubspace(of: subgroup)
        #expect(basis.count == expected, "\(name), \(observable)")
        #expect(
          try representation.character.restricted(to: subgroup).invariantDimension == expected)
        for g in subgroup.elements {
          for v in basis {
            let w = representation.matrix(g) * v
            #expect(zip(v, w).allSatisfy { ($0 - $1).magnitude < 1e-13 })
          }
        }
      }
    }
    // Extents L, L, M, M, order 64: two invariants per axis and three per plane.
    let pairs = try group.subgroup(.twoPairs)
    #expect(observables[0].1.invariantSubspace(of: pairs).count == 2)
    #expect(observables[1].1.invariantSubspace(of: pairs).count == 3)
  }

  /// Squares and products have the dimensions and characters of theirs.
  @Test func productsOfRepresentations() throws {
    let group = try FiniteGroup(named: "O")
    let v = try Representation.vector(group)
    let both = try v.symmetricSquare.directSum(v.alternatingSquare)
    let square = try v.tensorProduct(v)
    #expect(zip(both.character.values, square.character.values).allSatisfy(==))
    for representation in [both, square, v.symmetricSquare, v.alternatingSquare.dual] {
      let error = representationError(group) { representation.matrix($0) }
      #expect(error.product < 1e-14 && error.orthogonality < 1e-14)
    }
    #expect(try square.content() == "A1 + E + T1 + T2")
  }

  /// The regular representation contains each D as often as D / c.
  @Test(arguments: ["Oh", "Q8", "C5", "Th"])
  func regular(name: String) throws {
    let group = try FiniteGroup(named: name)
    let regular = try Representation.regular(group)
    #expect(try regular.multiplicities() == group.irreps.map(\.regularMultiplicity))
  }

  @Test func refusals() throws {
    let group = try FiniteGroup(named: "C4")
    let other = try FiniteGroup(named: "D4")
    let one = RealMatrix.identity(1)
    #expect(throws: GroupError.self) { try Representation(group, matrices: [one]) }
    #expect(throws: GroupError.notAHomomorphism(first: "C4 about z", second: "C4 about z")) {
      try Representation(group, matrices: [one, -1 * one, -1 * one, -1 * one])
    }
    #expect(throws: GroupError.self) {
      try Representation(
        group, matrices: Array(repeating: RealMatrix(rows: 1, columns: 1), count: 4))
    }
    #expect(throws: GroupError.nonFinite(place: "in a matrix")) {
      try Representation(group, matrices: Array(repeating: RealMatrix([[.nan]]), count: 4))
    }
    #expect(throws: GroupError.self) {
      try Representation.vector(group).directSum(.trivial(other))
    }
    #expect(throws: GroupError.self) { try Representation.vector(FiniteGroup(named: "Q8")) }
    #expect(throws: GroupError.self) { try Representation.planes(FiniteGroup(named: "C3")) }
    #expect(throws: GroupError.self) { try Representation.regular(FiniteGroup(named: "B4")) }
    #expect(throws: GroupError.self) {
      try Representation.permutation(group, images: [[0], [0], [0], [1]])
    }
    #expect(throws: GroupError.self) { try RealCharacter(group, values: [1, 2, .nan, 0]) }
    #expect(throws: GroupError.self) {
      try RealCharacter(group, values: [1, 0.5, 0, 0]).multiplicities()
    }
    #expect(throws: GroupError.self) {
      try Representation.vector(group).stabilizer(of: [1, 2])
    }
    #expect(throws: GroupError.self) {
      try Representation.vector(group).stabilizer(of: [1, 2, .infinity])
    }
    #expect(throws: GroupError.self) {
      try Representation.vector(group).stabilizer(of: [1, 0, 0], tolerance: -1)
    }
  }

  /// Stabilisers of vectors in O_h: the phases of a perovskite under pressure by their polarisation.
  @Test func stabilizers() throws {
    let group = try FiniteGroup(named: "Oh")
    let v = try Representation.vector(group)
    let expected = [
      ([0.0, 0, 1], "C4v", 8), ([0, 1, 1], "C2v", 4), ([1, 1, 1], "C3v", 6), ([0, 0, 0], "Oh", 48),
      ([1, 2, 3], "C1", 1), ([1, 1, 2], "Cs", 2),
    ]
    for (vector, name, order) in expected {
      let subgroup = try v.stabilizer(of: vector)
      #expect(subgroup.name == name)
      #expect(subgroup.order == order)
    }
    #expect(try v.stabilizer(of: [[0, 0, 1], [1, 0, 0]]).name == "Cs")
    let mean = try Representation.axes(group).invariantPart(of: [1, 2, 6])
    #expect(mean.allSatisfy { ($0 - 3).magnitude < 1e-14 })
  }
}
