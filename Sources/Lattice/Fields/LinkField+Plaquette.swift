import Compute

extension LinkField {
  /// The mean of Re tr P_mu_nu / N over the plaquettes that exist, one a site on a periodic lattice,
  /// for every plane mu < nu in lexicographic order, of every batch member.
  ///
  /// P_mu_nu(x) = U_mu(x) U_nu(x+mu) U_mu(x+nu)^dagger U_nu(x)^dagger.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func planePlaquettesOfMembers() -> [[Double]] {
    let sums = withMatrixKernel(n: group.n, PlaquetteSums(view: view, layout: layout))
    let normalisations = boundary.plaquetteCounts(in: geometry).map {
      1 / (Double($0) * Double(group.n))
    }
    return sums.map { zip($0, normalisations).map { $0 * $1 } }
  }

  /// The mean of Re tr P_mu_nu / N over the plaquettes that exist, for every plane, of one member.
  public func planePlaquettes(member: Int = 0) -> [Double] { planePlaquettesOfMembers()[member] }

  /// The mean plaquette, Re tr P / N over all plaquettes that exist, of one member.
  public func plaquette(member: Int = 0) -> Double {
    let planes = planePlaquettes(member: member)
    guard boundary.anyOpen else { return planes.reduce(0, +) / Double(planes.count) }
    let counts = boundary.plaquetteCounts(in: geometry)
    return zip(planes, counts).reduce(0) { $0 + $1.0 * Double($1.1) }
      / Double(counts.reduce(0, +))
  }

  /// The mean of Re tr U / N over all links that exist, of one member.
  public func linkTrace(member: Int = 0) -> Double { linkTracesOfMembers()[member] }

  /// The mean of Re tr U / N over all links that exist, of every member.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func linkTracesOfMembers() -> [Double] {
    let sums = withMatrixKernel(n: group.n, LinkTraceSums(view: view, layout: layout))
    let links = (0..<dimension).reduce(0) { $0 + boundary.linkCount($1, in: geometry) }
    return sums.map { $0[0] / (Double(links) * Double(group.n)) }
  }
}

private struct PlaquetteSums<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let view: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) -> [[Double]] where K.Vector == V {
    let d = layout.dimension
    let planes = d * (d - 1) / 2
    let prefetches = view.wantsPrefetch(siteBlocks: layout.siteBlocks)
    return reduceBlocks(
      layout, quantities: planes, grain: 128, scratch: 4 * view.stride, of: V.self
    ) { group, blocks, sums, scratch in
      let view = self.view.offset(byBlocks: group * layout.siteBlocks)
      if prefetches {
        Self.accumulate(kernel, view, blocks, d, sums, scratch, prefetching: true)
      } else {
        Self.accumulate(kernel, view, blocks, d, sums, scratch, prefetching: false)
      }
    }
  }

  /// Re tr P_nu_mu = Re tr [U_nu(x+mu) U_mu(x+nu)^dagger] [U_nu(x)^dagger U_mu(x)].
  @inline(__always)
  static func accumulate<K: MatrixKernel>(
    _ kernel: K, _ view: BlockView<V>, _ blocks: Range<Int>, _ d: Int,
    _ sums: UnsafeMutablePointer<LaneSum<V>>, _ scratch: UnsafeMutablePointer<V>, prefetching: Bool
  ) where K.Vector == V {
    let s = view.stride
    let (e, f) = (scratch + 2 * s, scratch + 3 * s)
    let up = view.layout.up
    for b in blocks {
      let next = b + 1 < blocks.upperBound ? b + 1 : b
      for mu in 1..<d {
        for nu in 0..<mu {
          let right = view.fetch(up[b * d + mu], nu, scratch: scratch)
          let top = view.fetch(up[b * d + nu], mu, scratch: scratch + s)
          if prefetching {
            view.prefetch(up[next * d + mu], nu)
            view.prefetch(up[next * d + nu], mu)
          }
          kernel.multiplyAdjoint(e, right, top)
          kernel.adjointMultiply(f, view.block(b, nu), view.block(b, mu))
          let plane = Geometry.planeIndex(nu, mu, dimension: d)
          sums[plane].add(kernel.realTraceOfProduct(e, f))
        }
      }
    }
  }
}

private struct LinkTraceSums<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let view: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) -> [[Double]] where K.Vector == V {
    reduceBlocks(layout, quantities: 1, grain: 1024, scratch: 1, of: V.self) {
      group, blocks, sums, _ in
      let view = self.view.offset(byBlocks: group * layout.siteBlocks)
      for b in blocks {
        for mu in 0..<layout.dimension { sums[0].add(kernel.trace(view.block(b, mu)).re) }
      }
    }
  }
}
