import Compute

extension TrainingState {
  /// Reads a file that `write(to:)` wrote.
  ///
  /// - Throws: what reading a safetensors file throws, `.damaged` for another checksum than the file
  ///   says (files without one are read), and `.usage` where it holds something else, another precision,
  ///   or numbers that contradict each other.
  public init(path: String) throws(SafetensorsError) {
    try self.init(try Safetensors(path: path), path: path)
  }

  /// Reads the content of a file that `write(to:)` wrote.
  public init(
    _ file: Safetensors, path: String = "safetensors"
  ) throws(SafetensorsError) {
    let fields = MetadataFields(file.metadata, path: path)
    for (key, expected) in [("format", Self.format), ("precision", Scalar.precisionName)] {
      let found = file.metadata[key]
      guard found == expected else {
        throw SafetensorsError(
          .usage, file: path, expected: "a training state with the \(key) '\(expected)'",
          found: found.map { "'\($0)'" } ?? "none")
      }
    }
    if let stored = file.metadata[Self.checksumKey] {
      let found = file.checksum(without: Self.checksumKey)
      guard found == stored else {
        throw SafetensorsError(
          .damaged, file: path, expected: "the checksum \(stored) as the file says", found: found)
      }
    }
    let parameters = try Parameters<Scalar>(file, prefix: "parameters", path: path)
    let optimiser = try Self.optimiser(file, fields)
    let step = try fields.integer("step")
    var metadata: [String: String] = [:]
    for (key, text) in file.metadata where key.hasPrefix("user.") {
      metadata[String(key.dropFirst(5))] = text
    }
    self.init(step: step, parameters: parameters, optimiser: optimiser, metadata: metadata)
    schedule = try Self.schedule(fields)
    plateau = try Self.plateau(fields)
    earlyStopping = try Self.earlyStopping(file, fields)
    try Self.checked(path) { () throws(AutodiffError) in
      try requireCount("the number of steps", step, atLeast: 0)
      for tensors in optimiser.slots.values { try parameters.requireLayout(of: tensors) }
      if let best = earlyStopping?.best { try parameters.requireLayout(of: best.parameters) }
    }
  }

  private static func optimiser(
    _ file: Safetensors, _ fields: MetadataFields
  ) throws(SafetensorsError) -> OptimiserState<Scalar> {
    let prefix = "optimiser.setting."
    var settings: [String: Double] = [:]
    for key in fields.texts.keys.sorted() where key.hasPrefix(prefix) {
      settings[String(key.dropFirst(prefix.count))] = try fields.number(key)
    }
    var slots: [String: Parameters<Scalar>] = [:]
    for slot in try fields.text("optimiser.slots").split(separator: " ") {
      slots[String(slot)] = try Parameters(file, prefix: "optimiser.\(slot)", path: fields.path)
    }
    return OptimiserState(
      kind: try fields.text("optimiser.kind"), settings: settings,
      stepCount: try fields.integer("optimiser.stepCount"), slots: slots)
  }

  private static func schedule(
    _ fields: MetadataFields
  ) throws(SafetensorsError) -> LearningRateSchedule? {
    guard fields.has("schedule.kind") else { return nil }
    let name = try fields.text("schedule.kind")
    guard let kind = LearningRateSchedule.Kind(rawValue: name) else {
      throw SafetensorsError(
        .usage, file: fields.path, expected: "a known schedule", found: "'\(name)'")
    }
    let base = try fields.number("schedule.base")
    let factor = try fields.number("schedule.factor")
    let period = try fields.integer("schedule.period")
    let warmUp = try fields.integer("schedule.warmUp")
    let total = try fields.integer("schedule.total")
    let minimum = try fields.number("schedule.minimum")
    return try checked(fields.path) { () throws(AutodiffError) in
      try LearningRateSchedule(
        kind: kind, base: base, factor: factor, period: period, warmUp: warmUp, total: total,
        minimum: minimum)
    }
  }

  private static func plateau(
    _ fields: MetadataFields
  ) throws(SafetensorsError) -> ReduceOnPlateau? {
    guard fields.has("plateau.rate") else { return nil }
    let rate = try fields.number("plateau.rate")
    let factor = try fields.number("plateau.factor")
    let patience = try fields.integer("plateau.patience")
    let threshold = try fields.number("plateau.threshold")
    let cooldown = try fields.integer("plateau.cooldown")
    let minimum = try fields.number("plateau.minimum")
    let best = try fields.number("plateau.best")
    let waited = try fields.integer("plateau.waited")
    let cooling = try fields.integer("plateau.cooling")
    return try checked(fields.path) { () throws(AutodiffError) in
      var result = try ReduceOnPlateau(
        rate: rate, factor: factor, patience: patience, threshold: threshold, cooldown: cooldown,
        minimum: minimum)
      try result.restore(best: best, waited: waited, cooling: cooling)
      return result
    }
  }

  private static func earlyStopping(
    _ file: Safetensors, _ fields: MetadataFields
  ) throws(SafetensorsError) -> EarlyStopping<Scalar>? {
    guard fields.has("stopping.patience") else { return nil }
    let patience = try fields.integer("stopping.patience")
    let change = try fields.number("stopping.minimumChange")
    let waited = try fields.integer("stopping.waited")
    var best: EarlyStopping<Scalar>.Best?
    if fields.has("stopping.best.loss") {
      best = .init(
        loss: try fields.number("stopping.best.loss"),
        step: try fields.integer("stopping.best.step"),
        parameters: try Parameters(file, prefix: "best", path: fields.path))
    }
    return try checked(fields.path) { () throws(AutodiffError) in
      var result = try EarlyStopping<Scalar>(patience: patience, minimumChange: change)
      try result.restore(best: best, waited: waited)
      return result
    }
  }

  /// Turns an error of the content into one of the file.
  private static func checked<Result>(
    _ path: String, _ body: () throws(AutodiffError) -> Result
  ) throws(SafetensorsError) -> Result {
    do throws(AutodiffError) {
      return try body()
    } catch {
      throw SafetensorsError(
        .usage, file: path, expected: "a consistent training state", found: "\(error)")
    }
  }
}
