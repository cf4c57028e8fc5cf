import Autodiff
import Compute
import Foundation
import Testing

/// A training with everything that has state, on noisy gradients of sum (x - 1)^2.
private struct Training<O: Optimiser> {
  var step = 0
  var parameters: Parameters<O.Scalar>
  var optimiser: O
  var schedule: LearningRateSchedule
  var plateau: ReduceOnPlateau
  var stopping: EarlyStopping<O.Scalar>

  init(_ optimiser: O) throws {
    self.optimiser = optimiser
    parameters = try waves([33, 4], phase: 0)
    schedule = try .cosine(0.1, warmUp: 3, total: 40, minimum: 1e-3)
    plateau = try ReduceOnPlateau(rate: 1, factor: 0.7, patience: 1, threshold: 0.02, cooldown: 1)
    stopping = try EarlyStopping(patience: 5, minimumChange: 0.01)
  }

  mutating func advance(_ count: Int) throws {
    for _ in 0..<count {
      var gradients: Gradients<O.Scalar> = try waves([33, 4], phase: Double(step + 1))
      var loss = 0.0
      for position in parameters.indices {
        let values = parameters[position].tensor
        try gradients.update(
          parameters[position].name,
          try gradients[position].tensor.zip(values) { $0 + 2 * ($1 - 1) })
        for value in values.values { loss += Double((value - 1) * (value - 1)) }
      }
      try gradients.clip(globalNorm: 3)
      try stopping.record(loss, step: step, parameters: parameters)
      let rate = schedule.rate(at: step) * (try plateau.record(loss))
      try optimiser.step(&parameters, gradients: gradients, learningRate: rate)
      step += 1
    }
  }

  var state: TrainingState<O.Scalar> {
    TrainingState(
      step: step, parameters: parameters, optimiser: optimiser.state, schedule: schedule,
      plateau: plateau, earlyStopping: stopping, metadata: ["seed": "7", "": "π"])
  }

  /// A new training with what a saved one says.
  func resumed(_ state: TrainingState<O.Scalar>, _ fresh: O) throws -> Training {
    var result = try Training(fresh)
    result.step = state.step
    result.parameters = state.parameters
    try result.optimiser.restore(state.optimiser)
    result.schedule = try #require(state.schedule)
    result.plateau = try #require(state.plateau)
    result.stopping = try #require(state.earlyStopping)
    return result
  }
}

@Suite struct TrainingStateTests {
  private func check<O: Optimiser>(_ optimiser: O) throws {
    var whole = try Training(optimiser)
    for stop in [0, 1, 13] {
      var first = try Training(optimiser)
      try first.advance(stop)
      let path = FileManager.default.temporaryDirectory
        .appending(path: "training-\(UUID().uuidString).safetensors").path
      defer { try? FileManager.default.removeItem(atPath: path) }
      try first.state.write(to: path)
      let saved = try TrainingState<O.Scalar>(path: path)
      #expect(saved == first.state)
      var second = try first.resumed(saved, optimiser)
      try second.advance(30 - stop)
      if whole.step == 0 { try whole.advance(30) }
      // Equal bytes, so equal bits, also of zeros with a sign.
      #expect(
        try second.state.safetensors().encoded() == whole.state.safetensors().encoded())
      #expect(second.parameters != first.parameters)
    }
  }

  @Test func continuationIsExact() throws {
    try check(SGD<Double>())
    try check(SGD<Float>(momentum: 0.9, weightDecay: 0.01, isNesterov: true))
    try check(Adam<Double>(weightDecay: 0.01))
    try check(AdamW<Double>(isAMSGrad: true))
    try check(AdamW<Float>())
  }

  @Test func otherFilesAreRefused() throws {
    let state = TrainingState(
      step: 2, parameters: try single(1.0), optimiser: try Adam<Double>().state)
    var good = state.safetensors()
    #expect(try TrainingState<Double>(good) == state)
    // Without a checksum, as files had none once: what is wrong has to be found.
    good.metadata["checksum"] = nil
    #expect(try TrainingState<Double>(good) == state)
    #expect(throws: SafetensorsError.self) { try TrainingState<Float>(good) }
    #expect(throws: SafetensorsError.self) {
      try TrainingState<Double>(state.parameters.safetensors())
    }
    for (key, text) in [
      ("step", "x"), ("step", "-1"), ("optimiser.kind", nil), ("optimiser.slots", "velocity"),
      ("optimiser.setting.beta1", "big"), ("schedule.kind", "unknown"), ("schedule.kind", "step"),
      ("plateau.rate", "1"), ("stopping.patience", "0"), ("format", "2"),
    ] {
      var bad = good
      bad.metadata[key] = text
      #expect(throws: SafetensorsError.self, "\(key)") { try TrainingState<Double>(bad) }
    }
  }

  /// In the data, or in the digits of a number.
  @Test func aFlippedBitIsRefused() throws {
    var state = TrainingState(
      step: 2, parameters: try single(1.5), optimiser: try Adam<Double>().state,
      metadata: ["seed": "7"])
    let bytes = try state.safetensors().encoded()
    #expect(try TrainingState<Double>(Safetensors(bytes: bytes)) == state)
    var damaged = [bytes]
    damaged[0][bytes.count - 3] ^= 4
    state.step = 3
    var other = state.safetensors()
    other.metadata["step"] = "2"
    damaged.append(try other.encoded())
    other.metadata["step"] = "3"
    other.metadata["user.seed"] = "8"
    damaged.append(try other.encoded())
    for bytes in damaged {
      let file = try Safetensors(bytes: bytes)
      let error = try #require(throws: SafetensorsError.self) { try TrainingState<Double>(file) }
      #expect(error.kind == .damaged && error.exitStatus == 65)
      #expect(error.expected.hasPrefix("the checksum ") && error.found.count <= 8, "\(error)")
    }
  }
}
