/// The record of a calculation, along which the derivatives of a loss go back (reverse mode).
///
/// ```swift
/// let tape = Tape()
/// let x = tape.variable(tensor)
/// let loss = try x.multiplied(by: x).sum()
/// let gradient = tape.gradients(of: loss)[x]          // 2 x
/// ```
///
/// A primitive computes its value, then calls `record` with a closure that turns the derivative of the
/// loss with respect to the value into those with respect to the inputs. What depends on nothing that
/// derivatives are wanted of is not recorded. A tape belongs to one thread; primitives use many.
/// A. Griewank and A. Walther, Evaluating Derivatives, SIAM 2008.
public final class Tape {
  private struct Node {
    let isLeaf: Bool
    var adjoint: ((inout Cotangents) -> Void)?

    init(adjoint: ((inout Cotangents) -> Void)?) {
      isLeaf = adjoint == nil
      self.adjoint = adjoint
    }
  }

  private var nodes = [Node]()
  private var isUsed = false

  public init() {}

  /// Primitives recorded and leaves.
  public var count: Int { nodes.count }

  /// Whether a variable is one of those made by `variable`.
  func isLeaf(_ index: Int) -> Bool { nodes[index].isLeaf }

  /// A value with respect to which derivatives are wanted.
  public func variable<Value>(_ value: Value) -> Variable<Value> {
    append(value, adjoint: nil)
  }

  /// A value with respect to which no derivatives are wanted.
  public func constant<Value>(_ value: Value) -> Variable<Value> {
    Variable(value: value, tape: self, index: -1)
  }

  /// Records the value of a primitive.
  ///
  /// - Parameters:
  ///   - inputs: the variables that the value depends on.
  ///   - adjoint: adds to the cotangents of the inputs what the cotangent of the value contributes;
  ///     called once at most. What it needs of the forward calculation it captures.
  public func record<Output>(
    _ output: Output, inputs: [any AnyVariable],
    adjoint: @escaping (_ cotangent: Output.Cotangent, _ cotangents: inout Cotangents) -> Void
  ) -> Variable<Output> {
    for input in inputs {
      precondition(input.tape === self, "the inputs of a primitive must stand on one tape")
    }
    guard inputs.contains(where: \.isActive) else { return constant(output) }
    let index = nodes.count
    return append(output) { cotangents in
      if let cotangent: Output.Cotangent = cotangents.take(index) {
        adjoint(cotangent, &cotangents)
      }
    }
  }

  /// The derivatives of a value contracted with a cotangent, with respect to all leaves.
  ///
  /// Uses the tape up: what primitives kept is released on the way back.
  public func gradients<Value>(
    of output: Variable<Value>, cotangent: Value.Cotangent
  ) -> Cotangents {
    gradients(of: output, cotangent: cotangent, addingTo: Cotangents(of: self))
  }

  /// The same, added to what stands at leaves already.
  func gradients<Value>(
    of output: Variable<Value>, cotangent: Value.Cotangent, addingTo start: consuming Cotangents
  ) -> Cotangents {
    precondition(output.tape === self, "the value must stand on this tape")
    precondition(!isUsed, "the derivatives of a tape can be taken once")
    isUsed = true
    var cotangents = start
    cotangents.add(cotangent, to: output)
    for index in nodes.indices.reversed() {
      guard let adjoint = nodes[index].adjoint else { continue }
      nodes[index].adjoint = nil
      adjoint(&cotangents)
    }
    return cotangents
  }

  private func append<Value>(
    _ value: Value, adjoint: ((inout Cotangents) -> Void)?
  ) -> Variable<Value> {
    precondition(!isUsed, "the tape has been used up by taking its derivatives")
    nodes.append(Node(adjoint: adjoint))
    return Variable(value: value, tape: self, index: nodes.count - 1)
  }
}
