import Statistics

/// How far maps are from equivariance under continuous groups that act on inputs, to first order.
///
/// For a generator X, L_X f(x) = d/ds rho(exp(-s X)) f(exp(s X) x) at s = 0, and the error is |L_X f(x)| / |f(x)|,
/// averaged over inputs that are taken as independent. It is zero for all x exactly where f is equivariant under the
/// subgroup that X generates. The derivative is a central difference of fourth order,
/// [8 (y(h) - y(-h)) - (y(2h) - y(-2h))] / (12 h), y(s) = rho(exp(-s X)) f(exp(s X) x).
///
/// Source: N. Gruver, M. Finzi, M. Goldblum and A. G. Wilson, arXiv:2210.02984.
public struct LieDerivativeProbe<Input> {
  /// A generator: what it is called, and how the group that it generates acts on inputs and outputs.
  public struct Generator {
    public let name: String
    /// exp(s X) x.
    public let inputFlow: (Double, Input) throws -> Input
    /// rho(exp(s X)) y.
    public let outputFlow: (Double, [Double]) throws -> [Double]

    /// - Parameter outputFlow: by default outputs are invariant.
    public init(
      name: String, inputFlow: @escaping (Double, Input) throws -> Input,
      outputFlow: @escaping (Double, [Double]) throws -> [Double] = { $1 }
    ) {
      (self.name, self.inputFlow, self.outputFlow) = (name, inputFlow, outputFlow)
    }
  }

  public let generators: [Generator]
  /// h, in units of the parameter s.
  public let step: Double

  public init(generators: [Generator], step: Double = 1e-3) {
    (self.generators, self.step) = (generators, step)
  }

  /// One row for each generator.
  ///
  /// - Throws: `DetectionError.invalidParameter` for fewer than two inputs or a step that is not positive,
  ///   `.componentCountMismatch`, `.nonFiniteSample`; what the closures throw.
  public func errors(
    of output: (Input) throws -> [Double], name: String, on inputs: [Input]
  ) throws -> [LieDerivativeError] {
    guard inputs.count >= 2 else {
      throw DetectionError.invalidParameter(
        name: "the number of inputs", expected: "2 or more, for a standard error",
        found: "\(inputs.count)")
    }
    guard step > 0, step.isFinite else {
      throw DetectionError.invalidParameter(
        name: "the step", expected: "positive", found: "\(step)")
    }
    return try generators.map { generator in
      let values = try inputs.enumerated().map { index, x in
        func y(_ s: Double) throws -> [Double] {
          try generator.outputFlow(-s, try output(try generator.inputFlow(s, x)))
        }
        let (here, near, far) = try (y(0), (y(step), y(-step)), (y(2 * step), y(-2 * step)))
        let sizes = [near.0.count, near.1.count, far.0.count, far.1.count]
        if let other = sizes.first(where: { $0 != here.count }) {
          throw DetectionError.componentCountMismatch(
            observable: name, chain: 0, sample: index, expected: here.count, found: other)
        }
        let shifted = here.indices.map { i in
          here[i]
            + (8 * (near.0[i] - near.1[i]) - (far.0[i] - far.1[i])) / (12 * step)
        }
        return try relativeDistance(shifted, here, name: name, input: index)
      }
      return LieDerivativeError(
        layer: name, generator: generator.name, estimate: EquivarianceProbe<Input>.mean(values))
    }
  }
}

/// The Lie-derivative error of one layer under one generator.
public struct LieDerivativeError: Sendable, Hashable {
  public let layer: String
  public let generator: String
  /// The mean of |L_X f(x)| / |f(x)| with its standard error, per unit of the parameter of the group.
  public let estimate: Estimate
}
