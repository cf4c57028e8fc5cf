import Autodiff
import Testing

@Suite struct SGDTests {
  private let gradients = [1.0, -0.5, 2, 0.25]

  @Test func plainStep() throws {
    #expect(try path(SGD(), from: 1, gradients: [0.5, 0.5], rate: 0.25) == [0.875, 0.75])
    // p (1 - eta w) - eta g
    #expect(
      try path(SGD(weightDecay: 0.5), from: 1.0, gradients: [0.5], rate: 0.25) == [0.75])
  }

  /// By hand with mu = 1/2, eta = 1: v = 1, 0, 2, 1.25.
  @Test func momentumByHand() throws {
    #expect(
      try path(SGD(momentum: 0.5), from: 0, gradients: gradients, rate: 1) == [-1, -1, -3, -4.25])
    // g + v / 2 = 1.5, -0.5, 3, 0.875
    #expect(
      try path(SGD(momentum: 0.5, isNesterov: true), from: 0, gradients: gradients, rate: 1)
        == [-1.5, -1, -4, -4.875])
    // The first gradient is not dampened: v = 1, 0.25, 1.125, 0.6875.
    #expect(
      try path(SGD(momentum: 0.5, dampening: 0.5), from: 0, gradients: gradients, rate: 1)
        == [-1, -1.25, -2.375, -3.0625])
  }

  @Test(arguments: [false, true]) func agreesWithTheFormula(isNesterov: Bool) throws {
    let (mu, decay, rate) = (0.9, 0.01, 0.05)
    var (p, v) = (0.7, 0.0)
    var expected: [Double] = []
    for (t, g) in gradients.enumerated() {
      let slope = g + decay * p
      v = t == 0 ? slope : mu * v + slope
      p -= rate * (isNesterov ? slope + mu * v : v)
      expected.append(p)
    }
    let sgd = try SGD<Double>(momentum: mu, weightDecay: decay, isNesterov: isNesterov)
    #expect(isClose(try path(sgd, from: 0.7, gradients: gradients, rate: rate), expected, 1e-15))
  }

  @Test func settingsAreChecked() {
    #expect(throws: AutodiffError.self) { try SGD<Double>(momentum: -1) }
    #expect(throws: AutodiffError.self) { try SGD<Double>(isNesterov: true) }
    #expect(throws: AutodiffError.self) {
      try SGD<Double>(momentum: 0.9, dampening: 0.1, isNesterov: true)
    }
    #expect(throws: AutodiffError.self) { try SGD<Double>(weightDecay: .infinity) }
  }
}
