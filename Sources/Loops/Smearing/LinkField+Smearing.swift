import Compute
import Lattice

extension LinkField {
  /// The links after smearing, all its steps.
  ///
  /// Every kind is gauge covariant, keeps links in the group, and leaves links that are zero, as those
  /// beyond an open boundary, zero. A spatial smearing leaves the last direction as it is and does
  /// not use it.
  public func smeared(_ smearing: Smearing) -> LinkField {
    precondition(
      (try? smearing.validate(dimension: dimension)) != nil,
      "the matrix rho needs the dimension of the lattice")
    var field = self
    for _ in 0..<smearing.steps {
      switch smearing.kind {
      case .ape(let alpha):
        field = field.apeSmeared(alpha: alpha, spatialOnly: smearing.spatialOnly)
      case .hyp(let alpha1, let alpha2, let alpha3):
        field = field.hypSmeared(
          alpha1: alpha1, alpha2: alpha2, alpha3: alpha3, spatialOnly: smearing.spatialOnly)
      case .stout(let rho):
        field = field.stoutSmeared(rho: rho, spatialOnly: smearing.spatialOnly)
      case .anisotropicStout(let rho):
        field = field.stoutSmeared(rho: rho, spatialOnly: smearing.spatialOnly)
      }
    }
    return field
  }

  /// One step of APE smearing,
  /// U'_mu(x) = Proj[(1 - alpha) U_mu(x) + alpha / n sum of the n staples of the link].
  ///
  /// Proj is the nearest group element: the polar factor with its determinant divided out, for SU(2)
  /// the sum itself normalised (`projectOnGroup`). There are n = 2 (d - 1) staples, 2 (d - 2) in space
  /// only. M. Albanese et al. (APE), Phys. Lett. B 192 (1987) 163.
  public func apeSmeared(alpha: Double, spatialOnly: Bool = false) -> LinkField {
    let directions = smearedDirections(spatialOnly: spatialOnly)
    guard directions.count > 1 else { return self }
    return projected(
      [SmearedLink.single(directions, dimension: dimension)], alphas: [alpha])
  }

  /// One step of hypercubic smearing,
  /// V_mu = Proj[(1 - a1) U_mu + a1/6 sum_{nu != mu} staples of V_nu;mu and V_mu;nu],
  /// V_mu;nu = Proj[(1 - a2) U_mu + a2/4 sum_{rho != mu,nu} staples of V_rho;mu,nu and V_mu;nu,rho],
  /// V_mu;nu,rho = Proj[(1 - a3) U_mu + a3/2 staples of U in the one direction left].
  ///
  /// In three directions (three dimensions, or space only) there are two levels, with a2 and a3, in
  /// two directions one with a3; levels beyond three, in five dimensions and more, take a1. Proj as in
  /// `apeSmeared`. A. Hasenfratz and F. Knechtli, hep-lat/0103029.
  public func hypSmeared(
    alpha1: Double = 0.75, alpha2: Double = 0.6, alpha3: Double = 0.3, spatialOnly: Bool = false
  ) -> LinkField {
    let directions = smearedDirections(spatialOnly: spatialOnly)
    guard directions.count > 1 else { return self }
    let levels = SmearedLink.hypercubic(directions, dimension: dimension)
    return projected(
      levels, alphas: levels.indices.map { $0 == 0 ? alpha3 : $0 == 1 ? alpha2 : alpha1 })
  }

  /// The directions whose links change.
  private func smearedDirections(spatialOnly: Bool) -> [Int] {
    Array(0..<(spatialOnly ? dimension - 1 : dimension))
  }

  /// Runs levels from the inside out.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func projected(_ levels: [[SmearedLink]], alphas: [Double]) -> LinkField {
    var result = LinkField(uninitialized: layout, group: group, boundary: boundary)
    var last: SiteField<Scalar>?
    for (k, targets) in levels.enumerated() {
      var next: SiteField<Scalar>?
      let destination: BlockView<Scalar.Lanes>
      if k == levels.count - 1 {
        destination = result.mutableView
      } else {
        var field = SiteField<Scalar>(
          uninitialized: layout, group: group, channels: targets.count)
        destination = field.mutableView
        next = field
      }
      withMatrixKernel(
        n: group.n,
        ProjectedLevel(
          links: view, below: last?.view ?? view, result: destination, targets: targets,
          alpha: alphas[k], layout: layout))
      last = next
    }
    return result
  }
}
