import Compute
import Lattice
import Loops

/// Hamilton's equations dU/ds = P U, dP/ds = -F/2 with the energy H = -sum tr P^2 + S, for U(1) also with
/// another kinetic energy (`FourierAcceleration`).
///
/// Actions of different cost move on time scales of their own: the drift of one level is the whole
/// integration of the next over that time (Sexton and Weingarten, Nucl. Phys. B 380 (1992) 665).
public struct MolecularDynamics: Sendable {
  /// One time scale.
  public struct Level: Sendable {
    public var action: any Action
    public var integrator: Integrator
    /// Steps for every drift of the level above; of the first level, for a trajectory.
    public var steps: Int

    public init(_ action: any Action, integrator: Integrator = .omelyan, steps: Int) {
      self.action = action
      self.integrator = integrator
      self.steps = steps
    }
  }

  /// The slowest, usually the most expensive, first.
  public var levels: [Level]
  /// The time tau of a trajectory.
  public var length: Double
  /// The kinetic energy; nil for -sum tr P^2.
  public var acceleration: FourierAcceleration?

  public init(
    _ levels: [Level], length: Double = 1, acceleration: FourierAcceleration? = nil
  ) {
    precondition(!levels.isEmpty && levels.allSatisfy { $0.steps > 0 }, "levels with steps")
    self.levels = levels
    self.length = length
    self.acceleration = acceleration
  }

  /// S, the sum over all levels.
  public var action: ActionSum { ActionSum(levels.map(\.action)) }

  /// H of every batch member.
  public func energies<Scalar>(
    _ field: LinkField<Scalar>, _ momenta: AlgebraField<Scalar>
  ) -> [Double] {
    zip(action.valuesOfMembers(field), kineticEnergiesOfMembers(momenta)).map { $0 + $1 }
  }

  /// The kinetic energy of every batch member.
  public func kineticEnergiesOfMembers<Scalar>(_ momenta: AlgebraField<Scalar>) -> [Double] {
    acceleration?.kineticEnergiesOfMembers(momenta) ?? momenta.kineticEnergiesOfMembers()
  }

  /// Moves links and momenta along a trajectory.
  public func integrate<Scalar>(
    _ field: inout LinkField<Scalar>, _ momenta: inout AlgebraField<Scalar>
  ) {
    integrate(0, &field, &momenta, over: length)
  }

  private func integrate<Scalar>(
    _ index: Int, _ field: inout LinkField<Scalar>, _ momenta: inout AlgebraField<Scalar>,
    over time: Double
  ) {
    let level = levels[index]
    let (kicks, drifts) = (level.integrator.kicks, level.integrator.drifts)
    let h = time / Double(level.steps)
    func kick(_ coefficient: Double) {
      level.action.addForce(of: field, times: -0.5 * coefficient * h, to: &momenta)
    }
    kick(kicks[0])
    for step in 0..<level.steps {
      for stage in drifts.indices {
        if index + 1 < levels.count {
          integrate(index + 1, &field, &momenta, over: drifts[stage] * h)
        } else {
          field.multiplyByExponential(
            of: acceleration?.velocities(momenta) ?? momenta, times: Scalar(drifts[stage] * h))
        }
        let isBetweenSteps = stage == drifts.count - 1 && step < level.steps - 1
        kick(kicks[stage + 1] + (isBetweenSteps ? kicks[0] : 0))
      }
    }
  }
}
