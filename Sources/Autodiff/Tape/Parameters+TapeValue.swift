import Compute

extension Parameters: TapeValue {
  public typealias Cotangent = Gradients<Scalar>

  public func zeroCotangent() -> Gradients<Scalar> { zeros() }

  public static func add(_ other: Gradients<Scalar>, to sum: inout Gradients<Scalar>) {
    try! sum.add(other)
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
