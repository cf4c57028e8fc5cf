/// A value on a tape.
///
/// Functions of variables compute the value at once and note on the tape how derivatives go back.
public struct Variable<Value: TapeValue> {
  public let value: Value
  /// The tape that the variable stands on.
  public let tape: Tape
  let index: Int

  /// Whether derivatives are wanted: of leaves made by `variable`, and of all that depends on them.
  public var isActive: Bool { index >= 0 }
}

extension Variable {
  /// The same value, through which no derivative goes back.
  public func detached() -> Variable { tape.constant(value) }
}

/// A variable of whatever type, to name the inputs of a primitive.
public protocol AnyVariable {
  var tape: Tape { get }
  var isActive: Bool { get }
}

extension Variable: AnyVariable {}
