import Compute

/// Gradient descent scaled by moments of the gradient (D. P. Kingma and J. Ba, arXiv:1412.6980).
///
/// With the gradient g, weight decay w and learning rate eta, in step t = 1, 2, ...
///
///     g <- g + w p
///     m <- beta1 m + (1 - beta1) g,  v <- beta2 v + (1 - beta2) g^2
///     p <- p - eta m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
///
/// AMSGrad puts the largest v so far in place of v (S. J. Reddi, S. Kale and S. Kumar,
/// arXiv:1904.09237). The largest is taken before the division by 1 - beta2^t, as in PyTorch.
public struct Adam<Scalar: LatticeReal>: Optimiser {
  public static var kind: String { "adam" }
  private var moments: AdamMoments<Scalar>

  /// - Throws: `.setting` for a beta outside `0..<1`, an epsilon that is not positive in the
  ///   precision of the parameters, or a negative decay.
  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0,
    isAMSGrad: Bool = false
  ) throws(AutodiffError) {
    moments = try AdamMoments(
      beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
      isAMSGrad: isAMSGrad, decouplesDecay: false)
  }

  public var settings: [String: Double] { moments.settings }
  public var stepCount: Int { moments.stepCount }

  public mutating func step(
    _ parameters: inout Parameters<Scalar>, gradients: Gradients<Scalar>, learningRate: Double
  ) throws(AutodiffError) {
    try requireStep(parameters, gradients, learningRate, state: moments.first)
    moments.step(&parameters, gradients, learningRate)
  }

  public var state: OptimiserState<Scalar> { moments.state(kind: Self.kind) }

  public mutating func restore(
    _ state: OptimiserState<Scalar>, acceptsOtherSettings: Bool
  ) throws(AutodiffError) {
    let slots = try checkedSlots(
      state, names: moments.slotNames, acceptsOtherSettings: acceptsOtherSettings)
    moments.restore(slots, stepCount: state.stepCount)
  }
}
