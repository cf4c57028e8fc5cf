import Lattice

extension ThetaAction: LaplacianAction {
  /// -8 C theta_I Q in four dimensions; 0 in two.
  ///
  /// The charge is a sum of tr(F_mu_nu F_rho_sigma) of planes that have no direction in common, so no
  /// link is in both factors. F_mu_nu is linear in the leaves of the clover and their adjoints, each with
  /// four different links: sum_a D_a D_a over the links of its plane makes -4 C F_mu_nu of it, and of
  /// the product -8 C tr(F_mu_nu F_rho_sigma). In two dimensions Q is linear in the angles wherever it
  /// has derivatives.
  public func laplaciansOfMembers<Scalar>(_ field: LinkField<Scalar>) -> [Double] {
    if dimension == 2 { return [Double](repeating: 0, count: field.batch) }
    return valuesOfMembers(field).map { -8 * field.group.casimir * $0 }
  }
}
