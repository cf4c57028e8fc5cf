import ComplexModule
import Lattice

extension RectangleAction: LaplacianAction {
  /// 6 C sum_{x, mu != nu} beta_mu_nu Re tr R_mu_nu(x) / N, and more where a link occurs twice.
  ///
  /// That is where the extent of mu is 2: the rectangle tr[L(x) U_nu(x) L(x+nu)^dagger U_nu(x)^dagger]
  /// then has the closed lines L(x) = U_mu(x) U_mu(x+mu), and differentiating both factors of U_nu(x)
  /// adds -2 sum_a tr[L(x) T^a M T^a] = tr L(x) tr L(x+nu)^* - tr R / N (for U(1), 2 R) to the Laplacian
  /// of tr R, with M = U_nu(x) L(x+nu)^dagger U_nu(x)^dagger.
  public func laplaciansOfMembers<Scalar>(_ field: LinkField<Scalar>) -> [Double] {
    let n = Double(field.group.n)
    let casimir = field.group.casimir
    var result = [Double](repeating: 0, count: field.batch)
    for mu in 0..<dimension {
      let traces = field.rectangleTracesOfMembers(mu)
      let isClosed = field.geometry.extents[mu] == 2 && !field.boundary.isOpen[mu]
      let lines = isClosed ? field.polyakovLoopField(mu) : nil
      for member in 0..<field.batch {
        let loops = lines?.traces(member: member)
        for nu in 0..<dimension where nu != mu {
          let sum = traces[member][nu]
          var laplacian = 6 * casimir * sum
          if let loops {
            laplacian -=
              field.group == .u1
              ? 2 * sum : n * n * field.neighbourCorrelation(loops, nu) - sum / n
          }
          result[member] += coupling(mu, nu) * laplacian / n
        }
      }
    }
    return result
  }
}

extension LinkField {
  /// sum over the links of direction nu of Re z(x) z(x+nu)^*, for one number a site in serial order.
  fileprivate func neighbourCorrelation(_ z: [Complex<Double>], _ nu: Int) -> Double {
    let stride = geometry.extents[..<nu].reduce(1, *)
    let extent = geometry.extents[nu]
    var sum = 0.0
    for site in z.indices {
      let isLast = site / stride % extent == extent - 1
      if isLast && boundary.isOpen[nu] { continue }
      let other = z[isLast ? site - (extent - 1) * stride : site + stride]
      sum += z[site].real * other.real + z[site].imaginary * other.imaginary
    }
    return sum
  }
}
