import Compute
import Lattice

extension LinkField {
  /// Wilson loops W(R, T) for the static potential, of every member: spatial lines of smeared links,
  /// time lines of links unsmeared or smeared differently.
  ///
  /// The mean of Re tr W / N over sites and spatial directions; R steps on an axis, T in time, the last
  /// direction. Smearing in space raises the overlap with the ground state of two static colour
  /// sources, W(R, T) = sum_n c_n(R) exp(-V_n(R) T), and changes no V_n; smeared time links are another
  /// static action, with another V_0. The mean is over the loops that exist, and lengths without any,
  /// on lattices with open boundaries, are left out.
  ///
  /// - Parameters:
  ///   - smearing: of the spatial links, in space whatever its `spatialOnly` says: else it would mix
  ///     times.
  ///   - timeSmearing: of the time links, such as one step of `hyp`.
  /// - Returns: [member][R - 1][T - 1] for R up to `maximumR` and T up to `maximumT`.
  public func staticPotentialLoopsOfMembers(
    maximumR: Int, maximumT: Int, smearing: Smearing?, timeSmearing: Smearing? = nil
  ) -> [[[Double]]] {
    let space = smearing.map { smeared($0.inSpace) } ?? self
    let time = timeSmearing.map { smeared($0) } ?? self
    return space.replacingLinks(dimension - 1, from: time)
      .wilsonLoopTableOfMembers(maximumR: maximumR, maximumT: maximumT)
      .map { table in table.map { row in row.compactMap { $0 } }.filter { !$0.isEmpty } }
  }

  /// Wilson loops for the static potential of one member: [R - 1][T - 1]; see
  /// `staticPotentialLoopsOfMembers`.
  public func staticPotentialLoops(
    maximumR: Int, maximumT: Int, smearing: Smearing?, timeSmearing: Smearing? = nil,
    member: Int = 0
  ) -> [[Double]] {
    staticPotentialLoopsOfMembers(
      maximumR: maximumR, maximumT: maximumT, smearing: smearing, timeSmearing: timeSmearing)[
        member]
  }

  /// The links with those of one direction taken from another field.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func replacingLinks(_ mu: Int, from other: LinkField) -> LinkField {
    precondition(
      other.group == group && other.layout === layout, "links of one lattice, group and batch")
    var result = self
    let (from, to) = (other.view, result.mutableView)
    for b in 0..<layout.blockCount {
      to.block(b, mu).update(from: from.block(b, mu), count: from.stride)
    }
    return result
  }
}
