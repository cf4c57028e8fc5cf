import Autodiff
import Compute

/// A function of the length of every field, for fields of any orthogonal representation:
///
///     y = x f(n + b) / n,  n = sqrt(|x|^2 + 1)
///
/// with a number b for every field (`bias`, -1 to begin with, so that f(0) meets x = 0). The 1 makes it smooth where
/// fields vanish, however f is. Adjoints g f/n + x (g.x) (f/n)'/n to the input and
/// sum (g.x) f'/n to b. D. Worrall et al., arXiv:1612.04642.
public struct NormNonlinearity: EquivariantLayer {
  public let name = "norm"
  public let input: FieldType
  public let activation: Activation
  public var output: FieldType { input }

  /// - Throws: `.representation` for fields whose length is not invariant.
  public init(_ input: FieldType, _ activation: Activation) throws(EquivariantError) {
    try input.require(layer: "norm", "fields of orthogonal representations") { $0.isOrthogonal }
    self.input = input
    self.activation = activation
  }

  public var parameters: [LayerParameter] {
    [.init(name: "bias", shape: [input.count], start: .constant(-1))]
  }
  public var settings: String { "\(name)(\(input), \(activation.rawValue))" }

  public func evaluate<Scalar: LatticeReal>(
    _ x: Variable<Tensor<Scalar>>, _ weights: LayerWeights<Scalar>
  ) throws(EquivariantError) -> Variable<Tensor<Scalar>> {
    let bias = try weights.tensor("bias", shape: [input.count])
    let shape = x.value.shape
    let norms = FieldNorms(
      batch: shape[0], channels: shape[1], sites: shape[2...].reduce(1, *),
      fields: input.fields.map { ($0.channel, $0.representation.dimension) },
      activation: activation)
    let value = tensor(shape, norms.values(x.value, bias.value))
    return x.tape.record(value, inputs: [x, bias]) { g, cotangents in
      let parts = norms.adjoint(g, x.value, bias.value)
      if x.isActive { cotangents.add(tensor(shape, parts.x), to: x) }
      if bias.isActive { cotangents.add(tensor(bias.value.shape, parts.bias), to: bias) }
    }
  }
}

/// Lengths of fields at sites.
private struct FieldNorms: Sendable {
  let batch: Int
  let channels: Int
  let sites: Int
  let fields: [(channel: Int, dimension: Int)]
  let activation: Activation

  /// n, f(n + b) and f'(n + b) at all sites of a field.
  @inline(__always)
  private func functions<Scalar: LatticeReal>(
    _ x: UnsafePointer<Scalar>, dimension: Int, bias: Scalar
  ) -> (n: [Scalar], value: [Scalar], slope: [Scalar]) {
    var n = [Scalar](repeating: 1, count: sites)
    for i in 0..<dimension {
      for s in 0..<sites { n[s] += x[i * sites + s] * x[i * sites + s] }
    }
    for s in 0..<sites { n[s] = n[s].squareRoot() }
    let argument = n.map { $0 + bias }
    var value = n
    var slope = [Scalar](repeating: 1, count: sites)
    argument.withUnsafeBufferPointer { z in
      value.withUnsafeMutableBufferPointer {
        activation.evaluate(z.baseAddress!, count: sites, to: $0.baseAddress!)
      }
      slope.withUnsafeMutableBufferPointer {
        activation.multiply(
          UnsafePointer($0.baseAddress!), byDerivativesAt: z.baseAddress!, count: sites,
          to: $0.baseAddress!)
      }
    }
    return (n, value, slope)
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func values<Scalar: LatticeReal>(_ x: Tensor<Scalar>, _ bias: Tensor<Scalar>) -> [Scalar] {
    var result = [Scalar](repeating: 0, count: x.count)
    x.withUnsafeValues { x in
      for b in 0..<batch {
        for (k, field) in fields.enumerated() {
          let first = (b * channels + field.channel) * sites
          let f = functions(
            x.baseAddress! + first, dimension: field.dimension, bias: bias.values[k])
          for i in 0..<field.dimension {
            let place = first + i * sites
            for s in 0..<sites { result[place + s] = x[place + s] * f.value[s] / f.n[s] }
          }
        }
      }
    }
    return result
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func adjoint<Scalar: LatticeReal>(
    _ g: Tensor<Scalar>, _ x: Tensor<Scalar>, _ bias: Tensor<Scalar>
  ) -> (x: [Scalar], bias: [Scalar]) {
    var result = [Scalar](repeating: 0, count: x.count)
    var sums = [Double](repeating: 0, count: fields.count)
    x.withUnsafeValues { x in
      g.withUnsafeValues { g in
        for b in 0..<batch {
          for (k, field) in fields.enumerated() {
            let first = (b * channels + field.channel) * sites
            let f = functions(
              x.baseAddress! + first, dimension: field.dimension, bias: bias.values[k])
            var product = [Scalar](repeating: 0, count: sites)
            for i in 0..<field.dimension {
              let place = first + i * sites
              for s in 0..<sites { product[s] += g[place + s] * x[place + s] }
            }
            for s in 0..<sites { sums[k] += Double(product[s] * f.slope[s] / f.n[s]) }
            for s in 0..<sites {
              // (f / n)' / n
              product[s] *= (f.slope[s] - f.value[s] / f.n[s]) / (f.n[s] * f.n[s])
            }
            for i in 0..<field.dimension {
              let place = first + i * sites
              for s in 0..<sites {
                result[place + s] =
                  g[place + s] * f.value[s] / f.n[s] + x[place + s] * product[s]
              }
            }
          }
        }
      }
    }
    return (result, sums.map { Scalar($0) })
  }
}
