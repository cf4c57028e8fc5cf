import Compute

extension Tape {
  /// The derivatives of a loss, a tensor of one element.
  ///
  /// Uses the tape up: what primitives kept is released on the way back.
  public func gradients<Scalar>(of loss: Variable<Tensor<Scalar>>) -> Cotangents {
    precondition(loss.value.count == 1, "a loss has one element")
    return gradients(of: loss, cotangent: Tensor(unchecked: loss.value.shape, [1]))
  }
}
