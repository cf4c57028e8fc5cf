import Groups

/// What relaxed weights belong to, and how a group moves it.
public enum RelaxedIndex: Sendable, Equatable {
  /// The elements of the group, which g sends from h to g h.
  case elements
  /// The sites of a lattice of these extents, the last axis fastest, about its centre.
  case sites([Int], wraps: Bool)
  /// Displacements or momenta: `[g][place]`.
  case places([[Int32]])

  /// Where every element of a group sends every index.
  public func images(under group: LatticeGroup) -> [[Int]] {
    switch self {
    case .elements:
      (0..<group.order).map { g in (0..<group.order).map { group.group.product(g, $0) } }
    case .places(let images): images.map { $0.map(Int.init) }
    case .sites(let extents, _):
      (0..<group.order).map {
        siteImages(of: $0, in: group, extents: extents, about: .centre).places
      }
    }
  }

  /// Indices whose weights are one where the layer keeps a subgroup.
  public func orbits(under subgroup: Subgroup, of group: LatticeGroup) -> [[Int]] {
    let images = images(under: group)
    var seen = [Bool](repeating: false, count: images[0].count)
    var result = [[Int]]()
    for index in seen.indices where !seen[index] {
      let orbit = Set(subgroup.elements.map { images[$0][index] }).sorted()
      for member in orbit { seen[member] = true }
      result.append(orbit)
    }
    return result
  }

  /// Pairs of which a penalty takes the difference: every two elements; neighbouring sites, each pair once; every
  /// two places that the group connects.
  func penalisedPairs(under group: LatticeGroup) -> [(Int, Int)] {
    switch self {
    case .elements, .places:
      return orbits(under: group.group.whole, of: group).flatMap { orbit in
        orbit.flatMap { i in orbit.filter { $0 != i }.map { (i, $0) } }
      }
    case .sites(let extents, let wraps):
      var pairs = [(Int, Int)]()
      let sites = extents.reduce(1, *)
      var stride = 1
      for mu in extents.indices.reversed() {
        let n = extents[mu]
        for site in 0..<sites {
          let x = site / stride % n
          if x + 1 < n {
            pairs.append((site, site + stride))
          } else if wraps && n > 2 {
            pairs.append((site, site - (n - 1) * stride))
          }
        }
        stride *= n
      }
      return pairs
    }
  }
}
