import Lattice

extension WilsonAction: LaplacianAction {
  /// 4 C sum_{x, mu<nu} beta_mu_nu w Re tr P_mu_nu(x) / N, for U(1) 4 beta cos: the four links of a
  /// plaquette are different ones for all extents, and each gives -C Re tr P to the Laplacian of
  /// Re tr P. `w` is the weight of boundary slices.
  public func laplaciansOfMembers<Scalar>(_ field: LinkField<Scalar>) -> [Double] {
    let total = sumOfWeights(field.geometry, field.boundary)
    return valuesOfMembers(field).map { 4 * field.group.casimir * (total - $0) }
  }
}
