import Compute

extension Tensor: PerturbableValue {
  /// dl = sum_i g_i dx_i
  public typealias Cotangent = Tensor
  public typealias Direction = Tensor

  public func zeroCotangent() -> Tensor {
    Tensor(unchecked: shape, [Scalar](repeating: 0, count: count))
  }

  public static func add(_ other: Tensor, to sum: inout Tensor) {
    precondition(other.shape == sum.shape, "a cotangent has the shape of its value")
    try! sum.add(other)
  }

  public func randomDirection(seed: UInt64) -> Tensor {
    Tensor(
      unchecked: shape,
      RandomStream(seed: seed, purpose: .directions).normals(count).map { Scalar($0) })
  }

  public func moved(along direction: Tensor, by step: Double) -> Tensor {
    try! zip(direction) { $0 + Scalar(step) * $1 }
  }

  public static func derivative(_ cotangent: Tensor, along direction: Tensor) -> Double {
    var sum = ExactSum()
    for (g, d) in Swift.zip(cotangent.values, direction.values) { sum.add(Double(g) * Double(d)) }
    return sum.value
  }
}
