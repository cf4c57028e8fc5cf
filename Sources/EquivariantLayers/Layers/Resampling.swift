import Autodiff
import Compute

/// A change of the lattice that commutes with the group.
///
/// - `average`: means over blocks of s sites along every axis. Extents must be multiples of s; then reflections
///   about the centre of the lattice send blocks to blocks. Of translations those by multiples of s are left.
/// - `repetition`: every site s times along every axis, the adjoint of averages times s^d; any extents.
/// - `stride`: every s-th site. About the centre extents must be 1 more than a multiple of s, so that the last site
///   is kept with the first; about the origin, on a periodic lattice, multiples of s.
public struct Resampling: EquivariantLayer {
  public enum Kind: Sendable, Equatable {
    case average
    case repetition
    case stride(about: FixedPoint)
  }

  public let name: String
  public let input: FieldType
  public let kind: Kind
  /// s along every axis.
  public let sizes: [Int]
  public var output: FieldType { input }

  /// - Throws: `.setting` for sizes below 1 or another number of them, `.lattice` for sizes that the group does not
  ///   preserve.
  public init(_ input: FieldType, _ kind: Kind, sizes: [Int]) throws(EquivariantError) {
    name =
      switch kind {
      case .average: "blockAverage"
      case .repetition: "repetition"
      case .stride: "subsampling"
      }
    for size in sizes { try requirePositive("the sizes", size, layer: name) }
    try input.group.require(extents: sizes, layer: "the sizes of \(name)")
    (self.input, self.kind, self.sizes) = (input, kind, sizes)
  }

  public var fixedPoint: FixedPoint? {
    switch kind {
    case .average, .repetition: .centre
    case .stride(let point): point
    }
  }
  public var settings: String { "\(name)(\(input), \(kind), \(sizes))" }

  public func outputExtents(_ extents: [Int]) throws(EquivariantError) -> [Int] {
    try input.group.require(extents: extents, layer: name)
    var result = extents
    for mu in extents.indices {
      let (n, s) = (extents[mu], sizes[mu])
      switch kind {
      case .repetition: result[mu] = n * s
      case .average, .stride(about: .origin):
        guard n % s == 0 else {
          throw .setting(
            layer: name, name: "extent \(mu)", expected: "a multiple of \(s)", found: "\(n)")
        }
        result[mu] = n / s
      case .stride(about: .centre):
        guard (n - 1) % s == 0 else {
          throw .setting(
            layer: name, name: "extent \(mu)", expected: "1 more than a multiple of \(s)",
            found: "\(n)")
        }
        result[mu] = (n - 1) / s + 1
      }
    }
    return result
  }

  public func evaluate<Scalar: LatticeReal>(
    _ x: Variable<Tensor<Scalar>>, _ weights: LayerWeights<Scalar>
  ) throws(EquivariantError) -> Variable<Tensor<Scalar>> {
    let shape = x.value.shape
    let extents = Array(shape[2...])
    let target = try outputExtents(extents)
    let isAverage = kind == .average
    // Averages add fine sites to coarse ones; the others read one site for each that they write.
    let places = sourceSites(of: isAverage ? extents : target, in: isAverage ? target : extents)
    let factor = isAverage ? 1 / Scalar(sizes.reduce(1, *)) : 1
    let (from, to) = (extents.reduce(1, *), target.reduce(1, *))
    func run(_ x: Tensor<Scalar>, _ sites: Int, adds: Bool, _ extents: [Int]) -> Tensor<Scalar> {
      tensor(
        Array(shape[..<2]) + extents,
        moveSites(
          x, rows: shape[0] * shape[1], places: places, sites: sites, factor: factor, adds: adds))
    }
    return x.tape.record(run(x.value, to, adds: isAverage, target), inputs: [x]) { g, cotangents in
      cotangents.add(run(g, from, adds: !isAverage, extents), to: x)
    }
  }

  /// For every site of one lattice the site of the other.
  private func sourceSites(of extents: [Int], in others: [Int]) -> [Int] {
    var places = [0]
    for mu in extents.indices {
      places = places.flatMap { place in
        (0..<extents[mu]).map { x in
          let other: Int =
            switch kind {
            case .average, .repetition: x / sizes[mu]
            case .stride: x * sizes[mu]
            }
          return place * others[mu] + other
        }
      }
    }
    return places
  }
}

/// `y[r, k] = factor x[r, places[k]]`, or with `adds` `y[r, places[k]] += factor x[r, k]`.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func moveSites<Scalar: LatticeReal>(
  _ x: Tensor<Scalar>, rows: Int, places: [Int], sites: Int, factor: Scalar, adds: Bool
) -> [Scalar] {
  var result = [Scalar](repeating: 0, count: rows * sites)
  let width = x.count / rows
  x.withUnsafeValues { x in
    for row in 0..<rows {
      let (from, to) = (row * width, row * sites)
      if adds {
        for (k, place) in places.enumerated() { result[to + place] += factor * x[from + k] }
      } else {
        for (k, place) in places.enumerated() { result[to + k] = factor * x[from + place] }
      }
    }
  }
  return result
}
