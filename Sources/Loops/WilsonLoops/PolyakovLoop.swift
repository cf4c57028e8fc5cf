import ComplexModule
import Compute
import Lattice
import RealModule

extension LinkField {
  /// The untraced Polyakov loops of a direction, based at every site: the product of the links of
  /// that direction once around the lattice; zero matrices in an open direction.
  public func polyakovLoopField(_ mu: Int) -> SiteField<Scalar> {
    linkProducts(mu, length: geometry.extents[mu])
  }

  /// The Polyakov loop of a direction, the mean over the lattice of tr/N, of every member; nil in an
  /// open direction, around which no loop goes.
  public func polyakovLoopsOfMembers(_ mu: Int) -> [Complex<Double>]? {
    if boundary.isOpen[mu] { return nil }
    // Where other directions are open, every site still is on a loop.
    return polyakovLoopField(mu).meanTracesOfMembers().map { $0[0] }
  }

  /// The Polyakov loop of a direction (time, the last one, by default), the mean over the lattice
  /// of tr/N; nil in an open direction.
  public func polyakovLoop(_ mu: Int? = nil, member: Int = 0) -> Complex<Double>? {
    polyakovLoopsOfMembers(mu ?? dimension - 1)?[member]
  }
}
