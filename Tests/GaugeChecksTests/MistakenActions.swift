import ComplexModule
import Compute
import Lattice
import Loops
import RealModule

/// Mistakes in a force.
enum ForceMistake: CaseIterable {
  case none, factorTwo, sign, missingDagger, wrongNeighbour, hardCodedThree, missingPlane
  /// The staple sum daggered as (sigma_2 S sigma_2)^T, right for SU(2) only: its first 2 x 2 block.
  case subgroupOnly
}

/// The Wilson action out of plain matrices, with a mistake in its force.
struct MistakenWilson: Action {
  let beta: Double
  let mistake: ForceMistake
  /// Where the mistake is made; nil for everywhere.
  var onlySite: Int?

  var name: String { "wilson with \(mistake)" }

  func valuesOfMembers<Scalar>(_ field: LinkField<Scalar>) -> [Double] {
    field.planePlaquettesOfMembers().map { planes in
      planes.reduce(0) { $0 + beta * Double(field.geometry.volume) * (1 - $1) }
    }
  }

  func addForce<Scalar>(
    of u: LinkField<Scalar>, times factor: Double, to momenta: inout AlgebraField<Scalar>
  ) {
    for member in 0..<u.batch {
      for site in 0..<u.geometry.volume {
        let mistake = onlySite == nil || onlySite == site ? self.mistake : .none
        for mu in 0..<u.dimension {
          let f = force(u, site, mu, member, mistake)
          momenta[site, mu, member] = momenta[site, mu, member] + Complex(factor) * f
        }
      }
    }
  }

  private func force<Scalar>(
    _ u: LinkField<Scalar>, _ x: Int, _ mu: Int, _ member: Int, _ mistake: ForceMistake
  ) -> ComplexMatrix {
    let n = u.group.n
    func step(_ x: Int, _ mu: Int, _ steps: Int) -> Int {
      u.geometry.neighbour(of: x, direction: mu, steps: steps)
    }
    func link(_ x: Int, _ mu: Int) -> ComplexMatrix { u[x, mu, member] }
    var staples = ComplexMatrix.zero(n)
    for nu in 0..<u.dimension where nu != mu {
      if mistake == .missingPlane, min(mu, nu) == 0, max(mu, nu) == 1 { continue }
      let (ahead, below) = (step(x, mu, 1), step(x, nu, -1))
      staples = staples + link(ahead, nu) * link(step(x, nu, 1), mu).adjoint * link(x, nu).adjoint
      let corner = mistake == .wrongNeighbour ? ahead : step(ahead, nu, -1)
      let right = link(corner, nu)
      staples =
        staples + (mistake == .missingDagger ? right : right.adjoint) * link(below, mu).adjoint
        * link(below, nu)
    }
    let divisor = mistake == .hardCodedThree ? 3 : Double(n)
    let factor = (mistake == .factorTwo ? 2 : mistake == .sign ? -1 : 1) * beta / divisor
    var product = Complex(factor) * (link(x, mu) * staples)
    if mistake == .subgroupOnly {
      product = ComplexMatrix(n: n) { $0 < 2 && $1 < 2 ? product[$0, $1] : 0 }
    }
    return product.tracelessAntihermitian
  }
}

/// The force of another action after a change, with its value.
struct ChangedForce: Action {
  let action: any Action
  let change: @Sendable (ComplexMatrix) -> ComplexMatrix

  var name: String { "changed \(action.name)" }

  func valuesOfMembers<Scalar>(_ field: LinkField<Scalar>) -> [Double] {
    action.valuesOfMembers(field)
  }

  func addForce<Scalar>(
    of u: LinkField<Scalar>, times factor: Double, to momenta: inout AlgebraField<Scalar>
  ) {
    let force = action.force(of: u)
    for member in 0..<u.batch {
      for site in 0..<u.geometry.volume {
        for mu in 0..<u.dimension {
          let f = change(force[site, mu, member])
          momenta[site, mu, member] = momenta[site, mu, member] + Complex(factor) * f
        }
      }
    }
  }
}

/// A piecewise constant action that wrongly has a force.
struct ForcedTheta: Action {
  let theta: ThetaAction

  var name: String { "forced theta" }
  var isPiecewiseConstant: Bool { true }

  func valuesOfMembers<Scalar>(_ field: LinkField<Scalar>) -> [Double] {
    theta.valuesOfMembers(field)
  }

  func addForce<Scalar>(
    of u: LinkField<Scalar>, times factor: Double, to momenta: inout AlgebraField<Scalar>
  ) {
    momenta[1, 0] = momenta[1, 0] + Complex(factor) * ComplexMatrix(n: 1) { _, _ in Complex(0, 1) }
  }
}
