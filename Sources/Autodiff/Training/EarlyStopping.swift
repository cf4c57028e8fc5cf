import Compute

/// Ends a training when its loss no longer falls, and keeps the best parameters.
///
/// A loss is better when it lies below `best - minimumChange`; the training should stop after
/// `patience` losses in a row that do not.
public struct EarlyStopping<Scalar: LatticeReal>: Sendable, Equatable {
  /// The best loss and what belongs to it.
  public struct Best: Sendable, Equatable {
    public let loss: Double
    public let step: Int
    public let parameters: Parameters<Scalar>
  }

  public let patience: Int
  public let minimumChange: Double
  public private(set) var best: Best?
  /// Losses in a row that were not better.
  public private(set) var waited = 0

  /// - Throws: `.setting` for a patience below 1 or a negative change.
  public init(patience: Int, minimumChange: Double = 0) throws(AutodiffError) {
    try requireCount("the patience", patience, atLeast: 1)
    try requireSetting("the least change", minimumChange, { $0 >= 0 }, "0 or more")
    self.patience = patience
    self.minimumChange = minimumChange
  }

  /// Whether the patience is at its end.
  public var shouldStop: Bool { waited >= patience }

  /// Takes note of the loss of parameters and returns whether it is the best.
  ///
  /// - Throws: `.nonFinite` for a loss that is infinite or not a number; nothing has been changed.
  @discardableResult
  public mutating func record(
    _ loss: Double, step: Int, parameters: Parameters<Scalar>
  ) throws(AutodiffError) -> Bool {
    guard loss.isFinite else { throw .nonFinite(name: "loss", index: 0) }
    guard best.map({ loss < $0.loss - minimumChange }) ?? true else {
      waited += 1
      return false
    }
    best = Best(loss: loss, step: step, parameters: parameters)
    waited = 0
    return true
  }

  /// Continues where a saved one stopped.
  mutating func restore(best: Best?, waited: Int) throws(AutodiffError) {
    if let best { try requireSetting("the best loss", best.loss, { _ in true }, "finite") }
    try requireCount("the losses waited", waited, atLeast: 0)
    self.best = best
    self.waited = waited
  }
}
