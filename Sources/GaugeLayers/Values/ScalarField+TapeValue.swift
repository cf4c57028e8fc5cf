import Autodiff
import Compute
import Lattice

/// Scalar channels on a tape: dl = sum g ds.
extension ScalarField: PerturbableValue {
  public typealias Cotangent = ScalarField<Scalar>
  public typealias Direction = ScalarField<Scalar>

  public func zeroCotangent() -> ScalarField { ScalarField(layout: layout, channels: channels) }

  public static func add(_ other: ScalarField, to sum: inout ScalarField) { sum.add(other) }

  public func randomDirection(seed: UInt64) -> ScalarField {
    var direction = zeroCotangent()
    let stream = RandomStream(seed: seed, purpose: .directions)
    for member in 0..<layout.batch {
      for channel in 0..<channels {
        let numbers = stream.normals(
          geometry.volume, stream: UInt32(member * channels + channel))
        for site in 0..<geometry.volume { direction[site, channel, member] = numbers[site] }
      }
    }
    return direction
  }

  public func moved(along direction: ScalarField, by step: Double) -> ScalarField {
    var result = self
    result.add(direction, times: Scalar(step))
    return result
  }

  public static func derivative(_ cotangent: ScalarField, along direction: ScalarField) -> Double {
    cotangent.innerProduct(direction)
  }
}
