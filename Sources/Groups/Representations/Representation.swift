/// A representation over the real numbers: an invertible matrix for every element of a group, with
/// matrix(g) matrix(h) = matrix(g h).
public struct Representation: Sendable {
  public let group: FiniteGroup

  public let dimension: Int

  /// What a reader calls it.
  public let name: String

  /// The matrix of each element.
  public let matrices: [RealMatrix]

  /// From a matrix for each element.
  ///
  /// - Throws: `GroupError.sizeMismatch`, `GroupError.nonFinite`, and `GroupError.notAHomomorphism` where the
  ///   matrices do not multiply like the elements, to 1e-9 of their size.
  public init(
    _ group: FiniteGroup, name: String = "representation", matrices: [RealMatrix]
  ) throws(GroupError) {
    guard matrices.count == group.order else {
      throw .sizeMismatch(
        quantity: "a matrix for each element of \(group.name)", expected: group.order,
        found: matrices.count)
    }
    let n = matrices[0].rows
    for m in matrices {
      for size in [m.rows, m.columns] where size != n {
        throw .sizeMismatch(quantity: "square matrices", expected: n, found: size)
      }
      guard m.elements.allSatisfy(\.isFinite) else { throw .nonFinite(place: "in a matrix") }
    }
    // Products with generators imply all others. A zero matrix for 1 would pass them.
    guard (matrices[0] - .identity(n)).maximumMagnitude < 1e-9 else {
      throw .notAHomomorphism(first: group.labels[0], second: group.labels[0])
    }
    for g in 0..<group.order {
      for s in group.generators {
        let found = matrices[g] * matrices[s]
        let expected = matrices[group.product(g, s)]
        let scale = max(1, matrices[g].maximumMagnitude * matrices[s].maximumMagnitude)
        guard (found - expected).maximumMagnitude <= 1e-9 * scale else {
          throw .notAHomomorphism(first: group.labels[g], second: group.labels[s])
        }
      }
    }
    self.init(unchecked: group, name, matrices)
  }

  init(unchecked group: FiniteGroup, _ name: String, _ matrices: [RealMatrix]) {
    self.group = group
    self.name = name
    self.matrices = matrices
    dimension = matrices[0].rows
  }

  /// An irreducible representation of the group.
  public init(_ irrep: Irrep, of group: FiniteGroup) {
    precondition(
      irrep.matrices.count == group.order * irrep.dimension * irrep.dimension,
      "the irreducible representation belongs to another group")
    self.init(unchecked: group, irrep.name, (0..<group.order).map(irrep.matrix))
  }

  /// The matrix of an element.
  public func matrix(_ g: Int) -> RealMatrix { matrices[g] }

  public var character: RealCharacter {
    RealCharacter(unchecked: group, group.classes.map { matrices[$0.first].trace })
  }

  /// Whether all matrices are orthogonal, to 1e-12.
  public var isOrthogonal: Bool {
    group.generators.allSatisfy {
      (matrices[$0].transposed * matrices[$0] - .identity(dimension)).maximumMagnitude < 1e-12
    }
  }

  /// How often each of `group.irreps` occurs.
  ///
  /// - Throws: nothing for a representation that was not refused when it was made.
  public func multiplicities() throws(GroupError) -> [Int] { try character.multiplicities() }

  /// What it consists of, in the names of irreducible representations: `A1g + 2 Eg`.
  public func content() throws(GroupError) -> String {
    let parts = zip(group.irreps, try multiplicities()).filter { $0.1 > 0 }
    return parts.isEmpty
      ? "0" : parts.map { $1 == 1 ? $0.name : "\($1) \($0.name)" }.joined(separator: " + ")
  }
}
