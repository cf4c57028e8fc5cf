import Compute

extension Parameters {
  /// Parameters in two sets: those that go on learning, and those that are kept as they are.
  ///
  /// - Parameter isFrozen: such as `{ $0.contains("relaxed.") }`.
  public func partitioned(
    freezing isFrozen: (_ name: String) -> Bool
  ) -> (learned: Parameters, frozen: Parameters) {
    var (learned, frozen) = (Parameters(), Parameters())
    for (name, tensor) in self {
      // Names have been accepted before, and each goes to one set.
      if isFrozen(name) { try! frozen.add(name, tensor) } else { try! learned.add(name, tensor) }
    }
    return (learned, frozen)
  }
}

extension Variable {
  /// Learned and frozen parameters together; derivatives go back to the learned ones alone.
  ///
  /// - Throws: `.duplicateParameter` for a name in both.
  public func united<Scalar>(
    withFrozen frozen: Parameters<Scalar>
  ) throws(AutodiffError) -> Variable where Value == Parameters<Scalar> {
    var all = value
    for (name, tensor) in frozen { try all.add(name, tensor) }
    let places = all.names.map { self.value.position(of: $0) }
    return tape.record(all, inputs: [self]) { g, cotangents in
      cotangents.update(self) { gradients in
        for (position, place) in places.enumerated() {
          if let place { gradients.add(g[position].tensor, at: place) }
        }
      }
    }
  }
}
