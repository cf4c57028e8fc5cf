import Autodiff
import Compute
import Groups

/// The point that stays where it is when a group acts on a lattice.
public enum FixedPoint: String, Sendable, CaseIterable {
  /// The centre of the box, a site or between sites; right for any boundary.
  case centre
  /// The first site; needs periodic boundaries.
  case origin
}

extension FieldType {
  /// The fields as an element moves them: `(g f)(g x) = rho(g) f(x)`, exact permutations of sites.
  ///
  /// Extents go with their axes, so a lattice that is not square comes back turned.
  ///
  /// - Throws: `.representation` for a tensor of another shape, `.groups` for an element that does not exist.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func transformed<Scalar: LatticeReal>(
    _ x: Tensor<Scalar>, by g: Int, about fixed: FixedPoint = .centre
  ) throws(EquivariantError) -> Tensor<Scalar> {
    try require(shape: x.shape, layer: "the action of a group")
    guard (0..<group.order).contains(g) else {
      throw .groups(.elementOutOfRange(index: g, order: group.order))
    }
    let extents = Array(x.shape[2...])
    let (places, moved) = siteImages(
      of: g, in: group, extents: extents, about: fixed)
    let sites = places.count
    var values = [Scalar](repeating: 0, count: x.count)
    let source = x.values
    for sample in 0..<x.shape[0] {
      for (representation, first) in fields {
        let base = (sample * channels + first) * sites
        let n = representation.dimension
        switch representation.action {
        case .permutation(let images, let signs):
          for i in 0..<n {
            let sign = Scalar(signs?[g][i] ?? 1)
            let (from, to) = (base + i * sites, base + images[g][i] * sites)
            for x in 0..<sites { values[to + places[x]] = sign * source[from + x] }
          }
        case .matrices(let matrices):
          for i in 0..<n {
            for j in 0..<n {
              let m = Scalar(matrices[g][i, j])
              if m == 0 { continue }
              for x in 0..<sites {
                values[base + i * sites + places[x]] += m * source[base + j * sites + x]
              }
            }
          }
        }
      }
    }
    return try tensors { () throws(AutodiffError) in
      try Tensor(shape: Array(x.shape[..<2]) + moved, values: values)
    }
  }

  /// Components without sites, `[batch, channels]`, as an element moves them.
  ///
  /// - Throws: as `transformed(_:by:about:)`.
  public func transformedComponents<Scalar: LatticeReal>(
    _ x: Tensor<Scalar>, by g: Int
  ) throws(EquivariantError) -> Tensor<Scalar> {
    guard x.rank == 2 else {
      throw .representation(
        layer: "the action of a group", expected: "[batch, channels]", found: "\(x.shape)")
    }
    let ones = [Int](repeating: 1, count: group.dimension)
    let whole = try tensors { () throws(AutodiffError) in try x.reshaped(to: x.shape + ones) }
    let moved = try transformed(whole, by: g)
    return try tensors { () throws(AutodiffError) in try moved.reshaped(to: x.shape) }
  }

  /// Throws `.representation` unless a shape is `[batch, channels, n_0, ..., n_{d-1}]`.
  func require(shape: [Int], layer: String) throws(EquivariantError) {
    guard shape.count == group.dimension + 2, shape[1] == channels,
      shape.allSatisfy({ $0 >= 1 })
    else {
      throw .representation(
        layer: layer,
        expected: "\(self): [batch, \(channels)] and \(group.dimension) axes of sites",
        found: "the shape \(shape)")
    }
  }
}

/// Where an element sends every site, and the extents afterwards.
func siteImages(
  of g: Int, in group: LatticeGroup, extents: [Int], about fixed: FixedPoint
) -> (places: [Int], extents: [Int]) {
  let axes = group.axes[g]
  var moved = extents
  for mu in extents.indices { moved[axes.image(of: mu).axis] = extents[mu] }
  var strides = [Int](repeating: 1, count: extents.count)
  for mu in extents.indices.dropLast().reversed() {
    strides[mu] = strides[mu + 1] * moved[mu + 1]
  }
  var places = [0]
  for mu in extents.indices {
    let (axis, sign) = axes.image(of: mu)
    let n = extents[mu]
    places = places.flatMap { place in
      (0..<n).map { x in
        let image =
          sign > 0 ? x : fixed == .centre ? n - 1 - x : (n - x) % n
        return place + image * strides[axis]
      }
    }
  }
  return (places, moved)
}
