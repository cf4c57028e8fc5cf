import Autodiff
import Compute

/// Every field of every member of a batch brought to mean square 1 over its components and sites:
///
///     y = gain (x - m) / sqrt(v + epsilon) + shift,  v = mean (x - m)^2,  epsilon = 1e-5
///
/// m is the mean over components and sites, and the shift is learned, where components are only permuted; both are
/// 0 for other fields, of which no constant is invariant. Weights: `gain` of every field, 1 to begin with, `shift` of
/// every field (0, and not used for those others). D. Ulyanov et al., arXiv:1607.08022.
public struct FieldNormalisation: EquivariantLayer {
  public let name = "normalisation"
  public let input: FieldType
  public var output: FieldType { input }

  /// - Throws: `.representation` for fields whose length is not invariant.
  public init(_ input: FieldType) throws(EquivariantError) {
    try input.require(layer: "normalisation", "fields of orthogonal representations") {
      $0.isOrthogonal
    }
    self.input = input
  }

  public var parameters: [LayerParameter] {
    [
      .init(name: "gain", shape: [input.count], start: .constant(1)),
      .init(name: "shift", shape: [input.count], start: .constant(0)),
    ]
  }

  public func evaluate<Scalar: LatticeReal>(
    _ x: Variable<Tensor<Scalar>>, _ weights: LayerWeights<Scalar>
  ) throws(EquivariantError) -> Variable<Tensor<Scalar>> {
    let gain = try weights.tensor("gain", shape: [input.count])
    let shift = try weights.tensor("shift", shape: [input.count])
    let shape = x.value.shape
    let sites = shape[2...].reduce(1, *)
    let moments = FieldMoments(
      batch: shape[0],
      fields: input.fields.map {
        (
          $0.channel * sites, $0.representation.dimension * sites, $0.representation.isPermutation
        )
      },
      stride: shape[1] * sites)
    let value = tensor(shape, moments.values(x.value, gain.value, shift.value))
    return x.tape.record(value, inputs: [x, gain, shift]) { g, cotangents in
      let parts = moments.adjoint(g, x.value, gain.value)
      if x.isActive { cotangents.add(tensor(shape, parts.x), to: x) }
      if gain.isActive { cotangents.add(tensor(gain.value.shape, parts.gain), to: gain) }
      if shift.isActive { cotangents.add(tensor(shift.value.shape, parts.shift), to: shift) }
    }
  }
}

/// Means over the numbers of a field, which lie together; in double precision.
private struct FieldMoments: Sendable {
  let batch: Int
  /// First number within a sample, how many, and whether the mean is taken away.
  let fields: [(first: Int, count: Int, centres: Bool)]
  let stride: Int

  @inline(__always)
  private func moments<Scalar: LatticeReal>(
    _ x: UnsafePointer<Scalar>, _ count: Int, centres: Bool
  ) -> (mean: Double, factor: Double) {
    var (mean, square) = (0.0, 0.0)
    if centres {
      for k in 0..<count { mean += Double(x[k]) }
      mean /= Double(count)
    }
    for k in 0..<count {
      let d = Double(x[k]) - mean
      square += d * d
    }
    return (mean, 1 / (square / Double(count) + 1e-5).squareRoot())
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func values<Scalar: LatticeReal>(
    _ x: Tensor<Scalar>, _ gain: Tensor<Scalar>, _ shift: Tensor<Scalar>
  ) -> [Scalar] {
    var result = [Scalar](repeating: 0, count: x.count)
    x.withUnsafeValues { x in
      for b in 0..<batch {
        for (f, field) in fields.enumerated() {
          let first = b * stride + field.first
          let m = moments(x.baseAddress! + first, field.count, centres: field.centres)
          let factor = m.factor * Double(gain.values[f])
          let constant = field.centres ? Double(shift.values[f]) : 0
          for k in first..<(first + field.count) {
            result[k] = Scalar((Double(x[k]) - m.mean) * factor + constant)
          }
        }
      }
    }
    return result
  }

  /// With z = (x - m) / sqrt(v + epsilon): gain / sqrt(v + epsilon) (g - mean g - z mean(g z)), the mean of g only
  /// where m is taken.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func adjoint<Scalar: LatticeReal>(
    _ g: Tensor<Scalar>, _ x: Tensor<Scalar>, _ gain: Tensor<Scalar>
  ) -> (x: [Scalar], gain: [Scalar], shift: [Scalar]) {
    var result = [Scalar](repeating: 0, count: x.count)
    var gains = [Double](repeating: 0, count: fields.count)
    var shifts = gains
    x.withUnsafeValues { x in
      g.withUnsafeValues { g in
        for b in 0..<batch {
          for (f, field) in fields.enumerated() {
            let first = b * stride + field.first
            let range = first..<(first + field.count)
            let m = moments(x.baseAddress! + first, field.count, centres: field.centres)
            var (sum, product) = (0.0, 0.0)
            for k in range {
              sum += Double(g[k])
              product += Double(g[k]) * (Double(x[k]) - m.mean) * m.factor
            }
            gains[f] += product
            if field.centres { shifts[f] += sum }
            let mean = field.centres ? sum / Double(field.count) : 0
            let along = product / Double(field.count)
            let factor = m.factor * Double(gain.values[f])
            for k in range {
              let z = (Double(x[k]) - m.mean) * m.factor
              result[k] = Scalar(factor * (Double(g[k]) - mean - z * along))
            }
          }
        }
      }
    }
    return (result, gains.map { Scalar($0) }, shifts.map { Scalar($0) })
  }
}
