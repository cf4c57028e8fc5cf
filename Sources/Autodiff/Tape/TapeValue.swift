/// A value that can stand on a tape: it has a linear space of derivatives.
///
/// Tensors and parameters conform here; fields conform where they are known. The cotangent of a loss
/// with respect to a value need not be of the value's own type: that of links is algebra-valued.
public protocol TapeValue: Sendable {
  /// The derivative of a real loss with respect to such a value.
  associatedtype Cotangent: Sendable

  /// The derivative of a loss that does not depend on this value.
  func zeroCotangent() -> Cotangent

  /// sum += other
  static func add(_ other: Cotangent, to sum: inout Cotangent)
}

/// A value whose derivatives can be compared with differences.
public protocol PerturbableValue: TapeValue {
  /// A way to move from a value.
  associatedtype Direction: Sendable

  /// A direction of independent normal components, the same for the same seed.
  func randomDirection(seed: UInt64) -> Direction

  /// The value at distance `step` along a direction.
  func moved(along direction: Direction, by step: Double) -> Self

  /// The derivative of the loss along a direction.
  static func derivative(_ cotangent: Cotangent, along direction: Direction) -> Double
}
