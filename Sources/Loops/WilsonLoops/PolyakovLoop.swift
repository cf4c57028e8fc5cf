import ComplexModule
import Compute
import Lattice
import RealModule

extension LinkField {
  /// The untraced Polyakov loops of a direction, based at every site: the product of the links of
  /// that direction once around the lattice.
  public func polyakovLoopField(_ mu: Int) -> SiteField<Scalar> {
    linkProducts(mu, length: geometry.extents[mu])
  }

  /// The Polyakov loop of a direction, the mean over the lattice of tr/N, of every member.
  public func polyakovLoopsOfMembers(_ mu: Int) -> [Complex<Double>] {
    polyakovLoopField(mu).meanTracesOfMembers().map { $0[0] }
  }

  /// The Polyakov loop of a direction (time, the last one, by default), the mean over the lattice
  /// of tr/N.
  public func polyakovLoop(_ mu: Int? = nil, member: Int = 0) -> Complex<Double> {
    polyakovLoopsOfMembers(mu ?? dimension - 1)[member]
  }
}
