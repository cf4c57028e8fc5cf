import Compute

extension Parameters {
  /// The parameters of another set in this precision, under the same names.
  public init<Other>(_ other: Parameters<Other>) {
    self.init()
    for (name, tensor) in other {
      // Names and shapes have been accepted before.
      try! add(name, Tensor(shape: tensor.shape, values: tensor.values.map { Scalar($0) }))
    }
  }
}
