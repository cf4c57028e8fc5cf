import Autodiff
import Compute
import GaugeLayers
import Lattice
import TestSupport
import Testing
import Training

/// Steps, restarts and the end of a training.
@Suite struct TrainerTests {
  private func trainer<S: LatticeReal>(
    _: S.Type, _ change: (inout TrainingSettings) -> Void = { _ in }
  ) throws -> Trainer<S> {
    var plan = TrainingPlan.small()
    change(&plan.training)
    let field = try LinkField<S>.hot([4, 4], .su2, batch: 40)
    var store = ConfigurationStore<S>(field.geometry, group: .su2)
    store.append(field)
    return try Trainer(
      GaugeNetwork(plan.network), try Dataset(store, [.wilsonLoop(1, 2)]), plan.training)
  }

  /// Steps to the end, with the validation loss of an epoch taken to be its own.
  private func run<S>(_ trainer: inout Trainer<S>, until stop: Int = .max) throws {
    while !trainer.isFinished, trainer.step < stop {
      try trainer.makeStep()
      if trainer.isEndOfEpoch { try trainer.record(validationLoss: trainer.meanLoss) }
    }
  }

  private func resumeIsExact<S: LatticeReal>(_ type: S.Type, _ rule: TrainingSettings.Rule) throws {
    func make() throws -> Trainer<S> {
      try trainer(type) {
        ($0.optimiser, $0.momentum, $0.clip, $0.weightDecay) = (rule, 0.9, 0.5, 0.01)
      }
    }
    var whole = try make()
    try withThreads(1) { try run(&whole) }
    #expect(whole.step == 9 && whole.stepsPerEpoch == 3)
    for stop in 0..<9 {
      var first = try make()
      try withThreads(2) { try run(&first, until: stop) }
      let bytes = try first.state.safetensors().encoded()
      var second = try make()
      try second.restore(try TrainingState(Safetensors(bytes: bytes)), file: "state")
      #expect(second.step == stop)
      try withThreads(1) { try run(&second) }
      #expect(second.parameters == whole.parameters)
      #expect(second.meanLoss == whole.meanLoss && second.stopping == whole.stopping)
      #expect(
        try second.state.safetensors().encoded() == (try whole.state.safetensors().encoded()))
    }
  }

  @Test("a continuation after any step is the uninterrupted training, bit for bit")
  func resume() throws {
    for rule in [TrainingSettings.Rule.sgd, .adam, .adamw] {
      try resumeIsExact(Float.self, rule)
      try resumeIsExact(Double.self, rule)
    }
  }

  @Test func everyEpochSeesEveryConfigurationOnce() throws {
    // A rate so small that the network stays, so epochs differ in their order alone.
    var t = try trainer(Double.self) { ($0.rate, $0.warmUp, $0.schedule) = (1e-300, 0, .constant) }
    var losses = [[Double]]()
    while !t.isFinished {
      if t.step % 3 == 0 { losses.append([]) }
      losses[losses.count - 1].append(try t.makeStep())
      if t.isEndOfEpoch {
        let l = losses.last!
        #expect(abs(t.meanLoss - (16 * l[0] + 16 * l[1] + 8 * l[2]) / 40) < 1e-14)
      }
    }
    let means = losses.map { (16 * $0[0] + 16 * $0[1] + 8 * $0[2]) / 40 }
    #expect(means.allSatisfy { abs($0 - means[0]) < 1e-13 * means[0] })
    #expect(losses[0] != losses[1] && losses[1] != losses[2])
  }

  @Test func theCosineEndsAtAThousandth() throws {
    var t = try trainer(Double.self) { ($0.epochs, $0.warmUp) = (50, 10) }
    var rates = [Double]()
    while !t.isFinished {
      rates.append(t.rate)
      try t.makeStep()
    }
    #expect(rates.count == 150 && t.totalSteps == 150)
    #expect(abs(rates[0] - 0.001) < 1e-15 && rates[9] == 0.01 && rates[10] == 0.01)
    #expect(zip(rates[10...], rates[11...]).allSatisfy { $0 > $1 })
    #expect(rates[149] > 1e-5 && rates[149] < 1.2e-5 && t.schedule.rate(at: 150) == 1e-5)
    let constant = try trainer(Double.self) { $0.schedule = .constant }
    #expect(constant.rate == 0.01)
  }

  @Test func theLossFalls() throws {
    var t = try trainer(Double.self) { ($0.epochs, $0.rate) = (40, 0.03) }
    var first: Double?
    while !t.isFinished {
      try t.makeStep()
      if t.isEndOfEpoch { first = first ?? t.meanLoss }
    }
    #expect(t.meanLoss < first! / 10, "\(first!) \(t.meanLoss)")
  }

  @Test func patienceEndsATraining() throws {
    var t = try trainer(Double.self) { ($0.epochs, $0.patience) = (20, 3) }
    for loss in [3.0, 1, 2, 2, 2] {
      #expect(!t.isFinished)
      for _ in 0..<3 { try t.makeStep() }
      try t.record(validationLoss: loss)
    }
    #expect(t.isFinished && t.step == 15)
    #expect(t.stopping.best?.loss == 1 && t.stopping.best?.step == 6)
  }

  private func diverges<S: LatticeReal>(_ type: S.Type, rate: Double) throws {
    var t = try trainer(type) {
      ($0.rate, $0.warmUp, $0.optimiser, $0.schedule) = (rate, 0, .sgd, .constant)
    }
    let error = try #require(throws: TrainingError.self) { try run(&t) }
    guard case .diverged(let step, let epoch, let what, nil) = error else {
      Issue.record("\(error)")
      return
    }
    // The step after those that were made, counted from 1.
    #expect(t.step > 0 && step == t.step + 1 && epoch == t.step / 3 + 1)
    #expect("\(error)".hasPrefix("step \(step), in epoch \(epoch): "), "\(error)")
    #expect(what.contains("loss is") || what.contains("derivative of"))
    #expect(error.exitStatus == 1)
  }

  @Test func divergenceNamesTheStep() throws {
    try diverges(Float.self, rate: 1e30)
    try diverges(Double.self, rate: 1e200)
  }

  @Test func statesOfOthersAreRefusedByName() throws {
    let one = try trainer(Float.self)
    func refusal(_ other: Trainer<Float>) throws -> TrainingError {
      try #require(throws: TrainingError.self) {
        var copy = one
        try copy.restore(other.state, file: "last")
      }
    }
    var plan = TrainingPlan.small()
    func other() throws -> Trainer<Float> {
      let field = try LinkField<Float>.hot(
        Array(repeating: 4, count: plan.network.dimension), plan.network.group, batch: 40)
      var store = ConfigurationStore<Float>(field.geometry, group: plan.network.group)
      store.append(field)
      return try Trainer(
        GaugeNetwork(plan.network), try Dataset(store, [.wilsonLoop(1, 2)]), plan.training)
    }
    plan.network.group = .su3
    #expect(
      try refusal(other())
        == .otherNetwork(file: "last", what: "group", expected: "SU(2)", found: "SU(3)"))
    plan = .small()
    plan.network.dimension = 3
    #expect(
      try refusal(other())
        == .otherNetwork(file: "last", what: "dimension", expected: "2", found: "3"))
    plan = .small()
    plan.network.convention = .arXivV1
    let convention = try refusal(other())
    #expect(
      convention
        == .otherNetwork(
          file: "last", what: "convention", expected: "prl-2022", found: "arxiv-v1"))
    #expect("\(convention)" == "last: expected the convention prl-2022, found arxiv-v1")
    #expect(convention.exitStatus == 65)
    plan = .small()
    plan.network.layers[1].channels = 3
    guard case .otherNetwork(_, "network", _, _) = try refusal(other()) else {
      Issue.record("another network")
      return
    }
    plan = .small()
    plan.training.rate = 0.02
    guard case .otherNetwork(_, "schedule", _, _) = try refusal(other()) else {
      Issue.record("another schedule")
      return
    }
  }

  @Test func outputsMustFitTheTargets() throws {
    let field = try LinkField<Double>.hot([4, 4], .su2, batch: 4)
    var store = ConfigurationStore<Double>(field.geometry, group: .su2)
    store.append(field)
    let network = try GaugeNetwork<Double>(TrainingPlan.small().network)
    let error = try #require(throws: TrainingError.self) {
      try Trainer(
        network, try Dataset(store, [.polyakov, .wilsonLoop(1, 1)]),
        TrainingSettings(epochs: 1, batch: 1, rate: 1))
    }
    #expect(
      "\(error)"
        == "expected the output of the network to be 2 numbers a configuration for the targets "
        + "[polyakov, W1x1], found 1 number a configuration")
    var late = TrainingSettings(epochs: 1, batch: 1, rate: 1)
    late.warmUp = 4
    #expect(
      throws: TrainingError.setting(
        name: "warmUp", expected: "below the number of steps, 4", found: "4")
    ) { try Trainer(network, try Dataset(store, [.polyakov]), late) }
    for (epochs, batch) in [(0, 1), (1, 0)] {
      #expect(throws: TrainingError.self) {
        try Trainer(
          network, try Dataset(store, [.polyakov]),
          TrainingSettings(epochs: epochs, batch: batch, rate: 1))
      }
    }
  }
}
