import Autodiff
import Compute
import Lattice
import Loops

extension Variable {
  /// The untraced loops along closed paths from every site, one channel a path.
  ///
  /// W_p(x) is the product of links along path p from x (`LinkField.pathProduct`); a loop over a link
  /// that does not exist is zero.
  ///
  /// - Throws: `.openPath` for a path that does not close on this lattice, `.pathDimension` for one of
  ///   another dimension, `.noChannels` without any path.
  public func loops<Scalar>(
    _ paths: [LatticePath]
  ) throws(LayerError) -> Variable<SiteField<Scalar>> where Value == LinkField<Scalar> {
    try requirePaths(paths, on: value.geometry)
    return recordLoops(value.pathProducts(paths), along: paths)
  }

  /// The untraced plaquettes, one channel for every plane mu < nu in lexicographic order:
  /// P_mu_nu(x) = U_mu(x) U_nu(x+mu) U_mu(x+nu)^dagger U_nu(x)^dagger.
  public func plaquettes<Scalar>() -> Variable<SiteField<Scalar>>
  where Value == LinkField<Scalar> {
    let d = value.dimension
    let paths = value.geometry.planes.map { mu, nu in
      LatticePath(
        [
          .init(mu, forward: true), .init(nu, forward: true), .init(mu, forward: false),
          .init(nu, forward: false),
        ], dimension: d)
    }
    return recordLoops(value.plaquetteField(), along: paths)
  }

  /// The untraced Polyakov loops based at every site, one channel a direction; zero in open ones.
  public func polyakovLoops<Scalar>() -> Variable<SiteField<Scalar>>
  where Value == LinkField<Scalar> {
    let extents = value.geometry.extents
    let paths = extents.indices.map { mu in
      LatticePath(
        Array(repeating: .init(mu, forward: true), count: extents[mu]), dimension: extents.count)
    }
    return recordLoops(value.pathProducts(paths), along: paths)
  }

  /// Records products of links along paths, of which each channel passes its derivative to the links.
  private func recordLoops<Scalar>(
    _ products: SiteField<Scalar>, along paths: [LatticePath]
  ) -> Variable<SiteField<Scalar>> where Value == LinkField<Scalar> {
    tape.record(products, inputs: [self]) { cotangent, cotangents in
      cotangents.update(self) { force in
        for (channel, path) in paths.enumerated() {
          let element = SiteAlgebra(
            products: products, cotangent: cotangent, channel: channel)
          addPathForce(of: element, along: path, links: self.value, to: &force)
        }
      }
    }
  }
}

/// Throws unless there are paths, of the dimension of the lattice and closed on it.
func requirePaths(_ paths: [LatticePath], on geometry: Geometry) throws(LayerError) {
  guard !paths.isEmpty else { throw .noChannels(layer: "loops") }
  for path in paths {
    guard path.dimension == geometry.dimension else {
      throw .pathDimension(
        path: "\(path)", expected: geometry.dimension, found: path.dimension)
    }
    guard path.isClosed(on: geometry) else {
      throw .openPath("\(path)", lattice: "\(geometry)", displacement: path.displacement)
    }
  }
}
