import Groups
import Testing

@Suite struct GroupFourierTransformTests {
  static let names = ["C4", "Oh", "Q8", "C12", "Th", "B4", "Q8 x C3", "Alt4 x Q8", "B2 x C"]

  /// Inverse, Plancherel and the behaviour under translations, for all real types.
  @Test(arguments: names)
  func properties(name: String) throws {
    let group = try FiniteGroup(named: name)
    let transform = GroupFourierTransform(group)
    var numbers = TestNumbers(state: 3)
    let f = numbers.list(group.order)
    let components = try transform(f)
    let back = try transform.inverse(components)
    #expect(zip(f, back).allSatisfy { ($0 - $1).magnitude < 1e-13 })
    let norm = f.reduce(0) { $0 + $1 * $1 }
    #expect((try transform.power(of: f).reduce(0, +) - norm).magnitude < 1e-13 * norm)
    let h = group.order / 3
    let moved = (0..<group.order).map { f[group.product(group.inverse(h), $0)] }
    for (j, component) in try transform(moved).enumerated() {
      let expected = group.irreps[j].matrix(h) * components[j]
      #expect((component - expected).maximumMagnitude < 1e-12)
    }
  }

  /// Convolutions become products, (f * k)(g) = sum_h f(h) k(h^-1 g).
  @Test(arguments: ["Oh", "Q8", "C5"])
  func convolutions(name: String) throws {
    let group = try FiniteGroup(named: name)
    let transform = GroupFourierTransform(group)
    var numbers = TestNumbers(state: 4)
    let (f, k) = (numbers.list(group.order), numbers.list(group.order))
    var both = [Double](repeating: 0, count: group.order)
    for g in 0..<group.order {
      for h in 0..<group.order { both[group.product(h, g)] += f[h] * k[g] }
    }
    let (a, b) = (try transform(f), try transform(k))
    for (j, component) in try transform(both).enumerated() {
      #expect((component - a[j] * b[j]).maximumMagnitude < 1e-12)
    }
  }

  /// Weights that a subgroup keeps have components that it keeps, and no larger one does: the read-out of a
  /// relaxed layer.
  @Test func readOut() throws {
    let group = try FiniteGroup(named: "Oh")
    let kept = try Representation.vector(group).stabilizer(of: [0, 0, 1])
    var numbers = TestNumbers(state: 5)
    var f = [Double](repeating: 0, count: group.order)
    for coset in kept.rightCosets {
      let x = numbers.next()
      for g in coset { f[g] = x }
    }
    let components = try GroupFourierTransform(group)(f)
    var found = group.whole
    for (irrep, component) in zip(group.irreps, components) where component.maximumMagnitude > 1e-9
    {
      let columns = (0..<irrep.dimension).map { component.column($0) }
        .filter { $0.contains { $0.magnitude > 1e-9 } }
      found = found.intersection(
        try Representation(irrep, of: group).stabilizer(of: columns, tolerance: 1e-9))
    }
    #expect(found == kept)
    #expect(found.name == "C4v")
  }

  /// Relaxed and strict convolutions on groups, element by element as in the reference.
  @Test(.enabled(if: GroupVectors.areEnabled))
  func convolutionsOfTheReference() throws {
    let reference: GroupVectors.Convolutions = try GroupVectors.read("relaxed_gconv_group_only")
    let tables = try GroupVectors.pointGroups().tables
    for (name, example) in reference.groups {
      let table = try #require(tables[name])
      let group = try GroupVectors.group(name)
      let number = try table.elements.map { rows in
        try #require(group.matrices!.firstIndex(of: RealMatrix(rows)))
      }
      let there = Dictionary(uniqueKeysWithValues: zip(number, number.indices))
      for g in number.indices {
        var (relaxed, strict) = (0.0, 0.0)
        for h in number.indices {
          let k = there[group.product(group.inverse(number[g]), number[h])]!
          for l in example.psi.indices {
            relaxed += example.f[h] * example.w[l][h] * example.psi[l][k]
            strict += example.f[h] * example.psi[l][k]
          }
        }
        #expect((relaxed - example.outRelaxed[g]).magnitude < 1e-12)
        #expect((strict - example.outStrict[g]).magnitude < 1e-12)
      }
    }
  }

  @Test func refusals() throws {
    let transform = GroupFourierTransform(try FiniteGroup(named: "C4"))
    #expect(throws: GroupError.self) { try transform([1, 2, 3]) }
    #expect(throws: GroupError.self) { try transform([1, 2, 3, .nan]) }
    #expect(throws: GroupError.self) { try transform.inverse([]) }
    #expect(throws: GroupError.self) {
      try transform.inverse([.identity(1), .identity(1), .identity(1)])
    }
  }
}
