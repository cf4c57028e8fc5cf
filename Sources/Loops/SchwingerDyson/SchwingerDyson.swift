import Compute
import Lattice

/// One lattice's terms of the Schwinger-Dyson equations of an action S = sum_k beta_k S_k.
///
/// Integrating sum_a D_a (D_a S_j exp(-S)) over a link gives zero, hence
/// sum_k beta_k <grad S_j . grad S_k> = <laplacian S_j>, with grad S_j . grad S_k = sum over links and
/// a of (D_a S_j) (D_a S_k): linear equations for the couplings of a Boltzmann weight from averages
/// over its ensemble. With forces, D_a S = -tr(T^a F), the product is -1/2 sum tr(F_j F_k), for U(1)
/// sum F_j F_k. A. Gonzalez-Arroyo and M. Okawa, Phys. Rev. D 35 (1987) 672; M. Falcioni et al.,
/// Nucl. Phys. B 265 (1986) 187.
///
/// All numbers are divided by the number of links that exist.
public struct SchwingerDyson: Sendable, Hashable {
  /// grad S_j . grad S_k a link, symmetric.
  public let products: [[Double]]
  /// The Laplacian of S_j a link.
  public let laplacians: [Double]

  public init(products: [[Double]], laplacians: [Double]) {
    self.products = products
    self.laplacians = laplacians
  }

  /// The terms of every batch member.
  ///
  /// Forces of all terms are kept at once, each half of a link field.
  public static func ofMembers<Scalar: LatticeReal>(
    _ field: LinkField<Scalar>, terms: [any LaplacianAction]
  ) -> [SchwingerDyson] {
    let (d, batch, count) = (field.dimension, field.batch, terms.count)
    let links = (0..<d).reduce(0) { $0 + field.boundary.linkCount($1, in: field.geometry) }
    let scale = 1 / Double(links)
    let metric = field.group == .u1 ? scale : scale / 2
    let forces = terms.map { $0.force(of: field) }
    var products = [[[Double]]](
      repeating: Array(repeating: Array(repeating: 0, count: count), count: count), count: batch)
    for j in 0..<count {
      for k in 0...j {
        for (member, value) in forces[j].innerProductsOfMembers(forces[k]).enumerated() {
          products[member][j][k] = metric * value
          products[member][k][j] = metric * value
        }
      }
    }
    let laplacians = terms.map { $0.laplaciansOfMembers(field) }
    return (0..<batch).map { member in
      SchwingerDyson(
        products: products[member], laplacians: laplacians.map { scale * $0[member] })
    }
  }
}
