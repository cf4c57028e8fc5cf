import Autodiff
import Testing

@Suite struct AdamTests {
  private let gradients = [1.0, -0.5, 2, 0.25, 1e-3, -3, 0.01]

  /// The sums of arXiv:1412.6980 written out, without any recursion of moments.
  private func expected(
    decay: Double, decoupled: Bool, amsgrad: Bool, rate: Double, start: Double
  ) -> [Double] {
    let (b1, b2, epsilon) = (0.9, 0.999, 1e-8)
    var p = start
    var slopes: [Double] = []
    var result: [Double] = []
    var top = 0.0
    for g in gradients {
      slopes.append(decoupled ? g : g + decay * p)
      if decoupled { p -= rate * decay * p }
      var (m, v, c1, c2) = (0.0, 0.0, 1.0, 1.0)
      for (age, slope) in slopes.reversed().enumerated() {
        var (w1, w2) = (1.0, 1.0)
        for _ in 0..<age {
          w1 *= b1
          w2 *= b2
        }
        m += (1 - b1) * w1 * slope
        v += (1 - b2) * w2 * slope * slope
        c1 -= (1 - b1) * w1
        c2 -= (1 - b2) * w2
      }
      top = max(top, v)
      let root = ((amsgrad ? top : v) / (1 - c2)).squareRoot()
      p -= rate * (m / (1 - c1)) / (root + epsilon)
      result.append(p)
    }
    return result
  }

  @Test(arguments: [0.0, 0.1], [false, true]) func agreesWithTheSums(
    decay: Double, amsgrad: Bool
  ) throws {
    let adam = try Adam<Double>(weightDecay: decay, isAMSGrad: amsgrad)
    let adamW = try AdamW<Double>(weightDecay: decay, isAMSGrad: amsgrad)
    #expect(
      isClose(
        try path(adam, from: 0.7, gradients: gradients, rate: 0.05),
        expected(decay: decay, decoupled: false, amsgrad: amsgrad, rate: 0.05, start: 0.7), 1e-12))
    #expect(
      isClose(
        try path(adamW, from: 0.7, gradients: gradients, rate: 0.05),
        expected(decay: decay, decoupled: true, amsgrad: amsgrad, rate: 0.05, start: 0.7), 1e-12))
  }

  /// m / (1 - beta1) = g and v / (1 - beta2) = g^2, so the step is eta g / (|g| + epsilon).
  @Test func firstStepIsTheSign() throws {
    for g in [1e-3, -2.0, 1e4] {
      let step = try path(Adam<Double>(), from: 0, gradients: [g], rate: 0.01)[0]
      #expect(abs(step + 0.01 * g / (abs(g) + 1e-8)) < 1e-16)
      let single = try path(Adam<Float>(), from: 0, gradients: [Float(g)], rate: 0.01)[0]
      #expect(abs(Double(single) + 0.01 * (g > 0 ? 1 : -1)) < 1e-6)
    }
    // Under equal gradients every step is the same.
    let steps = try path(Adam<Double>(), from: 0, gradients: [2, 2, 2], rate: 0.5)
    #expect(isClose(steps, [-0.5, -1, -1.5], 1e-7))
  }

  @Test func decoupledDecayDoesNotFeelTheGradient() throws {
    #expect(try path(AdamW<Double>(weightDecay: 0.5), from: 1, gradients: [0], rate: 0.5) == [0.75])
    // The coupled decay is scaled away: a step of eta.
    let coupled = try path(Adam<Double>(weightDecay: 0.5), from: 1, gradients: [0], rate: 0.5)
    #expect(isClose(coupled, [0.5], 1e-7))
  }

  @Test func amsgradRemembersTheLargestMoment() throws {
    let gradients = [10.0] + [Double](repeating: 0.1, count: 20)
    let plain = try path(Adam<Double>(beta2: 0.5), from: 0, gradients: gradients, rate: 0.1)
    let ams = try path(
      Adam<Double>(beta2: 0.5, isAMSGrad: true), from: 0, gradients: gradients, rate: 0.1)
    #expect(abs(plain[20] - plain[19]) > 5 * abs(ams[20] - ams[19]))
  }

  @Test func settingsAreChecked() {
    #expect(throws: AutodiffError.self) { try Adam<Double>(beta1: 1) }
    #expect(throws: AutodiffError.self) { try Adam<Double>(beta2: -0.1) }
    #expect(throws: AutodiffError.self) { try AdamW<Double>(epsilon: 0) }
    // 1e-50 is 0 in single precision.
    #expect(throws: AutodiffError.self) { try AdamW<Float>(epsilon: 1e-50) }
    #expect(throws: AutodiffError.self) { try AdamW<Double>(weightDecay: .nan) }
  }
}
