import Autodiff
import Testing

@Suite struct ScheduleTests {
  private func rates(_ schedule: LearningRateSchedule, _ count: Int) -> [Double] {
    (0..<count).map { schedule.rate(at: $0) }
  }

  @Test func rates() throws {
    #expect(rates(try .constant(0.5), 3) == [0.5, 0.5, 0.5])
    #expect(rates(try .step(1, every: 2, factor: 0.5), 5) == [1, 1, 0.5, 0.5, 0.25])
    #expect(rates(try .exponential(1, factor: 0.5), 4) == [1, 0.5, 0.25, 0.125])
    let cosine = try LearningRateSchedule.cosine(1, warmUp: 2, total: 6, minimum: 0.2)
    // cos(0, pi/4, pi/2, 3 pi/4) after the warm-up
    let root = 0.5.squareRoot()
    let expected = [0.5, 1, 1, 0.6 + 0.4 * root, 0.6, 0.6 - 0.4 * root, 0.2, 0.2]
    #expect(isClose(rates(cosine, 8), expected, 1e-15))
  }

  @Test func settingsAreChecked() {
    #expect(throws: AutodiffError.self) { try LearningRateSchedule.constant(-1) }
    #expect(throws: AutodiffError.self) { try LearningRateSchedule.step(1, every: 0, factor: 1) }
    #expect(throws: AutodiffError.self) { try LearningRateSchedule.exponential(1, factor: 0) }
    #expect(throws: AutodiffError.self) {
      try LearningRateSchedule.cosine(1, warmUp: 3, total: 3)
    }
    #expect(throws: AutodiffError.self) {
      try LearningRateSchedule.cosine(1, total: 3, minimum: 2)
    }
    #expect(throws: AutodiffError.self) { try ReduceOnPlateau(rate: 1, factor: 1) }
    #expect(throws: AutodiffError.self) { try EarlyStopping<Double>(patience: 0) }
  }

  @Test func plateau() throws {
    var plateau = try ReduceOnPlateau(
      rate: 1, factor: 0.5, patience: 1, threshold: 0.1, cooldown: 2, minimum: 0.3)
    // 9.5 is not 10 % better than 10; the second such loss is one more than the patience.
    let rates = try [10, 9.5, 9.5, 9.5, 9.5, 9.5, 9.5, 8, 8, 8].map { try plateau.record($0) }
    #expect(rates == [1, 1, 0.5, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3])
    #expect(plateau.best == 8)
    #expect(throws: AutodiffError.nonFinite(name: "loss", index: 0)) {
      try plateau.record(.nan)
    }
    var negative = try ReduceOnPlateau(rate: 1, patience: 0)
    try negative.record(-10)
    #expect(try negative.record(-9.9999) == 0.1)
  }

  @Test func earlyStopping() throws {
    var stopping = try EarlyStopping<Double>(patience: 2, minimumChange: 0.1)
    let losses = [1, 0.5, 0.45, 0.3, 0.25, 0.4]
    var improved: [Bool] = []
    for (step, loss) in losses.enumerated() {
      #expect(!stopping.shouldStop)
      improved.append(try stopping.record(loss, step: step, parameters: try single(loss)))
    }
    #expect(improved == [true, true, false, true, false, false])
    #expect(stopping.shouldStop)
    #expect(stopping.best?.step == 3 && stopping.best?.loss == 0.3)
    #expect(stopping.best?.parameters["p"]?.values == [0.3])
    #expect(throws: AutodiffError.self) {
      try stopping.record(.infinity, step: 6, parameters: try single(0))
    }
  }
}
