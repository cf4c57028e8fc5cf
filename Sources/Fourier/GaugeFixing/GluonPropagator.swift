import Compute
import Foundation
import Lattice

/// The gluon propagator of a gauge-fixed configuration in momentum space.
public struct GluonPropagator: Sendable {
  public let geometry: Geometry
  /// D_mu_nu(p), sums over colour divided by the number of generators, [p in serial order of k][mu][nu]:
  /// real parts.
  private let values: [Double]

  /// From links in Landau gauge; A_mu(x + mu/2) = (U_mu - U_mu^dagger)/2i without its trace, in units where
  /// the coupling is inside the field, D_mu_nu(p) = 2/(N^2 - 1) 1/V tr A_mu(p) A_nu(-p) (for U(1) without
  /// the factor 2/(N^2 - 1)), with A_mu(p) = sum_x exp(-i p (x + mu/2)) A_mu(x).
  ///
  /// - Parameter member: which lattice of a batch.
  /// - Throws: `FourierError.noPlan`.
  public init<Scalar: FourierReal>(
    _ links: LinkField<Scalar>, member: Int = 0
  ) throws(FourierError) {
    geometry = links.geometry
    let (d, dimension) = (links.group.algebraDimension, links.dimension)
    let transforms = try links.gluonField(member).fourierTransform()
    let momenta = LatticeMomenta(geometry)
    let norm = (links.group == .u1 ? 1.0 : 1 / Double(d)) / Double(geometry.volume)
    var values = [Double]()
    values.reserveCapacity(geometry.volume * dimension * dimension)
    for site in 0..<geometry.volume {
      let k = geometry.coordinates(of: site)
      let p = momenta.momentum(k)
      let a = (0..<(dimension * d)).map { transforms[k, $0] }
      for mu in 0..<dimension {
        for nu in 0..<dimension {
          // A_mu(p) A_nu(p)^* with half a link of phase for either.
          let (c, s) = (cos((p[nu] - p[mu]) / 2), sin((p[nu] - p[mu]) / 2))
          var sum = 0.0
          for e in 0..<d {
            let (x, y) = (a[mu * d + e], a[nu * d + e])
            let re = x.real * y.real + x.imaginary * y.imaginary
            let im = x.imaginary * y.real - x.real * y.imaginary
            sum += re * c - im * s
          }
          values.append(sum * norm)
        }
      }
    }
    self.values = values
  }

  /// The real part of D_mu_nu(p), p = 2 pi k / L.
  public subscript(k: [Int], mu: Int, nu: Int) -> Double {
    let d = geometry.dimension
    return values[(geometry.site(at: k) * d + mu) * d + nu]
  }

  /// D(p) = sum_mu D_mu_mu(p) / (d - 1), at p = 0 divided by d: what multiplies the transverse projector
  /// in Landau gauge.
  public func scalar(_ k: [Int]) -> Double {
    let d = geometry.dimension
    let trace = (0..<d).reduce(0.0) { $0 + self[k, $1, $1] }
    let isZero = zip(k, geometry.extents).allSatisfy { $0 % $1 == 0 }
    return trace / Double(isZero ? d : d - 1)
  }

  /// sum_mu 2 sin(p_mu / 2) D_mu_nu(p), which vanishes in Landau gauge.
  public func longitudinal(_ k: [Int], nu: Int) -> Double {
    let momenta = LatticeMomenta(geometry)
    let p = momenta.momentum(k)
    return (0..<geometry.dimension).reduce(0.0) { $0 + 2 * sin(p[$1] / 2) * self[k, $1, nu] }
  }
}

extension LinkField where Scalar: FourierReal {
  /// A_mu(x) of a batch member as components in an orthonormal basis of the algebra, 2 tr T_a T_b = delta_ab for
  /// N > 1: channel mu (N^2 - 1) + a; sum_a of squares is 2 tr A^2, for U(1) A^2.
  func gluonField(_ member: Int) throws(FourierError) -> PositionField<Scalar> {
    let (n, d) = (group.n, group.algebraDimension)
    var field = try PositionField<Scalar>(geometry, channels: dimension * d)
    for site in 0..<geometry.volume {
      for mu in 0..<dimension {
        let a = self[site, mu, member].tracelessAntihermitian
        var c = mu * d
        func append(_ x: Double) {
          field[site, c] = Scalar(x)
          c += 1
        }
        if n == 1 {
          append(a[0, 0].imaginary)
          continue
        }
        for i in 0..<n {
          for j in (i + 1)..<max(n, i + 1) {
            append(2 * a[i, j].imaginary)
            append(2 * a[i, j].real)
          }
        }
        // Cartan elements diag(1, ..., 1, -l, 0, ...) / sqrt(2 l (l + 1)).
        for l in 1..<n {
          let sum = (0..<l).reduce(0.0) { $0 + a[$1, $1].imaginary } - Double(l) * a[l, l].imaginary
          append(sum * 2 / (2 * Double(l) * Double(l + 1)).squareRoot())
        }
      }
    }
    return field
  }
}
