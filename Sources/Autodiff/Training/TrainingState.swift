import Compute

/// What a training needs to continue as if it had not been interrupted, in one safetensors file.
///
/// Tensors are named `parameters.NAME`, `optimiser.QUANTITY.NAME` and `best.NAME`, numbers stand in
/// the metadata with all their digits, and beside them a `checksum` of all else. A continuation repeats an uninterrupted training bit by bit.
public struct TrainingState<Scalar: LatticeReal>: Sendable, Equatable {
  /// The name and version of what the file holds, under `format` in its metadata.
  public static var format: String { "latticegauge-training-1" }
  /// The key of the CRC-32 of everything else in the file.
  static var checksumKey: String { "checksum" }

  /// Steps made.
  public var step: Int
  public var parameters: Parameters<Scalar>
  public var optimiser: OptimiserState<Scalar>
  public var schedule: LearningRateSchedule?
  public var plateau: ReduceOnPlateau?
  public var earlyStopping: EarlyStopping<Scalar>?
  /// The caller's own texts, such as a seed.
  public var metadata: [String: String]

  /// A state of parts that belong together.
  ///
  /// - Parameters:
  ///   - step: steps made, 0 or more.
  ///   - optimiser: what `Optimiser.state` gave after these steps, with tensors like the parameters.
  ///   - schedule: the rule of the learning rate; nil where there is none to be continued.
  ///   - plateau: the rate that follows the loss, nil likewise.
  ///   - earlyStopping: the best parameters and the losses since, nil likewise.
  ///   - metadata: the caller's own texts under any keys.
  public init(
    step: Int, parameters: Parameters<Scalar>, optimiser: OptimiserState<Scalar>,
    schedule: LearningRateSchedule? = nil, plateau: ReduceOnPlateau? = nil,
    earlyStopping: EarlyStopping<Scalar>? = nil, metadata: [String: String] = [:]
  ) {
    self.step = step
    self.parameters = parameters
    self.optimiser = optimiser
    self.schedule = schedule
    self.plateau = plateau
    self.earlyStopping = earlyStopping
    self.metadata = metadata
  }

  /// Writes the file; all of it is there afterwards, or what was there before.
  ///
  /// - Throws: what `Safetensors.write(to:)` throws.
  public func write(to path: String) throws(SafetensorsError) {
    try safetensors().write(to: path)
  }

  /// The content of the file.
  public func safetensors() -> Safetensors {
    var fields = fields()
    for (key, text) in metadata { fields["user.\(key)"] = text }
    var file = Safetensors(metadata: fields)
    func add(_ tensors: Parameters<Scalar>?, _ prefix: String) {
      // Prefixes are distinct up to their last dot, and so are the names behind each.
      for (name, tensor) in tensors ?? Parameters() {
        try! file.add("\(prefix).\(name)", StoredTensor(tensor))
      }
    }
    add(parameters, "parameters")
    for (slot, tensors) in optimiser.slots { add(tensors, "optimiser.\(slot)") }
    add(earlyStopping?.best?.parameters, "best")
    file.metadata[Self.checksumKey] = file.checksum(without: Self.checksumKey)
    return file
  }

  /// All numbers as texts; the description of a `Double` reads back as the same number.
  private func fields() -> [String: String] {
    var fields = [
      "format": Self.format, "precision": Scalar.precisionName, "step": "\(step)",
      "optimiser.kind": optimiser.kind, "optimiser.stepCount": "\(optimiser.stepCount)",
      "optimiser.slots": optimiser.slots.keys.sorted().joined(separator: " "),
    ]
    for (name, value) in optimiser.settings { fields["optimiser.setting.\(name)"] = "\(value)" }
    if let schedule {
      fields["schedule.kind"] = schedule.kind.rawValue
      fields["schedule.base"] = "\(schedule.base)"
      fields["schedule.factor"] = "\(schedule.factor)"
      fields["schedule.period"] = "\(schedule.period)"
      fields["schedule.warmUp"] = "\(schedule.warmUp)"
      fields["schedule.total"] = "\(schedule.total)"
      fields["schedule.minimum"] = "\(schedule.minimum)"
    }
    if let plateau {
      fields["plateau.rate"] = "\(plateau.rate)"
      fields["plateau.factor"] = "\(plateau.factor)"
      fields["plateau.patience"] = "\(plateau.patience)"
      fields["plateau.threshold"] = "\(plateau.threshold)"
      fields["plateau.cooldown"] = "\(plateau.cooldown)"
      fields["plateau.minimum"] = "\(plateau.minimum)"
      fields["plateau.best"] = "\(plateau.best)"
      fields["plateau.waited"] = "\(plateau.waited)"
      fields["plateau.cooling"] = "\(plateau.cooling)"
    }
    if let earlyStopping {
      fields["stopping.patience"] = "\(earlyStopping.patience)"
      fields["stopping.minimumChange"] = "\(earlyStopping.minimumChange)"
      fields["stopping.waited"] = "\(earlyStopping.waited)"
      fields["stopping.best.loss"] = earlyStopping.best.map { "\($0.loss)" }
      fields["stopping.best.step"] = earlyStopping.best.map { "\($0.step)" }
    }
    return fields
  }
}
