import Autodiff
import Compute
import Lattice

/// Links on a tape. The derivative is the force of the loss: the anti-hermitian traceless G with
/// dl/ds = -sum tr(X G) along U -> exp(s X) U.
extension LinkField: PerturbableValue {
  public typealias Cotangent = AlgebraField<Scalar>
  public typealias Direction = AlgebraField<Scalar>

  public func zeroCotangent() -> AlgebraField<Scalar> {
    AlgebraField(layout: layout, group: group)
  }

  public static func add(_ other: AlgebraField<Scalar>, to sum: inout AlgebraField<Scalar>) {
    sum.add(other, times: 1)
  }

  public func randomDirection(seed: UInt64) -> AlgebraField<Scalar> {
    var direction = zeroCotangent()
    direction.setGaussian(seed: seed, purpose: .directions)
    return direction
  }

  public func moved(along direction: AlgebraField<Scalar>, by step: Double) -> LinkField {
    var result = self
    result.multiplyByExponential(of: direction, times: Scalar(step))
    return result
  }

  public static func derivative(
    _ cotangent: AlgebraField<Scalar>, along direction: AlgebraField<Scalar>
  ) -> Double {
    cotangent.innerProduct(direction)
  }
}
