import Compute

/// A rule that changes parameters along their gradients, with the state it carries from step to
/// step.
///
/// Every element is updated on its own, in the precision of the parameters: results depend neither
/// on threads nor on which other parameters there are.
public protocol Optimiser<Scalar>: Sendable {
  associatedtype Scalar: LatticeReal

  /// The name under which states are saved.
  static var kind: String { get }

  /// The numbers that define the rule, by name; switches are 0 or 1.
  var settings: [String: Double] { get }

  /// How many steps have been made.
  var stepCount: Int { get }

  /// One step.
  ///
  /// - Throws: `.parameterNames` or `.shapeMismatch` where gradients or state do not belong to the
  ///   parameters, `.nonFinite` for a gradient that is infinite or not a number, `.setting` for
  ///   a negative or infinite learning rate. Nothing has been changed then.
  mutating func step(
    _ parameters: inout Parameters<Scalar>, gradients: Gradients<Scalar>, learningRate: Double
  ) throws(AutodiffError)

  /// What a continuation needs, for a file.
  var state: OptimiserState<Scalar> { get }

  /// Continues from a saved state.
  ///
  /// - Parameter acceptsOtherSettings: whether the settings may differ from the saved ones; those
  ///   of this optimiser hold then.
  /// - Throws: `.state` for a state of another kind, other settings or other tensors.
  mutating func restore(
    _ state: OptimiserState<Scalar>, acceptsOtherSettings: Bool
  ) throws(AutodiffError)
}

extension Optimiser {
  /// Continues from a saved state of the same settings.
  public mutating func restore(_ state: OptimiserState<Scalar>) throws(AutodiffError) {
    try restore(state, acceptsOtherSettings: false)
  }

  /// The tensors of a state with given names, all of them or none; nil before the first step.
  func checkedSlots(
    _ state: OptimiserState<Scalar>, names: [String], acceptsOtherSettings: Bool
  ) throws(AutodiffError) -> [String: Parameters<Scalar>] {
    guard state.kind == Self.kind else {
      throw .state(what: "an optimiser", expected: Self.kind, found: state.kind)
    }
    guard acceptsOtherSettings || state.settings == settings else {
      throw .state(
        what: "the settings", expected: describe(settings), found: describe(state.settings))
    }
    try requireCount("the number of steps", state.stepCount, atLeast: 0)
    let expected = state.stepCount == 0 ? [] : names.sorted()
    let found = state.slots.keys.sorted()
    guard found == expected else {
      throw .state(what: "the tensors", expected: "\(expected)", found: "\(found)")
    }
    for name in found.dropFirst() {
      try state.slots[found[0]]!.requireLayout(of: state.slots[name]!)
    }
    return state.slots
  }

  /// Throws unless a step can be made.
  func requireStep(
    _ parameters: Parameters<Scalar>, _ gradients: Gradients<Scalar>, _ learningRate: Double,
    state: Parameters<Scalar>?
  ) throws(AutodiffError) {
    try requireSetting("the learning rate", learningRate, { $0 >= 0 }, "0 or more")
    try parameters.requireLayout(of: gradients)
    if let state { try parameters.requireLayout(of: state) }
    try gradients.requireFinite()
  }
}

/// What an optimiser carries from step to step, as named tensors.
public struct OptimiserState<Scalar: LatticeReal>: Sendable, Equatable {
  public let kind: String
  public let settings: [String: Double]
  public let stepCount: Int
  /// For each quantity, such as `firstMoment`, a tensor for every parameter; none before the first
  /// step.
  public let slots: [String: Parameters<Scalar>]

  public init(
    kind: String, settings: [String: Double], stepCount: Int, slots: [String: Parameters<Scalar>]
  ) {
    self.kind = kind
    self.settings = settings
    self.stepCount = stepCount
    self.slots = slots
  }
}

/// Settings in the order of their names.
private func describe(_ settings: [String: Double]) -> String {
  settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
}

/// Elements of an update worth about 50 microseconds.
let updateGrain = 1 << 15
