import ComplexModule
import Lattice
import Loops
import Sampling
import TestSupport
import Testing

/// The action of the article "Your own action".
private struct ExternalField: Action {
  let h: Double
  var name: String { "external field" }

  func valuesOfMembers<Scalar>(_ field: LinkField<Scalar>) -> [Double] {
    let links = Double(field.geometry.volume * field.dimension * field.group.n)
    return field.linkTracesOfMembers().map { -h * links * $0 }
  }

  func addForce<Scalar>(
    of field: LinkField<Scalar>, times factor: Double, to momenta: inout AlgebraField<Scalar>
  ) {
    for member in 0..<field.batch {
      for site in 0..<field.geometry.volume {
        for mu in 0..<field.dimension {
          momenta[site, mu, member] =
            momenta[site, mu, member] + Complex(factor * h) * field[site, mu, member]
        }
      }
    }
  }
}

@Suite("An action from outside")
struct YourOwnActionTests {
  @Test(
    "the force is that of the value, alone and in a sum",
    arguments: [GaugeGroup.u1, .su2, .su3, .su4])
  func force(_ group: GaugeGroup) throws {
    let u = try LinkField<Double>.hot([3, 2, 4], group, batch: 2, seed: 6)
    let own = ExternalField(h: 0.7)
    let sum = try WilsonAction(beta: 2, dimension: 3) + own
    for member in 0..<2 {
      #expect(forceError(own, u, member: member) < 1e-9)
      #expect(forceError(sum, u, member: member) < 1e-9)
    }
  }

  /// The error of dH falls as the square of the step, on two time scales.
  @Test("hybrid Monte Carlo takes it")
  func trajectories() throws {
    let u = try LinkField<Double>.hot([4, 2, 4], .su3, seed: 7)
    let wilson = try WilsonAction(beta: 5, dimension: 3)
    func change(_ steps: Int) -> Double {
      var field = u
      let dynamics = MolecularDynamics([
        .init(ExternalField(h: 0.4), steps: steps), .init(wilson, steps: 2),
      ])
      let hmc = HybridMonteCarlo(dynamics, seed: 3)
      #expect(hmc.reversibilityViolation(field, trajectory: 0).links < 1e-12)
      return hmc.update(&field, trajectory: 0)[0].energyChange
    }
    let (coarse, fine) = (change(20), change(40))
    #expect(abs(coarse / fine - 4) < 0.2)
  }
}
