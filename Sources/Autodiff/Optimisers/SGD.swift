import Compute

/// Gradient descent with momentum.
///
/// With the gradient g, weight decay w, momentum mu, dampening d and learning rate eta
///
///     g <- g + w p
///     v <- g in the first step, mu v + (1 - d) g later
///     p <- p - eta (g + mu v  with Nesterov's rule, else v)
///
/// in PyTorch's form of the rule, in which the learning rate stands outside of the velocity (I.
/// Sutskever, J. Martens, G. Dahl and G. Hinton, ICML 2013). Without momentum `p <- p - eta g`.
public struct SGD<Scalar: LatticeReal>: Optimiser {
  public static var kind: String { "sgd" }
  public let momentum: Double
  public let dampening: Double
  public let weightDecay: Double
  public let isNesterov: Bool
  public private(set) var stepCount = 0
  private var velocity: Parameters<Scalar>?

  /// - Throws: `.setting` for a negative number, and for Nesterov's rule without momentum or with
  ///   dampening.
  public init(
    momentum: Double = 0, dampening: Double = 0, weightDecay: Double = 0, isNesterov: Bool = false
  ) throws(AutodiffError) {
    try requireSetting("the momentum", momentum, { $0 >= 0 }, "0 or more")
    try requireSetting("the dampening", dampening, { (0...1).contains($0) }, "from 0 to 1")
    try requireSetting("the weight decay", weightDecay, { $0 >= 0 }, "0 or more")
    if isNesterov {
      try requireSetting("the momentum of Nesterov's rule", momentum, { $0 > 0 }, "positive")
      try requireSetting("the dampening of Nesterov's rule", dampening, { $0 == 0 }, "0")
    }
    self.momentum = momentum
    self.dampening = dampening
    self.weightDecay = weightDecay
    self.isNesterov = isNesterov
  }

  public var settings: [String: Double] {
    [
      "momentum": momentum, "dampening": dampening, "weightDecay": weightDecay,
      "isNesterov": isNesterov ? 1 : 0,
    ]
  }

  public mutating func step(
    _ parameters: inout Parameters<Scalar>, gradients: Gradients<Scalar>, learningRate: Double
  ) throws(AutodiffError) {
    try requireStep(parameters, gradients, learningRate, state: velocity)
    // The first velocity is the gradient itself: 0 v + 1 g.
    let isFirst = velocity == nil
    if momentum != 0 && isFirst { velocity = parameters.zeros() }
    let update = DescentUpdate<Scalar>(
      rate: Scalar(learningRate), decay: Scalar(weightDecay), momentum: Scalar(momentum),
      kept: isFirst ? 0 : Scalar(momentum), added: isFirst ? 1 : Scalar(1 - dampening),
      isNesterov: isNesterov)
    for position in parameters.indices {
      gradients[position].tensor.withUnsafeValues { gradient in
        parameters.withUnsafeMutableValues(at: position) { values in
          guard momentum != 0 else { return update.apply(values, gradient, nil) }
          velocity!.withUnsafeMutableValues(at: position) { update.apply(values, gradient, $0) }
        }
      }
    }
    stepCount += 1
  }

  public var state: OptimiserState<Scalar> {
    OptimiserState(
      kind: Self.kind, settings: settings, stepCount: stepCount,
      slots: velocity.map { ["velocity": $0] } ?? [:])
  }

  public mutating func restore(
    _ state: OptimiserState<Scalar>, acceptsOtherSettings: Bool
  ) throws(AutodiffError) {
    let slots = try checkedSlots(
      state, names: momentum != 0 ? ["velocity"] : [], acceptsOtherSettings: acceptsOtherSettings)
    velocity = slots["velocity"]
    stepCount = state.stepCount
  }
}

/// The constants of one step.
private struct DescentUpdate<Scalar: LatticeReal> {
  let rate: Scalar
  let decay: Scalar
  let momentum: Scalar
  /// What is kept of the velocity and what is added of the gradient.
  let kept: Scalar
  let added: Scalar
  let isNesterov: Bool

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func apply(
    _ values: UnsafeMutableBufferPointer<Scalar>, _ gradient: UnsafeBufferPointer<Scalar>,
    _ velocity: UnsafeMutableBufferPointer<Scalar>?
  ) {
    nonisolated(unsafe) let (p, g, v) = (values, gradient, velocity)
    parallelFor(values.count, grain: updateGrain) { range in
      // Copies, which stores to the tensors cannot change: the loops are vectorised.
      let (rate, decay, momentum) = (rate, decay, momentum)
      let (kept, added, isNesterov) = (kept, added, isNesterov)
      guard let v else {
        for i in range { p[i] -= rate * (g[i] + decay * p[i]) }
        return
      }
      for i in range {
        let slope = g[i] + decay * p[i]
        let next = kept * v[i] + added * slope
        v[i] = next
        p[i] -= rate * (isNesterov ? slope + momentum * next : next)
      }
    }
  }
}
