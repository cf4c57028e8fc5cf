import Compute
import Foundation
import Lattice
import Loops

/// Hybrid Monte Carlo: momenta drawn anew, a trajectory of molecular dynamics, and Metropolis' test
/// with exp(-dH), which makes it exact (Duane, Kennedy, Pendleton and Roweth, Phys. Lett. B 195 (1987)
/// 216).
///
/// Holds, beside the links, momenta and the links before the trajectory: two and a half times the
/// links in all.
public struct HybridMonteCarlo: Sendable {
  public var dynamics: MolecularDynamics
  private let seed: UInt64
  private let decisions: RandomStream

  public init(_ dynamics: MolecularDynamics, seed: UInt64) {
    self.dynamics = dynamics
    self.seed = seed
    decisions = RandomStream(seed: seed, purpose: .metropolis)
  }

  /// What became of one trajectory of one batch member.
  public struct Outcome: Sendable, Equatable {
    /// H after less H before; not finite if the trajectory was unstable.
    public let energyChange: Double
    public let isAccepted: Bool
  }

  /// One trajectory of every batch member; a rejected one leaves the links of its member as they were.
  /// `trajectory` must differ from one to the next.
  ///
  /// - Parameter isWarming: accepts every trajectory whose energy change is a number, on the way from
  ///   a start that is far from equilibrium, where tests would hold the links for long. What is
  ///   sampled then is not the action's ensemble.
  public func update<Scalar>(
    _ field: inout LinkField<Scalar>, trajectory: UInt32, isWarming: Bool = false
  ) -> [Outcome] {
    var momenta = drawMomenta(field, trajectory: trajectory)
    let before = dynamics.energies(field, momenta)
    let start = field
    dynamics.integrate(&field, &momenta)
    let after = dynamics.energies(field, momenta)
    let outcomes = zip(before, after).enumerated().map { member, energies in
      let change = energies.1 - energies.0
      let (u, _) = decisions.uniforms(UInt32(member), 0, trajectory, 0)
      return Outcome(
        energyChange: change, isAccepted: change.isFinite && (isWarming || u < exp(-change)))
    }
    if outcomes.allSatisfy({ !$0.isAccepted }) {
      field = start
    } else if !outcomes.allSatisfy(\.isAccepted) {
      field.copyMembers(from: start) { !outcomes[$0].isAccepted }
    }
    return outcomes
  }

  /// The largest distance of a link, over its Frobenius norm sqrt(N), from where it began after a
  /// trajectory forth and back; and the largest change of H. The links stay as they are.
  public func reversibilityViolation<Scalar>(
    _ field: LinkField<Scalar>, trajectory: UInt32
  ) -> (links: Double, energy: Double) {
    var momenta = drawMomenta(field, trajectory: trajectory)
    let before = dynamics.energies(field, momenta)
    var moved = field
    dynamics.integrate(&moved, &momenta)
    momenta.scale(by: -1)
    dynamics.integrate(&moved, &momenta)
    let after = dynamics.energies(moved, momenta)
    return (
      moved.largestLinkDistance(to: field) / Double(field.group.n).squareRoot(),
      zip(before, after).reduce(0) { max($0, abs($1.1 - $1.0)) }
    )
  }

  /// The momenta of a trajectory.
  public func drawMomenta<Scalar>(
    _ field: LinkField<Scalar>, trajectory: UInt32
  ) -> AlgebraField<Scalar> {
    var momenta = AlgebraField<Scalar>(layout: field.layout, group: field.group)
    momenta.setMomenta(seed: seed, trajectory: trajectory)
    momenta.clearMissingLinks(of: field.boundary)
    return dynamics.acceleration?.weighted(momenta) ?? momenta
  }
}
