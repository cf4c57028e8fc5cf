import Autodiff
import Compute

/// The mean, or the largest, of the components of every field: from permutation representations to scalars.
///
/// Adjoint of the mean g / n for every component; of the largest, g for the first that is largest.
public struct GroupPooling: EquivariantLayer {
  public enum Kind: String, Codable, Sendable, CaseIterable { case mean, largest }

  public let name = "groupPooling"
  public let input: FieldType
  public let output: FieldType
  public let kind: Kind

  /// - Throws: `.representation` for fields whose components are not only permuted.
  public init(_ input: FieldType, _ kind: Kind = .mean) throws(EquivariantError) {
    try input.require(layer: "groupPooling", "fields whose components are permuted") {
      $0.isPermutation
    }
    self.input = input
    self.kind = kind
    output = try .scalar(input.group, input.count)
  }

  public var settings: String { "\(name)(\(input), \(kind.rawValue))" }

  public func evaluate<Scalar: LatticeReal>(
    _ x: Variable<Tensor<Scalar>>, _ weights: LayerWeights<Scalar>
  ) throws(EquivariantError) -> Variable<Tensor<Scalar>> {
    let shape = x.value.shape
    let pool = ComponentPool(
      batch: shape[0], channels: shape[1], sites: shape[2...].reduce(1, *),
      fields: input.fields.map { ($0.channel, $0.representation.dimension) })
    let (values, places) =
      kind == .mean ? (pool.means(x.value), []) : pool.largest(x.value)
    let result = tensor([shape[0], output.channels] + shape[2...], values)
    return x.tape.record(result, inputs: [x]) { g, cotangents in
      cotangents.add(
        tensor(shape, places.isEmpty ? pool.spread(g) : pool.scatter(g, places)), to: x)
    }
  }
}

/// Components of fields, one channel of the result a field.
private struct ComponentPool: Sendable {
  let batch: Int
  let channels: Int
  let sites: Int
  let fields: [(channel: Int, dimension: Int)]

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func means<Scalar: LatticeReal>(_ x: Tensor<Scalar>) -> [Scalar] {
    var result = [Scalar](repeating: 0, count: batch * fields.count * sites)
    x.withUnsafeValues { x in
      for b in 0..<batch {
        for (k, field) in fields.enumerated() {
          let to = (b * fields.count + k) * sites
          for i in 0..<field.dimension {
            let from = (b * channels + field.channel + i) * sites
            for s in 0..<sites { result[to + s] += x[from + s] }
          }
          let factor = 1 / Scalar(field.dimension)
          for s in 0..<sites { result[to + s] *= factor }
        }
      }
    }
    return result
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func spread<Scalar: LatticeReal>(_ g: Tensor<Scalar>) -> [Scalar] {
    var result = [Scalar](repeating: 0, count: batch * channels * sites)
    g.withUnsafeValues { g in
      for b in 0..<batch {
        for (k, field) in fields.enumerated() {
          let from = (b * fields.count + k) * sites
          let factor = 1 / Scalar(field.dimension)
          for i in 0..<field.dimension {
            let to = (b * channels + field.channel + i) * sites
            for s in 0..<sites { result[to + s] = factor * g[from + s] }
          }
        }
      }
    }
    return result
  }

  /// The largest components and their places in the input.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func largest<Scalar: LatticeReal>(_ x: Tensor<Scalar>) -> ([Scalar], [Int]) {
    var values = [Scalar](repeating: 0, count: batch * fields.count * sites)
    var places = [Int](repeating: 0, count: values.count)
    x.withUnsafeValues { x in
      for b in 0..<batch {
        for (k, field) in fields.enumerated() {
          let to = (b * fields.count + k) * sites
          for i in 0..<field.dimension {
            let from = (b * channels + field.channel + i) * sites
            for s in 0..<sites where i == 0 || x[from + s] > values[to + s] {
              (values[to + s], places[to + s]) = (x[from + s], from + s)
            }
          }
        }
      }
    }
    return (values, places)
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func scatter<Scalar: LatticeReal>(_ g: Tensor<Scalar>, _ places: [Int]) -> [Scalar] {
    var result = [Scalar](repeating: 0, count: batch * channels * sites)
    g.withUnsafeValues { g in
      for (k, place) in places.enumerated() { result[place] += g[k] }
    }
    return result
  }
}
