import Groups

/// An orthonormal basis of the maps phi(y) between two representations, on points that a group permutes, with
///
///     phi(g y) = rho_out(g) phi(y) rho_in(g)^-1
///
/// (M. Weiler and G. Cesa, arXiv:1911.08251). On every orbit of points phi is known where it is known at one
/// point y_0, and there it is any map that the stabiliser of y_0 keeps; those are found by averaging. For signed
/// permutations they are exact: orbits of pairs of components.
struct IntertwinerBasis: Sendable {
  /// One number of a basis element that is not 0.
  struct Entry: Sendable, Equatable {
    /// Component of the output, component of the input, point.
    let row: Int32
    let column: Int32
    let point: Int32
    let element: Int32
    let value: Double
  }

  /// The number of basis elements.
  let count: Int
  /// Sorted by element.
  let entries: [Entry]

  /// - Parameters:
  ///   - images: `[g][point]`, where elements send points.
  ///   - group: the group of both representations.
  init(
    images: [[Int32]], from input: FieldRepresentation, to output: FieldRepresentation,
    group: FiniteGroup
  ) {
    let points = images[0].count
    var seen = [Bool](repeating: false, count: points)
    var (entries, count) = ([Entry](), 0)
    let dense = DensePair(input, output, group)
    for start in 0..<points where !seen[start] {
      // An element for every point of the orbit, and the stabiliser of the first.
      var carriers = [Int: Int]()
      var stabiliser = [Int]()
      for g in 0..<group.order {
        let point = Int(images[g][start])
        seen[point] = true
        if carriers[point] == nil { carriers[point] = g }
        if point == start { stabiliser.append(g) }
      }
      let orbit = carriers.sorted { $0.key < $1.key }
      let maps =
        dense?.invariantMaps(under: stabiliser)
        ?? Self.permutedMaps(input, output, under: stabiliser)
      let norm = 1 / Double(orbit.count).squareRoot()
      for map in maps {
        for (point, g) in orbit {
          for (row, column, value) in dense?.moved(map, by: g)
            ?? Self.moved(map, input, output, by: g)
          where abs(value) > 1e-14 {
            entries.append(
              Entry(
                row: Int32(row), column: Int32(column), point: Int32(point),
                element: Int32(count), value: norm * value))
          }
        }
        count += 1
      }
    }
    self.entries = entries
    self.count = count
  }

  private typealias SparseMap = [(row: Int, column: Int, value: Double)]

  /// Orbits of pairs of components under a stabiliser, left out where one comes back with the other sign.
  private static func permutedMaps(
    _ input: FieldRepresentation, _ output: FieldRepresentation, under stabiliser: [Int]
  ) -> [SparseMap] {
    var seen = [Bool](repeating: false, count: input.dimension * output.dimension)
    var maps = [SparseMap]()
    for row in 0..<output.dimension {
      for column in 0..<input.dimension where !seen[row * input.dimension + column] {
        var signs = [Int: Int]()
        var vanishes = false
        for g in stabiliser {
          let (r, s) = output.image(of: row, under: g)
          let (c, t) = input.image(of: column, under: g)
          let place = r * input.dimension + c
          seen[place] = true
          if let known = signs[place], known != s * t { vanishes = true }
          signs[place] = s * t
        }
        guard !vanishes else { continue }
        let norm = 1 / Double(signs.count).squareRoot()
        maps.append(
          signs.sorted { $0.key < $1.key }.map { place, sign in
            (place / input.dimension, place % input.dimension, Double(sign) * norm)
          })
      }
    }
    return maps
  }

  private static func moved(
    _ map: SparseMap, _ input: FieldRepresentation, _ output: FieldRepresentation, by g: Int
  ) -> SparseMap {
    map.map { row, column, value in
      let (r, s) = output.image(of: row, under: g)
      let (c, t) = input.image(of: column, under: g)
      return (r, c, Double(s * t) * value)
    }
  }

  /// Two representations of which one does more than permute: maps as vectors of the product of the output with
  /// the dual of the input.
  private struct DensePair {
    let product: Representation
    let columns: Int

    init?(_ input: FieldRepresentation, _ output: FieldRepresentation, _ group: FiniteGroup) {
      guard !(input.isSignedPermutation && output.isSignedPermutation) else { return nil }
      // Both were made for this group.
      let a = try! Representation(
        group, name: output.name, matrices: (0..<group.order).map(output.matrix))
      let b = try! Representation(
        group, name: input.name, matrices: (0..<group.order).map(input.matrix))
      product = try! a.tensorProduct(b.dual)
      columns = input.dimension
    }

    func invariantMaps(under stabiliser: [Int]) -> [SparseMap] {
      let subgroup = try! product.group.subgroup(elements: stabiliser)
      return product.invariantSubspace(of: subgroup).map(sparse)
    }

    func moved(_ map: SparseMap, by g: Int) -> SparseMap {
      var vector = [Double](repeating: 0, count: product.dimension)
      for (row, column, value) in map { vector[row * columns + column] = value }
      return sparse(product.matrix(g) * vector)
    }

    private func sparse(_ vector: [Double]) -> SparseMap {
      vector.indices.map { ($0 / columns, $0 % columns, vector[$0]) }
    }
  }
}

extension FieldRepresentation {
  /// Where a component of a signed permutation goes, and its sign.
  func image(of component: Int, under g: Int) -> (component: Int, sign: Int) {
    guard case .permutation(let images, let signs) = action else {
      preconditionFailure("\(name) does more than permute components")
    }
    return (images[g][component], signs?[g][component] ?? 1)
  }
}
