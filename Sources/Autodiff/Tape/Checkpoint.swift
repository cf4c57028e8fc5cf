extension Tape {
  /// The value of a segment of a calculation whose intermediate values are not kept: on the way back
  /// they are calculated a second time.
  ///
  /// Memory for the segment is that of its inputs, at the price of one more forward calculation. The
  /// segment must be a function of its inputs alone: it gets them on a tape of its own, and may use no
  /// other variables. T. Chen et al., arXiv:1604.06174.
  ///
  /// ```swift
  /// let y = try tape.checkpoint(x, weights) { tape, x, weights in try network(x, weights) }
  /// ```
  public func checkpoint<each Input: TapeValue, Output: TapeValue, Failure: Error>(
    _ inputs: repeat Variable<each Input>,
    segment: @escaping (Tape, repeat Variable<each Input>) throws(Failure) -> Variable<Output>
  ) throws(Failure) -> Variable<Output> {
    var variables = [any AnyVariable]()
    for input in repeat each inputs { variables.append(input) }
    let scratch = Tape()
    let output = try segment(scratch, repeat scratch.constant((each inputs).value))
    return record(output.value, inputs: variables) { cotangent, cotangents in
      let inner = Tape()
      let leaves = (repeat inner.leaf(like: each inputs))
      let output: Variable<Output>
      do {
        output = try segment(inner, repeat each leaves)
      } catch {
        // Going on would drop its derivatives without a word.
        preconditionFailure("the segment of a checkpoint succeeded before and now throws \(error)")
      }
      guard output.isActive else { return }
      // What reached the inputs before is added to in place, as without a checkpoint: the same bits.
      var start = Cotangents(of: inner)
      repeat start.move(from: each inputs, in: &cotangents, to: each leaves)
      let derivatives = inner.gradients(of: output, cotangent: cotangent, addingTo: start)
      repeat derivatives.pass(from: each leaves, to: each inputs, in: &cotangents)
    }
  }

  /// A leaf of the value of another tape's variable, active where that one is.
  private func leaf<Value>(like other: Variable<Value>) -> Variable<Value> {
    other.isActive ? variable(other.value) : constant(other.value)
  }
}

extension Cotangents {
  fileprivate mutating func move<Value>(
    from variable: Variable<Value>, in cotangents: inout Cotangents, to leaf: Variable<Value>
  ) {
    guard variable.isActive else { return }
    if let cotangent: Value.Cotangent = cotangents.take(variable.index) {
      add(cotangent, to: leaf)
    }
  }

  fileprivate func pass<Value>(
    from leaf: Variable<Value>, to variable: Variable<Value>, in cotangents: inout Cotangents
  ) {
    if leaf.isActive { cotangents.add(self[leaf], to: variable) }
  }
}
