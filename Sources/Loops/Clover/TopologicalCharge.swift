import Compute
import Lattice

/// How the field strength in a lattice definition of the topological charge is made.
public enum ChargeDefinition: String, Sendable, CaseIterable {
  /// The clover field strength, traceless: F = (C - C^dagger) / (8i) less its trace.
  case clover
  /// The clover field strength with its trace left in, F = (C - C^dagger) / (8i).
  case cloverWithTrace
  /// One plaquette a plane with its trace left in, F = (P - P^dagger) / (2i).
  case plaquette
}

extension LinkField {
  /// The topological charge from the traceless clover field strength,
  /// Q = (1/4 pi^2) sum_x tr(F01 F23 - F02 F13 + F03 F12) = (1/32 pi^2) sum epsilon tr F F over the
  /// sites with a whole clover; nil except in four dimensions, and where there is no such site.
  public func topologicalChargeClover(member: Int = 0) -> Double? {
    dimension == 4 ? cloverObservables(member: member).charge : nil
  }

  /// The topological charge of one batch member by a lattice definition,
  /// Q = (1/4 pi^2) sum_x tr(F01 F23 - F02 F13 + F03 F12), over the sites where all six field
  /// strengths are whole; nil except in four dimensions, and where there is no such site.
  public func topologicalCharge(_ definition: ChargeDefinition, member: Int = 0) -> Double? {
    switch definition {
    case .clover: topologicalChargeClover(member: member)
    case .cloverWithTrace: cloverObservables(member: member).chargeWithoutTraceRemoval
    case .plaquette:
      topologicalChargeDensity(.plaquette, member: member).map { exactSum($0) }
    }
  }

  /// The density q(x) of the topological charge at every site in serial order, x fastest, 0 where
  /// a field strength is not whole for want of links; nil except in four dimensions.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func topologicalChargeDensity(
    _ definition: ChargeDefinition, member: Int = 0
  ) -> [Double]? {
    guard dimension == 4 else { return nil }
    let density = AlignedBuffer<Scalar.Lanes>(uninitialized: layout.blockCount)
    withMatrixKernel(
      n: group.n,
      ChargeDensity(
        links: view, density: density, definition: definition, layout: layout,
        interior: definition == .plaquette ? nil : BoundarySlices(layout).interior(boundary)))
    return (0..<geometry.volume).map { site in
      let (block, lane) = layout.locate(site: site, member: member)
      return Double(density.pointer[block][lane]) / (4 * Double.pi * Double.pi)
    }
  }
}

private struct ChargeDensity<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let density: AlignedBuffer<V>
  let definition: ChargeDefinition
  let layout: Layout
  /// The lanes of every block that count; nil for all. One plaquette a plane needs none: all of
  /// them together have links in every direction, so the density vanishes where one is missing.
  let interior: [UInt32]?

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = links.stride
    forEachBlockRange(
      layout, work: 120 * s, scratch: 6 * s + 6 * kernel.cloverStride, of: V.self
    ) { group, blocks, scratch in
      let first = group * layout.siteBlocks
      let view = links.offset(byBlocks: first)
      let (sum, elements) = (scratch + 5 * s, scratch + 6 * s)
      for b in blocks {
        var f = elements
        for mu in 0..<4 {
          for nu in (mu + 1)..<max(4, mu + 1) {
            if definition == .plaquette {
              plaquette(kernel, view, sum, block: b, mu, nu, scratch: scratch)
            } else {
              cloverLeaves(kernel, view, sum, block: b, mu, nu, scratch: scratch)
            }
            kernel.compressClover(f, sum)
            f += kernel.cloverStride
          }
        }
        let charges = cloverCharge(kernel, elements)
        let value =
          switch definition {
          case .clover: charges.traceless
          case .cloverWithTrace: charges.withTrace
          // F = A / i instead of A / (4i).
          case .plaquette: charges.withTrace * V(repeating: 16)
          }
        let counted = V.mask(bits: interior?[b] ?? V.allLaneBits)
        density.pointer[first + b] = V.select(counted, value, .zero)
      }
    }
  }

  /// d = U_mu(x) U_nu(x+mu) U_mu(x+nu)^dagger U_nu(x)^dagger
  @inline(__always)
  func plaquette<K: MatrixKernel>(
    _ kernel: K, _ view: BlockView<V>, _ d: UnsafeMutablePointer<V>, block b: Int, _ mu: Int,
    _ nu: Int, scratch: UnsafeMutablePointer<V>
  ) where K.Vector == V {
    let s = view.stride
    let up = view.layout.up
    let right = view.fetch(up[b * 4 + mu], nu, scratch: scratch)
    let top = view.fetch(up[b * 4 + nu], mu, scratch: scratch + s)
    kernel.multiply(scratch + 2 * s, view.block(b, mu), right)
    kernel.multiply(scratch + 3 * s, view.block(b, nu), top)
    kernel.multiplyAdjoint(d, scratch + 2 * s, scratch + 3 * s)
  }
}
