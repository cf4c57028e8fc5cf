/// A learning rate that falls when a loss no longer does.
///
/// A loss is better when it lies below `best - threshold |best|`. After more than `patience` losses
/// in a row that are not, the rate is multiplied by `factor`, down to `minimum`, and the next
/// `cooldown` losses are not counted: PyTorch's `ReduceLROnPlateau` in its relative mode, except
/// that the threshold lowers the bar for negative losses too, and that no change of the rate is too
/// small to be made.
public struct ReduceOnPlateau: Sendable, Equatable {
  public let factor: Double
  public let patience: Int
  public let threshold: Double
  public let cooldown: Int
  public let minimum: Double
  /// The learning rate now.
  public private(set) var rate: Double
  /// The best loss; infinite before the first.
  public private(set) var best = Double.infinity
  /// Losses in a row that were not better.
  public private(set) var waited = 0
  /// Losses that are not going to be counted.
  public private(set) var cooling = 0

  /// - Throws: `.setting` for a factor outside (0, 1), a negative number, or a minimum above the
  ///   rate.
  public init(
    rate: Double, factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4,
    cooldown: Int = 0, minimum: Double = 0
  ) throws(AutodiffError) {
    try requireSetting("the learning rate", rate, { $0 >= 0 }, "0 or more")
    try requireSetting("the factor", factor, { $0 > 0 && $0 < 1 }, "between 0 and 1")
    try requireCount("the patience", patience, atLeast: 0)
    try requireSetting("the threshold", threshold, { (0..<1).contains($0) }, "from 0 to below 1")
    try requireCount("the cooldown", cooldown, atLeast: 0)
    try requireSetting("the least rate", minimum, { (0...rate).contains($0) }, "from 0 to the rate")
    self.rate = rate
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.cooldown = cooldown
    self.minimum = minimum
  }

  /// Takes note of a loss and returns the rate from now on.
  ///
  /// - Throws: `.nonFinite` for a loss that is infinite or not a number; nothing has been changed.
  @discardableResult
  public mutating func record(_ loss: Double) throws(AutodiffError) -> Double {
    guard loss.isFinite else { throw .nonFinite(name: "loss", index: 0) }
    if best == .infinity || loss < best - threshold * best.magnitude {
      best = loss
      waited = 0
    } else {
      waited += 1
    }
    if cooling > 0 {
      cooling -= 1
      waited = 0
    }
    if waited > patience {
      rate = max(rate * factor, minimum)
      cooling = cooldown
      waited = 0
    }
    return rate
  }

  /// Continues where a saved one stopped.
  mutating func restore(best: Double, waited: Int, cooling: Int) throws(AutodiffError) {
    guard !best.isNaN, best != -.infinity else {
      throw .setting(name: "the best loss", expected: "a number", found: "\(best)")
    }
    try requireCount("the losses waited", waited, atLeast: 0)
    try requireCount("the losses of cooldown", cooling, atLeast: 0)
    self.best = best
    self.waited = waited
    self.cooling = cooling
  }
}
