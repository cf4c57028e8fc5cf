import Groups

/// The places of a convolution kernel around a site, and how a group permutes them.
struct KernelWindow: Sendable, Equatable {
  /// Odd extents, equal along axes that the group exchanges.
  let extents: [Int]
  /// `[element][place]`: where the element sends the place.
  let images: [[Int32]]

  var places: Int { extents.reduce(1, *) }

  /// - Throws: `.setting` for even sizes or another number of them, `.lattice` for sizes that the group does
  ///   not preserve.
  init(_ extents: [Int], group: LatticeGroup, layer: String) throws(EquivariantError) {
    guard extents.count == group.dimension, extents.allSatisfy({ $0 >= 1 && $0 % 2 == 1 }) else {
      throw .setting(
        layer: layer, name: "the kernel", expected: "\(group.dimension) odd sizes",
        found: "\(extents)")
    }
    try group.require(extents: extents, layer: "the kernel of \(layer)")
    self.extents = extents
    let count = extents.reduce(1, *)
    images = group.axes.map { g in
      (0..<count).map { place in
        let moved = g(Self.displacement(place, extents))
        return Int32(zip(moved, extents).reduce(0) { $0 * $1.1 + $1.0 + $1.1 / 2 })
      }
    }
  }

  private static func displacement(_ place: Int, _ extents: [Int]) -> [Int] {
    var (rest, result) = (place, extents)
    for mu in extents.indices.reversed() {
      result[mu] = rest % extents[mu] - extents[mu] / 2
      rest /= extents[mu]
    }
    return result
  }
}
