import Compute
import Lattice

/// What one pass over the clover field strength gives for one lattice.
///
/// Sites on a boundary slice x_mu = 0 or L_mu - 1 of an open direction lack leaves of the clover and
/// are left out. Where no site remains, an open extent being 2, energies are NaN and charges nil.
public struct CloverObservables: Sendable, Hashable {
  /// E: the mean over sites with a whole clover of sum_{mu<nu} tr F_mu_nu F_mu_nu = 1/4 G^a G^a.
  public var energy: Double { energySpatial + energyTemporal }
  /// The part of E from planes without time, the last direction.
  public let energySpatial: Double
  /// The part of E from planes with time.
  public let energyTemporal: Double
  /// Q = (1/4 pi^2) sum_x tr(F01 F23 - F02 F13 + F03 F12); nil except in four dimensions.
  public let charge: Double?
  /// The same charge with the trace left in F, as some codes define it; nil except in four
  /// dimensions.
  public let chargeWithoutTraceRemoval: Double?
}

extension LinkField {
  /// Energy and topological charge from the clover field strength, of every batch member, in one
  /// pass that keeps no field.
  ///
  /// Energies and charges are exact sums over sites: they do not depend on threads or layout.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func cloverObservablesOfMembers() -> [CloverObservables] {
    let interior = BoundarySlices(layout).interior(boundary)
    let sums = withMatrixKernel(
      n: group.n, CloverSums(links: view, layout: layout, interior: interior))
    // The clover reaches from x - mu to x + mu.
    let sites = boundary.placements(
      spans: Array(repeating: 2, count: dimension), in: geometry)
    let volume = Double(sites)
    let charge = 1 / (4 * Double.pi * Double.pi)
    let isFourDimensional = dimension == 4 && sites > 0
    return sums.map { sums in
      CloverObservables(
        energySpatial: sums[0] / volume, energyTemporal: sums[1] / volume,
        charge: isFourDimensional ? sums[2] * charge : nil,
        chargeWithoutTraceRemoval: isFourDimensional ? sums[3] * charge : nil)
    }
  }

  /// Energy and topological charge from the clover field strength of one batch member.
  public func cloverObservables(member: Int = 0) -> CloverObservables {
    cloverObservablesOfMembers()[member]
  }

  /// E, the mean over sites with a whole clover of sum_{mu<nu} tr F_mu_nu F_mu_nu; NaN if there are
  /// none.
  public func cloverEnergy(member: Int = 0) -> Double { cloverObservables(member: member).energy }
}

private struct CloverSums<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let layout: Layout
  /// The lanes of every block that count; nil for all.
  let interior: [UInt32]?

  func run<K: MatrixKernel>(_ kernel: K) -> [[Double]] where K.Vector == V {
    let s = links.stride
    let d = layout.dimension
    let planes = d * (d - 1) / 2
    return reduceBlocks(
      layout, quantities: 4, grain: max(2, 2048 / (s * planes)),
      scratch: 6 * s + planes * (kernel.n * kernel.n + 1), of: V.self
    ) { group, blocks, sums, scratch in
      let view = links.offset(byBlocks: group * layout.siteBlocks)
      Self.accumulate(kernel, view, blocks, d, interior, sums, scratch)
    }
  }

  @inline(never)
  static func accumulate<K: MatrixKernel>(
    _ kernel: K, _ view: BlockView<V>, _ blocks: Range<Int>, _ d: Int, _ interior: [UInt32]?,
    _ sums: UnsafeMutablePointer<LaneSum<V>>, _ scratch: UnsafeMutablePointer<V>
  ) where K.Vector == V {
    let s = view.stride
    let element = kernel.cloverStride
    let (sum, elements) = (scratch + 5 * s, scratch + 6 * s)
    // (1/4)^2 from F = A / (4 i).
    let scale = V(repeating: 1.0 / 16)
    for b in blocks {
      var (spatial, temporal) = (V.zero, V.zero)
      var f = elements
      for mu in 0..<d {
        for nu in (mu + 1)..<max(d, mu + 1) {
          cloverLeaves(kernel, view, sum, block: b, mu, nu, scratch: scratch)
          kernel.compressClover(f, sum)
          let square = kernel.cloverProduct(f, f)
          if nu == d - 1 { temporal = temporal + square } else { spatial = spatial + square }
          f += element
        }
      }
      let counted = V.mask(bits: interior?[b] ?? V.allLaneBits)
      sums[0].add(V.select(counted, spatial * scale, .zero))
      sums[1].add(V.select(counted, temporal * scale, .zero))
      if d == 4 {
        let charges = cloverCharge(kernel, elements)
        sums[2].add(V.select(counted, charges.traceless, .zero))
        sums[3].add(V.select(counted, charges.withTrace, .zero))
      }
    }
  }
}

/// tr(F01 F23 - F02 F13 + F03 F12) of the six compressed planes at `elements`, without and with
/// their traces.
@inline(__always)
func cloverCharge<K: MatrixKernel>(
  _ kernel: K, _ elements: UnsafeMutablePointer<K.Vector>
) -> (traceless: K.Vector, withTrace: K.Vector) {
  let e = kernel.cloverStride
  let scale = K.Vector(repeating: 1.0 / 16)
  let (p01, p02, p03) = (elements, elements + e, elements + 2 &* e)
  let (p12, p13, p23) = (elements + 3 &* e, elements + 4 &* e, elements + 5 &* e)
  let traceless =
    kernel.cloverProduct(p01, p23) - kernel.cloverProduct(p02, p13)
    + kernel.cloverProduct(p03, p12)
  let traces =
    kernel.cloverTraceProduct(p01, p23) - kernel.cloverTraceProduct(p02, p13)
    + kernel.cloverTraceProduct(p03, p12)
  return (traceless * scale, (traceless + traces) * scale)
}
