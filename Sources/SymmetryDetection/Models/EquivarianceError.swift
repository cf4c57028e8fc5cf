import Groups
import Statistics

/// How far maps are from equivariance under the elements of a group.
///
/// For an element g, e(g) = |f(g x) - rho(g) f(x)| / |f(x)|, averaged over inputs x that are taken as independent,
/// with its standard error; where f(x) is zero, the numerator is relative to |f(g x)|. Norms are Euclidean.
/// A data set is measured alike, with its own map from inputs to targets in the place of f: a model need not be
/// more equivariant than what it learns.
///
/// Source: R. Wang, R. Walters and T. E. Smidt, arXiv:2310.02299.
public struct EquivarianceProbe<Input> {
  /// A map from inputs to numbers on which the group acts: a layer, a whole model, or the data themselves.
  public struct Layer {
    public let name: String
    /// f(x).
    public let output: (Input) throws -> [Double]
    /// rho(g) y, from the element of the group and y.
    public let action: (Int, [Double]) throws -> [Double]

    public init(
      name: String, output: @escaping (Input) throws -> [Double],
      action: @escaping (Int, [Double]) throws -> [Double]
    ) {
      (self.name, self.output, self.action) = (name, output, action)
    }

    /// A layer whose outputs carry a representation.
    public init(
      name: String, representation: Representation, output: @escaping (Input) throws -> [Double]
    ) {
      self.init(name: name, output: output) { element, y in representation.matrix(element) * y }
    }
  }

  public let group: FiniteGroup
  /// g x.
  public let inputAction: (Int, Input) throws -> Input
  public let layers: [Layer]
  /// The map that the data give themselves, where it is known.
  public let data: Layer?

  public init(
    group: FiniteGroup, inputAction: @escaping (Int, Input) throws -> Input, layers: [Layer],
    data: Layer? = nil
  ) {
    (self.group, self.inputAction, self.layers, self.data) = (group, inputAction, layers, data)
  }

  /// One row for each layer and element, in this order; `inputs` belong to one lattice, which `size` names.
  ///
  /// - Parameter elements: of the group; by default all but the identity.
  /// - Throws: `DetectionError.invalidParameter` for fewer than two inputs, `.componentCountMismatch` where an action
  ///   changes the number of components, `.nonFiniteSample`; what the closures throw.
  public func errors(
    on inputs: [Input], size: String, elements: [Int]? = nil
  ) throws -> [EquivarianceError] {
    guard inputs.count >= 2 else {
      throw DetectionError.invalidParameter(
        name: "the number of inputs", expected: "2 or more, for a standard error",
        found: "\(inputs.count)")
    }
    let elements = elements ?? Array(1..<group.order)
    let moved = try elements.map { g in try inputs.map { try inputAction(g, $0) } }
    let ofData = try data.map { try estimates($0, inputs, moved, elements) }
    return try layers.flatMap { layer in
      try zip(elements, estimates(layer, inputs, moved, elements)).enumerated().map { k, row in
        EquivarianceError(
          layer: layer.name, size: size, element: row.0, label: group.labels[row.0],
          estimate: row.1, data: ofData?[k])
      }
    }
  }

  private func estimates(
    _ layer: Layer, _ inputs: [Input], _ moved: [[Input]], _ elements: [Int]
  ) throws -> [Estimate] {
    let outputs = try inputs.map(layer.output)
    return try elements.indices.map { k in
      let values = try inputs.indices.map { x in
        let expected = try layer.action(elements[k], outputs[x])
        let found = try layer.output(moved[k][x])
        return try relativeDistance(found, expected, name: layer.name, input: x)
      }
      return Self.mean(values)
    }
  }

  /// The mean of independent numbers and its standard error.
  static func mean(_ values: [Double]) -> Estimate {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return Estimate(value: mean, error: (squares / (n * (n - 1))).squareRoot())
  }
}

/// The equivariance error of one layer under one element.
public struct EquivarianceError: Sendable, Hashable {
  public let layer: String
  /// The lattice of the inputs.
  public let size: String
  public let element: Int
  public let label: String
  /// The mean of |f(g x) - rho(g) f(x)| / |f(x)| with its standard error.
  public let estimate: Estimate
  /// The same of the data; nil where their map is not known.
  public let data: Estimate?
}

/// |found - expected| / |expected|, or relative to |found| where nothing is expected.
func relativeDistance(
  _ found: [Double], _ expected: [Double], name: String, input: Int
) throws(DetectionError) -> Double {
  guard found.count == expected.count else {
    throw .componentCountMismatch(
      observable: name, chain: 0, sample: input, expected: expected.count, found: found.count)
  }
  var (distance, norm, other) = (0.0, 0.0, 0.0)
  for (component, (a, b)) in zip(found, expected).enumerated() {
    guard a.isFinite, b.isFinite else {
      throw .nonFiniteSample(observable: name, chain: 0, sample: input, component: component)
    }
    distance += (a - b) * (a - b)
    norm += b * b
    other += a * a
  }
  if distance == 0 { return 0 }
  return (distance / (norm > 0 ? norm : other)).squareRoot()
}
