/// Irreducible representations of the hyperoctahedral group B_n by pairs of partitions (l|m) of together n.
///
/// (4|-) is the trivial one of B_4, (3|1) the vector, (2|11) an antisymmetric tensor; written with the parts
/// as digits (L. Geissinger and D. Kinch, J. Algebra 53 (1978) 1).
enum Bipartitions {
  /// Nil where the group is not all of B_n on n = 1 to 5 axes.
  static func names(of group: FiniteGroup, _ characters: [[Double]]) -> [String]? {
    guard let operations = group.operations else { return nil }
    let n = operations[0].axes.dimension
    guard n <= 5, group.order == (1...n).reduce(1, *) << n,
      !operations.contains(where: \.conjugatesCharge)
    else { return nil }
    // Three central elements: reflections of an axis; exchanges of two axes, with or without both
    // signs; those with the reflection of a third axis.
    var reflections: [Int] = []
    var exchanges: [Int] = []
    var exchangesWithReflection: [Int] = []
    for (g, operation) in operations.enumerated() {
      let moved = (0..<n).filter { operation.axes.image(of: $0).axis != $0 }
      let reflected = (0..<n).filter {
        operation.axes.image(of: $0) == ($0, -1)
      }
      if moved.isEmpty && reflected.count == 1 { reflections.append(g) }
      guard moved.count == 2,
        operation.axes.image(of: moved[0]).sign == operation.axes.image(of: moved[1]).sign
      else { continue }
      if reflected.isEmpty { exchanges.append(g) }
      if reflected.count == 1 { exchangesWithReflection.append(g) }
    }
    let pairs = bipartitions(n)
    return characters.map { character in
      func eigenvalue(_ elements: [Int]) -> Int {
        let sum = elements.reduce(0) { $0 + character[group.classOfElement[$1]] }
        return Int((sum / character[0]).rounded())
      }
      // With a = |l|, b = |m| and contents c(l), c(m): a - b, 2 c(l) + 2 c(m), and
      // 2 (a - b - 2) c(l) + 2 (a - b + 2) c(m).
      let (x, y, z) = (
        eigenvalue(reflections), eigenvalue(exchanges), eigenvalue(exchangesWithReflection)
      )
      let match = pairs.first { l, m in
        let (a, b) = (l.reduce(0, +), m.reduce(0, +))
        let (c, d) = (content(l), content(m))
        return x == a - b && y == 2 * (c + d)
          && z == 2 * (a - b - 2) * c + 2 * (a - b + 2) * d
      }!
      return "(\(digits(match.0))|\(digits(match.1)))"
    }
  }

  private static func digits(_ partition: [Int]) -> String {
    partition.isEmpty ? "-" : partition.map(String.init).joined()
  }

  /// The sum over boxes of column minus row, which tells partitions of up to 5 apart.
  private static func content(_ partition: [Int]) -> Int {
    partition.enumerated().reduce(0) { sum, row in
      sum + (0..<row.element).reduce(0) { $0 + $1 - row.offset }
    }
  }

  private static func bipartitions(_ n: Int) -> [([Int], [Int])] {
    (0...n).flatMap { k in
      partitions(n - k, largest: n).flatMap { l in partitions(k, largest: n).map { (l, $0) } }
    }
  }

  private static func partitions(_ n: Int, largest: Int) -> [[Int]] {
    if n == 0 { return [[]] }
    return (1...n).reversed().filter { $0 <= largest }.flatMap { first in
      partitions(n - first, largest: first).map { [first] + $0 }
    }
  }
}
