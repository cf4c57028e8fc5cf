/// The derivatives of a loss with respect to the variables of a tape.
public struct Cotangents {
  private var boxes: [AnyObject?]
  private let tape: Tape

  init(of tape: Tape) {
    boxes = [AnyObject?](repeating: nil, count: tape.count)
    self.tape = tape
  }

  /// The derivative with respect to a leaf; zero where the loss does not depend on it.
  ///
  /// Those with respect to the values of primitives are released on the way back.
  public subscript<Value>(variable: Variable<Value>) -> Value.Cotangent {
    precondition(variable.tape === tape, "the variable must stand on the tape of the loss")
    precondition(variable.isActive, "no derivative was asked for with respect to a constant")
    precondition(
      tape.isLeaf(variable.index), "derivatives are kept with respect to leaves only")
    guard let box = boxes[variable.index] else { return variable.value.zeroCotangent() }
    return unsafeDowncast(box, to: Box<Value.Cotangent>.self).value
  }

  /// Adds to the derivative with respect to a variable; does nothing for a constant.
  public mutating func add<Value>(_ cotangent: Value.Cotangent, to variable: Variable<Value>) {
    guard variable.isActive else { return }
    guard let box = boxes[variable.index] else {
      boxes[variable.index] = Box(cotangent)
      return
    }
    let typed = unsafeDowncast(box, to: Box<Value.Cotangent>.self)
    Value.add(cotangent, to: &typed.value)
  }

  /// Changes the derivative with respect to a variable in place, from zero if there is none yet; does
  /// nothing for a constant. For primitives that accumulate into many places.
  public mutating func update<Value>(
    _ variable: Variable<Value>, _ body: (inout Value.Cotangent) -> Void
  ) {
    guard variable.isActive else { return }
    if boxes[variable.index] == nil {
      boxes[variable.index] = Box(variable.value.zeroCotangent())
    }
    body(&unsafeDowncast(boxes[variable.index]!, to: Box<Value.Cotangent>.self).value)
  }

  /// The derivative with respect to a primitive's value, which nobody needs afterwards.
  mutating func take<Cotangent>(_ index: Int) -> Cotangent? {
    guard let box = boxes[index] else { return nil }
    boxes[index] = nil
    return unsafeDowncast(box, to: Box<Cotangent>.self).value
  }

  private final class Box<Cotangent> {
    var value: Cotangent
    init(_ value: Cotangent) { self.value = value }
  }
}
