import Compute
import Lattice

/// Links with momenta.
struct PhaseSpacePoint<Scalar: LatticeReal> {
  var links: LinkField<Scalar>
  var momenta: AlgebraField<Scalar>

  init(_ links: LinkField<Scalar>, _ momenta: AlgebraField<Scalar>) {
    (self.links, self.momenta) = (links, momenta)
  }

  /// Links with the momenta of a seed.
  init(_ links: LinkField<Scalar>, seed: UInt64, trajectory: UInt32) {
    var momenta = AlgebraField<Scalar>(layout: links.layout, group: links.group)
    momenta.setMomenta(seed: seed, trajectory: trajectory)
    momenta.clearMissingLinks(of: links.boundary)
    self.init(links, momenta)
  }

  /// U_mu(x) -> g(x) U_mu(x) g(x + mu)^dagger, P_mu(x) -> g(x) P_mu(x) g(x)^dagger.
  func transformed(by g: SiteField<Scalar>) -> PhaseSpacePoint {
    var result = PhaseSpacePoint(links.transformed(by: g), momenta)
    forEachLink { site, mu, member in
      let h = g[site, 0, member]
      result.momenta[site, mu, member] = h * momenta[site, mu, member] * h.adjoint
    }
    return result
  }

  /// U_mu(x) -> U_mu(x + a), P_mu(x) -> P_mu(x + a).
  func shifted(by displacement: [Int]) -> PhaseSpacePoint {
    var result = PhaseSpacePoint(links.shifted(by: displacement), momenta)
    let geometry = links.geometry
    forEachLink { site, mu, member in
      let far = displacement.enumerated().reduce(site) {
        geometry.neighbour(of: $0, direction: $1.offset, steps: $1.element)
      }
      result.momenta[site, mu, member] = momenta[far, mu, member]
    }
    return result
  }

  private func forEachLink(_ body: (_ site: Int, _ mu: Int, _ member: Int) -> Void) {
    for member in 0..<links.batch {
      for site in 0..<links.geometry.volume {
        for mu in 0..<links.dimension { body(site, mu, member) }
      }
    }
  }
}
