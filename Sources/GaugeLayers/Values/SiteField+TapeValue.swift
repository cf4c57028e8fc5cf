import Autodiff
import Compute
import Lattice

/// Matrix channels on a tape: dl = sum Re tr(g^dagger dW).
extension SiteField: PerturbableValue {
  public typealias Cotangent = SiteField<Scalar>
  public typealias Direction = SiteField<Scalar>

  public func zeroCotangent() -> SiteField {
    SiteField(zeros: layout, group: group, channels: channels)
  }

  public static func add(_ other: SiteField, to sum: inout SiteField) { sum.add(other) }

  public func randomDirection(seed: UInt64) -> SiteField {
    var direction = zeroCotangent()
    direction.setGaussian(seed: seed)
    return direction
  }

  public func moved(along direction: SiteField, by step: Double) -> SiteField {
    var result = self
    result.add(direction, times: Scalar(step))
    return result
  }

  public static func derivative(_ cotangent: SiteField, along direction: SiteField) -> Double {
    cotangent.realInnerProduct(direction)
  }
}
