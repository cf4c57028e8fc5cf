import Autodiff
import Compute
import Lattice

/// Algebra elements of links on a tape: dl = -sum tr(g dX).
extension AlgebraField: PerturbableValue {
  public typealias Cotangent = AlgebraField<Scalar>
  public typealias Direction = AlgebraField<Scalar>

  public func zeroCotangent() -> AlgebraField { AlgebraField(layout: layout, group: group) }

  public static func add(_ other: AlgebraField, to sum: inout AlgebraField) {
    sum.add(other, times: 1)
  }

  public func randomDirection(seed: UInt64) -> AlgebraField {
    var direction = zeroCotangent()
    direction.setGaussian(seed: seed, purpose: .directions)
    return direction
  }

  public func moved(along direction: AlgebraField, by step: Double) -> AlgebraField {
    var result = self
    result.add(direction, times: Scalar(step))
    return result
  }

  public static func derivative(
    _ cotangent: AlgebraField, along direction: AlgebraField
  ) -> Double {
    cotangent.innerProduct(direction)
  }
}
