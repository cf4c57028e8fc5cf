import ComplexModule
import Compute
import RealModule

extension SiteField {
  /// The mean over sites of tr W_c / N for every channel, of every batch member: [member][channel].
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func meanTracesOfMembers() -> [[Complex<Double>]] {
    let sums = withMatrixKernel(n: group.n, TraceSums(view: view, layout: layout))
    let scale = 1 / (Double(geometry.volume) * Double(group.n))
    return sums.map { sums in
      (0..<channels).map { Complex(sums[2 * $0] * scale, sums[2 * $0 + 1] * scale) }
    }
  }

  /// The mean over sites of tr W_c / N for every channel of one batch member.
  public func meanTraces(member: Int = 0) -> [Complex<Double>] { meanTracesOfMembers()[member] }

  /// tr W_c(x) / N of one channel and batch member at every site in serial order, x fastest.
  public func traces(channel: Int = 0, member: Int = 0) -> [Complex<Double>] {
    (0..<geometry.volume).map { site in
      let (block, lane) = layout.locate(site: site, member: member)
      let p = view.block(block, channel)
      var (re, im) = (0.0, 0.0)
      for i in 0..<group.n {
        re += Double(p[2 * (i * group.n + i)][lane])
        im += Double(p[2 * (i * group.n + i) + 1][lane])
      }
      return Complex(re / Double(group.n), im / Double(group.n))
    }
  }
}

private struct TraceSums<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let view: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) -> [[Double]] where K.Vector == V {
    reduceBlocks(layout, quantities: 2 * view.perSite, grain: 1024, scratch: 1, of: V.self) {
      group, blocks, sums, _ in
      let view = self.view.offset(byBlocks: group * layout.siteBlocks)
      for b in blocks {
        for channel in 0..<view.perSite {
          let trace = kernel.trace(view.block(b, channel))
          sums[2 * channel].add(trace.re)
          sums[2 * channel + 1].add(trace.im)
        }
      }
    }
  }
}
