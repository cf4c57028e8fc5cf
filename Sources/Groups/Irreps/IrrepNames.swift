/// Names of irreducible representations from their characters.
enum IrrepNames {
  /// One name for each real character, all different.
  static func names(of group: FiniteGroup, _ characters: [[Double]]) -> [String] {
    if let names = doubled(group, characters) { return names }
    if let names = Mulliken(group)?.names(characters), Set(names).count == names.count {
      return names
    }
    if let names = Bipartitions.names(of: group, characters) { return names }
    return byDimension(characters)
  }

  /// `1a` is the trivial one; letters follow the order of characters.
  private static func byDimension(_ characters: [[Double]]) -> [String] {
    var counts: [Int: Int] = [:]
    return characters.map { character in
      let d = Int(character[0].rounded())
      defer { counts[d, default: 0] += 1 }
      return "\(d)" + letters(counts[d, default: 0])
    }
  }

  /// a, b, ..., z, aa, ab, ...
  private static func letters(_ n: Int) -> String {
    let last = String(Unicode.Scalar(UInt8(97 + n % 26)))
    return n < 26 ? last : letters(n / 26 - 1) + last
  }

  /// Names of a product with {1, s}: those of the first factor with the sign under s, `A1g C-`.
  private static func doubled(
    _ group: FiniteGroup, _ characters: [[Double]]
  ) -> [String]? {
    guard let doubling = group.doubling else { return nil }
    // Element 2 g + s; the restriction to s = 1 names the first factor.
    let base = doubling.base
    let ofSign = group.classOfElement[1]
    var names: [String] = []
    for character in characters {
      let restricted = base.classes.map { character[group.classOfElement[2 * $0.first]] }
      let isEven = character[ofSign] > 0
      guard
        let irrep = base.irreps.first(where: {
          zip($0.classCharacter, restricted).allSatisfy { ($0 - $1).magnitude < 1e-9 }
        })
      else { return nil }
      names.append("\(irrep.name) \(doubling.symbol)\(isEven ? "+" : "-")")
    }
    return Set(names).count == names.count ? names : nil
  }
}
