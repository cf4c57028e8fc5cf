#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A learning rate as a function of the step alone.
///
/// | kind | rate in step t = 0, 1, ... |
/// |---|---|
/// | constant | base |
/// | step | base factor^floor(t / period) |
/// | exponential | base factor^t |
/// | cosine | base (t + 1) / w while t < w, then minimum + (base - minimum) (1 + cos(pi (t - w) / (T - w))) / 2, from T on the minimum |
///
/// Cosine: I. Loshchilov and F. Hutter, arXiv:1608.03983; its warm-up over w steps: P. Goyal et al.,
/// arXiv:1706.02677.
public struct LearningRateSchedule: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case constant, step, exponential, cosine
  }

  public let kind: Kind
  public let base: Double
  /// What the rate is multiplied by, of the kinds step and exponential; else 1.
  public let factor: Double
  /// The steps between two changes, of the kind step; else 1.
  public let period: Int
  /// The steps of warm-up, of the kind cosine; else 0.
  public let warmUp: Int
  /// The step from which on the rate is the minimum, of the kind cosine; else 1.
  public let total: Int
  /// The last rate of the kind cosine; else 0.
  public let minimum: Double

  init(
    kind: Kind, base: Double, factor: Double = 1, period: Int = 1, warmUp: Int = 0,
    total: Int = 1, minimum: Double = 0
  ) throws(AutodiffError) {
    try requireSetting("the learning rate", base, { $0 >= 0 }, "0 or more")
    try requireSetting("the factor", factor, { $0 > 0 && $0 <= 1 }, "above 0 and at most 1")
    try requireCount("the period", period, atLeast: 1)
    try requireCount("the warm-up", warmUp, atLeast: 0)
    guard total > warmUp else {
      throw .setting(
        name: "the number of steps", expected: "above the warm-up, \(warmUp)", found: "\(total)")
    }
    try requireSetting("the least rate", minimum, { (0...base).contains($0) }, "from 0 to the base")
    self.kind = kind
    self.base = base
    self.factor = factor
    self.period = period
    self.warmUp = warmUp
    self.total = total
    self.minimum = minimum
  }

  /// The same rate always.
  ///
  /// - Throws: `.setting` for a negative or infinite rate.
  public static func constant(_ base: Double) throws(AutodiffError) -> Self {
    try Self(kind: .constant, base: base)
  }

  /// A rate that is multiplied by a factor after every period.
  ///
  /// - Throws: `.setting` for a factor outside (0, 1] or a period below 1.
  public static func step(
    _ base: Double, every period: Int, factor: Double
  ) throws(AutodiffError) -> Self {
    try Self(kind: .step, base: base, factor: factor, period: period)
  }

  /// A rate that is multiplied by a factor after every step.
  ///
  /// - Throws: `.setting` for a factor outside (0, 1].
  public static func exponential(_ base: Double, factor: Double) throws(AutodiffError) -> Self {
    try Self(kind: .exponential, base: base, factor: factor)
  }

  /// A rate that rises linearly and then falls along half a cosine.
  ///
  /// - Throws: `.setting` unless 0 <= warm-up < total and 0 <= minimum <= base.
  public static func cosine(
    _ base: Double, warmUp: Int = 0, total: Int, minimum: Double = 0
  ) throws(AutodiffError) -> Self {
    try Self(kind: .cosine, base: base, warmUp: warmUp, total: total, minimum: minimum)
  }

  /// The rate in a step, counted from 0.
  public func rate(at step: Int) -> Double {
    let step = max(0, step)
    switch kind {
    case .constant: return base
    case .step: return base * pow(factor, Double(step / period))
    case .exponential: return base * pow(factor, Double(step))
    case .cosine:
      if step < warmUp { return base * Double(step + 1) / Double(warmUp) }
      if step >= total { return minimum }
      let phase = Double.pi * Double(step - warmUp) / Double(total - warmUp)
      return minimum + (base - minimum) * (1 + cos(phase)) / 2
    }
  }
}
