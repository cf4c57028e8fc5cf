import Compute

extension Parameters: PerturbableValue {
  /// dl = sum over tensors of sum_i g_i dx_i
  public typealias Cotangent = Gradients<Scalar>
  public typealias Direction = Gradients<Scalar>

  public func zeroCotangent() -> Gradients<Scalar> { zeros() }

  public static func add(_ other: Gradients<Scalar>, to sum: inout Gradients<Scalar>) {
    try! sum.add(other)
  }

  public func randomDirection(seed: UInt64) -> Gradients<Scalar> {
    var direction = zeros()
    for (position, (name, tensor)) in enumerated() {
      // Every tensor has numbers of its own.
      let seed = seed &+ UInt64(position) &* 0x9e37_79b9_7f4a_7c15
      try! direction.update(name, tensor.randomDirection(seed: seed))
    }
    return direction
  }

  public func moved(along direction: Gradients<Scalar>, by step: Double) -> Parameters {
    var result = self
    for (position, (name, tensor)) in enumerated() {
      try! result.update(name, tensor.moved(along: direction[position].tensor, by: step))
    }
    return result
  }

  public static func derivative(
    _ cotangent: Gradients<Scalar>, along direction: Gradients<Scalar>
  ) -> Double {
    zip(cotangent, direction).reduce(0) {
      $0 + Tensor.derivative($1.0.tensor, along: $1.1.tensor)
    }
  }
}

extension Variable {
  /// The tensor of a name, as a variable; its derivative goes back to that of the parameters.
  ///
  /// - Throws: `.parameterNames` where there is none of this name.
  public func tensor<Scalar>(
    _ name: String
  ) throws(AutodiffError) -> Variable<Tensor<Scalar>> where Value == Parameters<Scalar> {
    guard let position = value.position(of: name) else {
      throw .parameterNames(expected: name, found: nil)
    }
    return tape.record(value[position].tensor, inputs: [self]) { cotangent, cotangents in
      cotangents.update(self) { gradients in gradients.add(cotangent, at: position) }
    }
  }
}
