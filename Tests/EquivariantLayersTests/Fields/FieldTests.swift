import Autodiff
import EquivariantLayers
import Groups
import Testing

@Suite("Lattice groups and fields") struct FieldTests {
  static let groups = [
    ("B1", 1), ("C4", 2), ("D4", 2), ("C4", 3), ("O", 3), ("Oh", 3), ("O x T", 4), ("B2 x C", 2),
  ]

  @Test("the action on fields is a homomorphism to the bit", arguments: groups)
  func homomorphism(name: String, dimension: Int) throws {
    let group = try LatticeGroup(named: name, dimension: dimension)
    let type = try FieldType(
      group,
      [
        (.vector(group), 1), (.regular(group), 1), (.pseudoscalar(group), 2),
        (.chargeOdd(group), 1),
      ])
    let x = try normal([1, type.channels] + [3, 2, 4, 5].prefix(dimension), seed: 4)
    for fixed in FixedPoint.allCases {
      for g in stride(from: 0, to: group.order, by: max(1, group.order / 6)) {
        for h in stride(from: 0, to: group.order, by: max(1, group.order / 6)) {
          let both = try type.transformed(
            type.transformed(x, by: h, about: fixed), by: g, about: fixed)
          #expect(both == (try type.transformed(x, by: group.group.product(g, h), about: fixed)))
        }
      }
    }
  }

  @Test("C4 of the plane turns as torch.rot90 does")
  func rotation() throws {
    let group = try LatticeGroup(named: "C4", dimension: 2)
    let x = try Tensor<Double>(shape: [1, 1, 2, 3], values: [1, 2, 3, 4, 5, 6])
    let turned = try FieldType.scalar(group).transformed(x, by: 1)
    #expect(turned == (try Tensor(shape: [1, 1, 3, 2], values: [3, 6, 2, 5, 1, 4])))
  }

  @Test("a lattice has the subgroup that its extents leave")
  func extents() throws {
    let group = try LatticeGroup(named: "B4", dimension: 4)
    #expect(try group.subgroup(preserving: [8, 8, 8, 8]).order == 384)
    #expect(try group.subgroup(preserving: [8, 8, 8, 4]).order == 96)
    #expect(try group.subgroup(preserving: [8, 8, 4, 4]).order == 64)
    let left = try group.restricted(to: try group.subgroup(preserving: [4, 8, 2, 6]))
    #expect(left.order == 16)
    #expect(throws: EquivariantError.self) { try group.subgroup(preserving: [4, 4]) }
  }

  @Test("groups that do not act on axes as asked are refused")
  func refusals() throws {
    #expect(throws: EquivariantError.self) { try LatticeGroup(named: "Z4", dimension: 2) }
    #expect(throws: EquivariantError.self) { try LatticeGroup(named: "C3", dimension: 2) }
    #expect(throws: EquivariantError.self) { try LatticeGroup(named: "Oh", dimension: 2) }
    #expect(throws: EquivariantError.self) { try LatticeGroup(named: "C4h", dimension: 2) }
    #expect(throws: EquivariantError.self) { try LatticeGroup(named: "B5", dimension: 5) }
    let group = try LatticeGroup(named: "C4", dimension: 2)
    #expect(throws: EquivariantError.self) { try FieldType(group, []) }
    #expect(throws: EquivariantError.self) { try FieldType.scalar(group, 0) }
    let other = try FiniteGroup(named: "D4")
    #expect(throws: EquivariantError.self) { try FieldRepresentation(.vector(other), of: group) }
  }
}
