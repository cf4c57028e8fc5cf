import ComplexModule
import Lattice
import RealModule
import TestSupport

/// Smearing as written in the papers, link by link.
extension ReferenceLattice {
  /// A_nu(x) B_mu(x+nu) A_nu(x+mu)^dagger + A_nu(x-nu)^dagger B_mu(x-nu) A_nu(x+mu-nu)
  func staples(
    _ site: Int, _ mu: Int, _ nu: Int, side: (Int) -> ComplexMatrix, top: (Int) -> ComplexMatrix
  ) -> ComplexMatrix {
    let below = neighbour(site, nu, -1)
    return side(site) * top(neighbour(site, nu)) * side(neighbour(site, mu)).adjoint
      + side(below).adjoint * top(below) * side(neighbour(below, mu))
  }

  func staples(_ site: Int, _ mu: Int, _ nu: Int) -> ComplexMatrix {
    staples(site, mu, nu, side: { links[$0][nu] }, top: { links[$0][mu] })
  }

  private func projected(_ m: ComplexMatrix) -> ComplexMatrix {
    m.frobeniusNorm == 0 ? m : m.polarUnitary()
  }

  func apeSmeared(_ alpha: Double, directions: Int) -> ReferenceLattice {
    var result = self
    guard directions > 1 else { return self }
    for site in 0..<geometry.volume {
      for mu in 0..<directions {
        var sum = ComplexMatrix.zero(n)
        for nu in 0..<directions where nu != mu { sum = sum + staples(site, mu, nu) }
        result.links[site][mu] = projected(
          Complex(1 - alpha) * links[site][mu]
            + Complex(alpha / Double(2 * (directions - 1))) * sum)
      }
    }
    return result
  }

  func stoutSmeared(_ rho: (Int, Int) -> Double) -> ReferenceLattice {
    var result = self
    for site in 0..<geometry.volume {
      for mu in 0..<dimension {
        var sum = ComplexMatrix.zero(n)
        for nu in 0..<dimension where nu != mu {
          sum = sum + Complex(rho(mu, nu)) * staples(site, mu, nu)
        }
        let x = (sum * links[site][mu].adjoint).tracelessAntihermitian
        var (term, exponential) = (ComplexMatrix.identity(n), ComplexMatrix.identity(n))
        for k in 1...40 {
          term = Complex(1 / Double(k)) * (term * x)
          exponential = exponential + term
        }
        result.links[site][mu] = exponential * links[site][mu]
      }
    }
    return result
  }

  /// Hypercubic smearing by the recursion on the directions that are left out.
  func hypSmeared(_ alphas: [Double], directions: Int) -> ReferenceLattice {
    guard directions > 1 else { return self }
    var known = [[Int]: [ComplexMatrix]]()
    // V_mu without staples in the directions of `excluded`, at every site.
    func links(_ mu: Int, _ excluded: [Int]) -> [ComplexMatrix] {
      let open = (0..<directions).filter { $0 != mu && !excluded.contains($0) }
      if open.isEmpty { return self.links.map { $0[mu] } }
      let key = [mu] + excluded.sorted()
      if let found = known[key] { return found }
      let alpha = alphas[min(alphas.count, directions - 1) - open.count]
      var sums = [ComplexMatrix](repeating: .zero(n), count: geometry.volume)
      for nu in open {
        let side = links(nu, excluded + [mu])
        let top = links(mu, excluded + [nu])
        for site in 0..<geometry.volume {
          sums[site] =
            sums[site] + staples(site, mu, nu, side: { side[$0] }, top: { top[$0] })
        }
      }
      let result = (0..<geometry.volume).map { site in
        projected(
          Complex(1 - alpha) * self.links[site][mu]
            + Complex(alpha / Double(2 * open.count)) * sums[site])
      }
      known[key] = result
      return result
    }
    var result = self
    for mu in 0..<directions {
      for (site, link) in links(mu, []).enumerated() { result.links[site][mu] = link }
    }
    return result
  }
}
