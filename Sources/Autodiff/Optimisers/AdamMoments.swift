import Compute

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What `Adam` and `AdamW` have in common: the settings, the moments and the update.
struct AdamMoments<Scalar: LatticeReal>: Sendable {
  let beta1: Double
  let beta2: Double
  let epsilon: Double
  let weightDecay: Double
  let isAMSGrad: Bool
  /// Whether the decay acts on the parameters (`AdamW`) and not on the gradient.
  let decouplesDecay: Bool
  var stepCount = 0
  var first: Parameters<Scalar>?
  var second: Parameters<Scalar>?
  var largest: Parameters<Scalar>?

  init(
    beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double, isAMSGrad: Bool,
    decouplesDecay: Bool
  ) throws(AutodiffError) {
    try requireSetting("beta1", beta1, { (0..<1).contains($0) }, "at least 0 and below 1")
    try requireSetting("beta2", beta2, { (0..<1).contains($0) }, "at least 0 and below 1")
    // An epsilon that is 0 in the precision of the parameters would divide 0 by 0.
    try requireSetting("epsilon", epsilon, { Scalar($0) > 0 }, "positive")
    try requireSetting("the weight decay", weightDecay, { $0 >= 0 }, "0 or more")
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.isAMSGrad = isAMSGrad
    self.decouplesDecay = decouplesDecay
  }

  var settings: [String: Double] {
    [
      "beta1": beta1, "beta2": beta2, "epsilon": epsilon, "weightDecay": weightDecay,
      "isAMSGrad": isAMSGrad ? 1 : 0,
    ]
  }

  var slotNames: [String] {
    ["firstMoment", "secondMoment"] + (isAMSGrad ? ["largestSecondMoment"] : [])
  }

  /// The gradients must have been checked.
  mutating func step(
    _ parameters: inout Parameters<Scalar>, _ gradients: Gradients<Scalar>, _ learningRate: Double
  ) {
    if first == nil {
      first = parameters.zeros()
      second = first
      largest = isAMSGrad ? first : nil
    }
    stepCount += 1
    let correction1 = 1 - pow(beta1, Double(stepCount))
    let correction2 = 1 - pow(beta2, Double(stepCount))
    let update = AdamUpdate<Scalar>(
      shrinkage: decouplesDecay ? Scalar(1 - learningRate * weightDecay) : 1,
      decay: decouplesDecay ? 0 : Scalar(weightDecay), gain1: Scalar(1 - beta1),
      beta2: Scalar(beta2), gain2: Scalar(1 - beta2), epsilon: Scalar(epsilon),
      rate: Scalar(learningRate / correction1), root: Scalar(correction2.squareRoot()))
    for position in parameters.indices {
      gradients[position].tensor.withUnsafeValues { gradient in
        parameters.withUnsafeMutableValues(at: position) { values in
          first!.withUnsafeMutableValues(at: position) { m in
            second!.withUnsafeMutableValues(at: position) { v in
              guard isAMSGrad else { return update.apply(values, gradient, m, v, nil) }
              largest!.withUnsafeMutableValues(at: position) {
                update.apply(values, gradient, m, v, $0)
              }
            }
          }
        }
      }
    }
  }

  func state(kind: String) -> OptimiserState<Scalar> {
    var slots: [String: Parameters<Scalar>] = [:]
    slots["firstMoment"] = first
    slots["secondMoment"] = second
    slots["largestSecondMoment"] = largest
    return OptimiserState(kind: kind, settings: settings, stepCount: stepCount, slots: slots)
  }

  /// The tensors must have been checked.
  mutating func restore(_ slots: [String: Parameters<Scalar>], stepCount: Int) {
    first = slots["firstMoment"]
    second = slots["secondMoment"]
    largest = slots["largestSecondMoment"]
    self.stepCount = stepCount
  }
}

/// The constants of one step.
private struct AdamUpdate<Scalar: LatticeReal> {
  let shrinkage: Scalar
  let decay: Scalar
  let gain1: Scalar
  let beta2: Scalar
  let gain2: Scalar
  let epsilon: Scalar
  let rate: Scalar
  let root: Scalar

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func apply(
    _ values: UnsafeMutableBufferPointer<Scalar>, _ gradient: UnsafeBufferPointer<Scalar>,
    _ first: UnsafeMutableBufferPointer<Scalar>, _ second: UnsafeMutableBufferPointer<Scalar>,
    _ largest: UnsafeMutableBufferPointer<Scalar>?
  ) {
    nonisolated(unsafe) let (p, g, m, v, top) = (values, gradient, first, second, largest)
    parallelFor(values.count, grain: updateGrain) { range in
      // Copies, which stores to the tensors cannot change: the loops are vectorised.
      let (shrinkage, decay, gain1, beta2) = (shrinkage, decay, gain1, beta2)
      let (gain2, epsilon, rate, root) = (gain2, epsilon, rate, root)
      @inline(__always) func moments(_ i: Int) -> (value: Scalar, square: Scalar) {
        let value = p[i] * shrinkage
        let slope = g[i] + decay * value
        m[i] += (slope - m[i]) * gain1
        v[i] = beta2 * v[i] + gain2 * slope * slope
        return (value, v[i])
      }
      guard let top else {
        for i in range {
          let (value, square) = moments(i)
          p[i] = value - rate * m[i] / (square.squareRoot() / root + epsilon)
        }
        return
      }
      for i in range {
        let (value, square) = moments(i)
        let largest = top[i] > square ? top[i] : square
        top[i] = largest
        p[i] = value - rate * m[i] / (largest.squareRoot() / root + epsilon)
      }
    }
  }
}
