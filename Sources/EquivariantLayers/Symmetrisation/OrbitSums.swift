import Autodiff
import Compute
import Groups

/// One term of a sum over moved samples: `out[to] += weight (g x)[from]`.
struct OrbitTerm: Sendable {
  let to: Int
  let from: Int
  /// g
  let element: Int
  let weight: Double
}

extension FieldType {
  /// `out[b] = sum over terms to b of weight (g x)[from]`, samples of fields on sites `[batch, channels, n_0, ...]` or without
  /// sites, `[batch, channels]`.
  func orbitSums<Scalar: LatticeReal>(
    _ x: Tensor<Scalar>, _ terms: [OrbitTerm], count: Int, about fixed: FixedPoint
  ) throws(EquivariantError) -> Tensor<Scalar> {
    let size = x.count / max(1, x.shape[0])
    let one = [1] + x.shape[1...]
    var values = [Scalar](repeating: 0, count: count * size)
    let source = x.values
    for term in terms {
      let sample = tensor(one, Array(source[(term.from * size)..<((term.from + 1) * size)]))
      let moved =
        x.rank == 2
        ? try transformedComponents(sample, by: term.element)
        : try transformed(sample, by: term.element, about: fixed)
      let weight = Scalar(term.weight)
      moved.withUnsafeValues { moved in
        for i in 0..<size { values[term.to * size + i] += weight * moved[i] }
      }
    }
    return tensor([count] + x.shape[1...], values)
  }

  /// The same on a tape; adjoint the sum with inverse elements, for orthogonal representations.
  func orbitSums<Scalar: LatticeReal>(
    _ x: Variable<Tensor<Scalar>>, _ terms: [OrbitTerm], count: Int, about fixed: FixedPoint
  ) throws(EquivariantError) -> Variable<Tensor<Scalar>> {
    let value = try orbitSums(x.value, terms, count: count, about: fixed)
    let samples = x.value.shape[0]
    return x.tape.record(value, inputs: [x]) { g, cotangents in
      let back = terms.map {
        OrbitTerm(
          to: $0.from, from: $0.to, element: group.group.inverse($0.element), weight: $0.weight)
      }
      // The same fields, which have been moved before.
      cotangents.add(try! orbitSums(g, back, count: samples, about: fixed), to: x)
    }
  }

  /// Throws unless samples of these fields can be moved and stay on their lattice.
  func requireMovable(shape: [Int], layer: String) throws(EquivariantError) {
    try require(layer: layer, "fields of orthogonal representations") { $0.isOrthogonal }
    if shape.count == 2 {
      guard shape[1] == channels else {
        throw .representation(
          layer: layer, expected: "\(self): [batch, \(channels)]", found: "the shape \(shape)")
      }
      return
    }
    try require(shape: shape, layer: layer)
    try group.require(extents: Array(shape[2...]), layer: layer)
  }
}
