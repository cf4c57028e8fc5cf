import Autodiff
import Compute
import GaugeLayers
import Lattice

/// Trains a network on a dataset, one step at a time, so that whoever calls it can stop and go on.
///
/// Everything it does follows from its state and the plan: the order of configurations of an epoch from
/// the seed and the number of the epoch. A continuation repeats an uninterrupted training bit by bit.
public struct Trainer<Scalar: LatticeReal> {
  public let network: GaugeNetwork<Scalar>
  public let settings: TrainingSettings
  public internal(set) var parameters: Parameters<Scalar>
  public private(set) var optimiser: any Optimiser<Scalar>
  public let schedule: LearningRateSchedule
  public internal(set) var stopping: EarlyStopping<Scalar>
  /// Steps made in all.
  public internal(set) var step = 0
  /// The sum of losses times configurations of the epoch so far, and configurations seen in it.
  public internal(set) var epochLoss = (sum: 0.0, count: 0)
  /// The rule after the last epoch.
  public internal(set) var polisher: LBFGS<Scalar>
  let data: Dataset<Scalar>
  private var order: (epoch: Int, places: [Int])?
  let polishPlaces: [Int]

  /// A training before its first step.
  ///
  /// - Parameters:
  ///   - data: links and labels, of which every epoch sees each once.
  ///   - settings: the rule; its seed, 1 by default, determines initial weights and order.
  ///   - initial: the parameters to begin with, those of `network.initialParameters` by default.
  /// - Throws: `TrainingError.setting` for settings out of range or outputs that do not fit the targets,
  ///   `AutodiffError` for an optimiser's setting out of range.
  public init(
    _ network: GaugeNetwork<Scalar>, _ data: Dataset<Scalar>, _ settings: TrainingSettings,
    parameters initial: Parameters<Scalar>? = nil
  ) throws {
    self.network = network
    self.settings = settings
    self.data = data
    for (name, value) in [
      ("epochs", settings.epochs), ("batch", settings.batch), ("configurations", data.count),
    ] where value < 1 {
      throw TrainingError.setting(name: name, expected: "1 or more", found: "\(value)")
    }
    try network.requireOutputs(for: data.targets)
    try settings.requireWarmUp("warmUp", configurations: data.count)
    parameters = try initial ?? network.initialParameters(seed: settings.seed ?? 1)
    optimiser = try Self.optimiser(settings)
    let total = settings.epochs * settings.stepsPerEpoch(data.count)
    schedule =
      switch settings.schedule ?? .cosine {
      case .constant: try .constant(settings.rate)
      case .cosine:
        try .cosine(
          settings.rate, warmUp: settings.warmUp ?? 0, total: total,
          minimum: settings.rate / 1000)
      }
    stopping = try EarlyStopping(patience: settings.patience ?? Int.max)
    polisher = try LBFGS()
    polishPlaces = Self.polishPlaces(data.count, settings)
  }

  private static func optimiser(
    _ settings: TrainingSettings
  ) throws(AutodiffError) -> any Optimiser<Scalar> {
    let decay = settings.weightDecay ?? 0
    return switch settings.optimiser ?? .adamw {
    case .sgd: try SGD<Scalar>(momentum: settings.momentum ?? 0, weightDecay: decay)
    case .adam: try Adam<Scalar>(weightDecay: decay, isAMSGrad: settings.amsgrad ?? true)
    case .adamw: try AdamW<Scalar>(weightDecay: decay, isAMSGrad: settings.amsgrad ?? true)
    }
  }

  public var stepsPerEpoch: Int { settings.stepsPerEpoch(data.count) }
  /// Steps before the polish.
  private var stochasticSteps: Int { settings.epochs * stepsPerEpoch }
  public var totalSteps: Int { stochasticSteps + (settings.polish ?? 0) }
  public var totalEpochs: Int { settings.epochs + (settings.polish ?? 0) }
  /// Epochs that have ended.
  public var epoch: Int { epoch(ofStep: step) }

  /// Epochs that have ended after so many steps.
  public func epoch(ofStep step: Int) -> Int {
    step <= stochasticSteps ? step / stepsPerEpoch : settings.epochs + step - stochasticSteps
  }

  /// Whether the next step is one of the polish.
  public var isPolishing: Bool { step >= stochasticSteps }
  /// The rate of the next step; 0 in the polish, which has none.
  public var rate: Double { isPolishing ? 0 : schedule.rate(at: step) }
  /// Whether the last step ended an epoch.
  public var isEndOfEpoch: Bool {
    step > stochasticSteps || step > 0 && step % stepsPerEpoch == 0
  }
  public var isFinished: Bool {
    step >= totalSteps || stopping.shouldStop || polisher.isStalled
      || step > stochasticSteps && meanLoss <= settings.targetLoss ?? -1
  }
  /// The mean loss over the configurations of the epoch so far.
  public var meanLoss: Double { epochLoss.sum / Double(max(1, epochLoss.count)) }

  /// One step: loss of a batch, derivatives, update.
  ///
  /// - Returns: the loss.
  /// - Throws: `TrainingError.diverged` for a loss or gradient that is not finite; nothing has changed.
  @discardableResult
  public mutating func makeStep() throws -> Double {
    if isPolishing { return try polish() }
    if step % stepsPerEpoch == 0 { epochLoss = (0, 0) }
    let places = batchPlaces()
    var (value, gradients) = try lossAndGradients(parameters, places)
    guard value.isFinite else {
      throw divergence("the loss is \(value)")
    }
    try requireFinite(gradients)
    if let clip = settings.clip { try gradients.clip(globalNorm: clip) }
    try optimiser.step(&parameters, gradients: gradients, learningRate: rate)
    step += 1
    epochLoss.sum += value * Double(places.count)
    epochLoss.count += places.count
    return value
  }

  /// The mean squared error of some configurations, with what keeps relaxed weights together, and its derivatives.
  func lossAndGradients(
    _ parameters: Parameters<Scalar>, _ places: [Int]
  ) throws -> (Double, Gradients<Scalar>) {
    let (links, labels) = try data.batch(places)
    let tape = Tape()
    let variables = tape.variable(parameters)
    let prediction = try network(tape.constant(links), variables)
    var loss = try prediction.meanSquaredError(to: tape.constant(labels))
    if let alpha = settings.relaxationPenalty, alpha > 0,
      let penalty = try network.relaxationPenalty(variables, strength: alpha)
    {
      loss = try loss.adding(penalty)
    }
    return (Double(loss.value.values[0]), tape.gradients(of: loss)[variables])
  }

  private func requireFinite(_ gradients: Gradients<Scalar>) throws(TrainingError) {
    for (name, tensor) in gradients {
      guard let index = tensor.firstNonFinite() else { continue }
      throw divergence("the derivative of '\(name)' at \(index) is not finite")
    }
  }

  /// What is wrong with the step that comes next; steps and epochs count from 1.
  func divergence(_ what: String) -> TrainingError {
    .diverged(step: step + 1, epoch: epoch + 1, what: what)
  }

  /// The configurations of the next step.
  private mutating func batchPlaces() -> [Int] {
    if order?.epoch != epoch {
      order = (epoch, randomOrder(data.count, seed: settings.seed ?? 1, epoch: epoch))
    }
    let start = step % stepsPerEpoch * settings.batch
    return Array(order!.places[start..<min(data.count, start + settings.batch)])
  }

  /// Notes the validation loss of an epoch and keeps the parameters if it is the best.
  public mutating func record(validationLoss: Double) throws(AutodiffError) {
    try stopping.record(validationLoss, step: step, parameters: parameters)
  }

  /// What a continuation needs.
  public var state: TrainingState<Scalar> {
    TrainingState(
      step: step, parameters: parameters,
      optimiser: step > stochasticSteps ? polisher.state(like: parameters) : optimiser.state,
      schedule: schedule,
      earlyStopping: stopping,
      metadata: [
        "network": network.description.json, "epochLossSum": "\(epochLoss.sum)",
        "epochLossCount": "\(epochLoss.count)",
      ])
  }

  /// Continues from a state of the same network and settings.
  ///
  /// - Throws: `TrainingError.otherNetwork` naming what differs, or `AutodiffError.state`.
  public mutating func restore(_ state: TrainingState<Scalar>, file: String) throws {
    try requireNetwork(
      state.metadata["network"], network.description, precision: Scalar.precisionName, file: file)
    guard state.schedule == schedule else {
      throw TrainingError.otherNetwork(
        file: file, what: "schedule", expected: "\(schedule)", found: "\(state.schedule as Any)")
    }
    try state.parameters.requireLayout(of: parameters)
    if state.step > stochasticSteps {
      polisher = try LBFGS(state.optimiser)
    } else {
      try optimiser.restore(state.optimiser)
    }
    parameters = state.parameters
    if let saved = state.earlyStopping { stopping = saved }
    step = state.step
    epochLoss = (
      state.metadata["epochLossSum"].flatMap { Double($0) } ?? 0,
      state.metadata["epochLossCount"].flatMap { Int($0) } ?? 0
    )
  }
}

/// A random order of `0..<count` by the shuffle of Fisher and Yates.
func randomOrder(_ count: Int, seed: UInt64, epoch: Int) -> [Int] {
  var places = Array(0..<count)
  let stream = RandomStream(seed: seed, purpose: .trainingOrder)
  for i in stride(from: count - 1, to: 0, by: -1) {
    let u = stream.uniforms(UInt32(i), UInt32(truncatingIfNeeded: epoch)).0
    places.swapAt(i, min(i, Int(u * Double(i + 1))))
  }
  return places
}

/// Throws unless a file's network is the one that is wanted.
func requireNetwork(
  _ text: String?, _ wanted: NetworkDescription, precision: String, file: String
) throws(TrainingError) {
  guard let text, let found = try? NetworkDescription(json: .init(text.utf8)) else {
    throw .otherNetwork(
      file: file, what: "network", expected: "described in its header", found: "none")
  }
  for (what, a, b) in [
    ("group", "\(wanted.group)", "\(found.group)"),
    ("dimension", "\(wanted.dimension)", "\(found.dimension)"),
    ("convention", wanted.convention.rawValue, found.convention.rawValue),
    ("symmetry", wanted.symmetry ?? "none", found.symmetry ?? "none"),
    ("network", wanted.json, found.json),
  ] where a != b {
    throw .otherNetwork(file: file, what: what, expected: a, found: b)
  }
}
