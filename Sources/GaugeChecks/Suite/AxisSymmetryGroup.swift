import Groups

/// Sets of lattice symmetries that generate a group.
public enum AxisSymmetryGroup: Sendable, Hashable, CustomStringConvertible {
  /// All permutations and reflections of the axes.
  case hypercubic
  /// Those of determinant 1.
  case rotations
  /// All permutations, no reflections.
  case permutations
  /// All reflections, no permutations.
  case reflections
  /// Permutations and reflections of all axes but the last, time.
  case spatial
  /// These elements.
  case elements([SignedPermutation])

  /// Elements that generate the group in some number of dimensions, simple ones first.
  public func generators(dimension d: Int) -> [SignedPermutation] {
    func exchanges(_ d1: Int) -> [SignedPermutation] {
      (1..<max(1, d1)).map { .exchange($0 - 1, $0, dimension: d) }
    }
    switch self {
    case .hypercubic: return exchanges(d) + reflections(d, d)
    case .rotations: return (1..<d).map { .rotation($0 - 1, $0, dimension: d) }
    case .permutations: return exchanges(d)
    case .reflections: return reflections(d, d)
    case .spatial: return exchanges(d - 1) + reflections(d - 1, d)
    case .elements(let elements): return elements.filter { $0.dimension == d }
    }
  }

  private func reflections(_ count: Int, _ d: Int) -> [SignedPermutation] {
    (0..<count).map { .reflection(of: $0, dimension: d) }
  }

  public var description: String {
    switch self {
    case .hypercubic: "hypercubic"
    case .rotations: "rotation"
    case .permutations: "axis permutation"
    case .reflections: "reflection"
    case .spatial: "spatial cubic"
    case .elements(let elements): elements.count == 1 ? elements[0].mapping : "chosen lattice"
    }
  }
}
