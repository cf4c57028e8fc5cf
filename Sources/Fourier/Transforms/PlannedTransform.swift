import Compute
import Lattice

/// What FFTW alone does for a field, with the plans and in memory like those of the transforms: the time to compare
/// them with.
package struct PlannedTransform<Scalar: FourierReal> {
  private let forward: FourierPlan<Scalar>
  private let backward: FourierPlan<Scalar>
  private let field: PositionField<Scalar>
  private let transform: MomentumField<Scalar>
  private let back: PositionField<Scalar>

  /// - Throws: `FourierError.noPlan`.
  package init(_ field: PositionField<Scalar>) throws(FourierError) {
    forward = try FourierPlans.plan(field.geometry.extents, .forward, .measure)
    backward = try FourierPlans.plan(field.geometry.extents, .backward, .measure)
    self.field = field
    transform = MomentumField(uninitialized: field.geometry, channels: field.channels, batch: 1)
    back = PositionField(uninitialized: field.geometry, channels: field.channels, batch: 1)
  }

  /// The transform of every channel.
  package func executeForward() {
    for c in 0..<field.channels {
      forward.execute(real: field.pointer(c, 0), complex: transform.pointer(c, 0))
    }
  }

  /// The same and back, without the division by the volume.
  package func executeBoth() {
    executeForward()
    for c in 0..<field.channels {
      backward.execute(real: back.pointer(c, 0), complex: transform.pointer(c, 0))
    }
  }
}
