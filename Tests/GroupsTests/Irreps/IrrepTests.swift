import Groups
import Testing

@Suite struct IrrepTests {
  static let names = [
    "C1", "C4", "C7", "C12", "D3", "D4", "D5h", "D6h", "D4d", "S8", "T", "Th", "Td", "O", "Oh",
    "B2", "B4+", "Oh x T", "B4", "Q8", "Q8 x C3", "Q8 x Q8", "Sym5", "Alt5", "B2 x C", "C3v x Z2",
    "C97", "Alt4 x Q8",
  ]

  /// Matrices multiply like elements and are orthogonal, to 1e-13; traces are the characters.
  @Test(arguments: names)
  func matricesAreARepresentation(name: String) throws {
    let group = try FiniteGroup(named: name)
    for irrep in group.irreps {
      let error = representationError(group) { irrep.matrix($0) }
      #expect(error.product < 1e-13, "\(irrep.name)")
      #expect(error.orthogonality < 1e-13, "\(irrep.name)")
      for g in 0..<group.order {
        let expected = irrep.classCharacter[group.classOfElement[g]]
        #expect((irrep.matrix(g).trace - expected).magnitude < 1e-13)
      }
    }
  }

  /// Matrix elements of different ones are orthogonal; those of one have the squares |G| c / D^2 summed with
  /// the commutant: sum_g D_ij D_kl summed over equal pairs gives |G| c.
  @Test(arguments: ["B4", "Oh", "Q8", "C12", "D6d", "Th"])
  func greatOrthogonality(name: String) throws {
    let group = try FiniteGroup(named: name)
    let irreps = group.irreps
    let n = Double(group.order)
    for a in irreps {
      for b in irreps {
        for i in 0..<a.dimension {
          for k in 0..<b.dimension {
            // Rows suffice: sum over j of the products of (i, j) and (k, j) with g and g^-1 mixed.
            var sums = RealMatrix(rows: a.dimension, columns: b.dimension)
            for g in 0..<group.order {
              let (x, y) = (a.matrix(g), b.matrix(g))
              for j in 0..<a.dimension {
                for l in 0..<b.dimension { sums[j, l] += x[i, j] * y[k, l] / n }
              }
            }
            if a.index != b.index {
              #expect(sums.maximumMagnitude < 1e-13)
            } else if a.type == .real {
              let expected = i == k ? 1 / Double(a.dimension) : 0
              #expect((sums - expected * .identity(a.dimension)).maximumMagnitude < 1e-13)
            } else {
              let expected = i == k ? 1.0 : 0
              #expect((sums.trace - expected).magnitude < 1e-13)
            }
          }
        }
      }
    }
  }

  /// The sum of D^2 / c is the order, and characters have the squares c.
  @Test(arguments: names)
  func dimensions(name: String) throws {
    let group = try FiniteGroup(named: name)
    let irreps = group.irreps
    let sum = irreps.reduce(0) { $0 + $1.dimension * $1.dimension / $1.commutantDimension }
    #expect(sum == group.order)
    #expect(irreps[0].isTrivial && irreps[0].classCharacter.allSatisfy { $0 == 1 })
    for a in irreps {
      for b in irreps {
        let product = try RealCharacter(group, values: a.classCharacter)
          .innerProduct(RealCharacter(group, values: b.classCharacter))
        let expected = a.index == b.index ? Double(a.commutantDimension) : 0
        #expect((product - expected).magnitude < 1e-13)
      }
    }
  }

  /// The types: E of C4 is a complex pair, the representation of Q8 on four components quaternionic.
  @Test func types() throws {
    #expect(try FiniteGroup(named: "C4").irreps.map(\.type) == [.real, .real, .complex])
    let q8 = try FiniteGroup(named: "Q8").irreps
    #expect(q8.map(\.dimension) == [1, 1, 1, 1, 4])
    #expect(q8[4].type == .quaternionic)
    #expect(q8[4].regularMultiplicity == 1)
    #expect(try FiniteGroup(named: "B4").irreps.allSatisfy { $0.type == .real })
  }

  /// B_4 has 1 x 4, 2 x 2, 3 x 4, 4 x 4, 6 x 4 and 8 x 2, in less than half a second with all matrices.
  @Test func hypercubicGroup() throws {
    let clock = ContinuousClock()
    var group: FiniteGroup?
    let time = try clock.measure {
      group = try FiniteGroup(named: "B4")
      _ = group!.irreps
    }
    print("B4 with all irreducible representations: \(time)")
    #expect(time < .milliseconds(500))
    let dimensions = group!.irreps.map(\.dimension)
    #expect(
      dimensions == [1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 6, 6, 6, 6, 8, 8])
  }

  /// Vectors have the matrices on the axes, exactly; monomial ones are signed permutations exactly.
  @Test func exactMatrices() throws {
    let group = try FiniteGroup(named: "B4")
    let vector = try group.irrep("(3|1)")
    #expect((0..<group.order).allSatisfy { vector.matrix($0) == group.matrices![$0] })
    for name in ["(4|-)", "(2|11)", "(2|2)", "(1|3)", "(11|11)", "(11|2)"] {
      let irrep = try group.irrep(name)
      for g in 0..<group.order {
        #expect(irrep.matrix(g).elements.allSatisfy { $0 == 0 || $0.magnitude == 1 }, "\(name)")
      }
    }
    let cubic = try FiniteGroup(named: "Oh")
    #expect((0..<48).allSatisfy { try! cubic.irrep("T1u").matrix($0) == cubic.matrices![$0] })
  }

  /// Nothing in the result depends on how often or in which order it is asked for.
  @Test func reproducible() throws {
    for name in ["B4", "Sym5", "Q8 x C3"] {
      let (a, b) = (try FiniteGroup(named: name), try FiniteGroup(named: name))
      _ = b.characters
      for (x, y) in zip(a.irreps, b.irreps) {
        #expect((0..<a.order).allSatisfy { x.matrix($0) == y.matrix($0) })
      }
    }
  }
}
