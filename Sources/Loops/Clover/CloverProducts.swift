import Compute
import Lattice

extension LinkField {
  /// The means over sites of tr F_p F_q of the clover field strength, for every pair of planes p, q in
  /// lexicographic order, of one batch member: [p][q], symmetric.
  ///
  /// T_mu_nu = sum_a tr F_mu_a F_nu_a and the density of the topological charge are combinations of them. On
  /// lattices with open directions the clover of boundary slices lacks leaves; they are counted as they are.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func cloverProducts(member: Int = 0) -> [[Double]] {
    let strength = cloverFieldStrength()
    let planes = strength.channels
    let (view, layout) = (strength.view, layout)
    let sums = reduceBlocks(
      layout, quantities: planes * (planes + 1) / 2, grain: 64, scratch: 1,
      of: Scalar.Lanes.self
    ) { group, blocks, sums, _ in
      addProducts(view.offset(byBlocks: group * layout.siteBlocks), blocks, sums)
    }[member]
    withExtendedLifetime(strength) {}
    var result = [[Double]](repeating: [Double](repeating: 0, count: planes), count: planes)
    var index = 0
    for p in 0..<planes {
      for q in p..<planes {
        result[p][q] = sums[index] / Double(geometry.volume)
        result[q][p] = result[p][q]
        index += 1
      }
    }
    return result
  }
}

/// tr A B of hermitian matrices is the sum of the products of their real numbers.
@inline(never)
private func addProducts<V: LaneVector>(
  _ view: BlockView<V>, _ blocks: Range<Int>, _ sums: UnsafeMutablePointer<LaneSum<V>>
) {
  for b in blocks {
    var index = 0
    for p in 0..<view.perSite {
      for q in p..<view.perSite {
        let (x, y) = (view.block(b, p), view.block(b, q))
        var sum = V.zero
        for k in 0..<view.stride { sum = multiplyAdd(x[k], y[k], sum) }
        sums[index].add(sum)
        index += 1
      }
    }
  }
}
