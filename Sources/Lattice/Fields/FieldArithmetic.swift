import Compute

extension SiteField {
  /// self += factor x
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public mutating func add(_ x: SiteField<Scalar>, times factor: Scalar = 1) {
    precondition(
      x.group == group && x.layout === layout && x.channels == channels,
      "fields of one lattice, group, batch and number of channels")
    addVectors(mutableView.base, x.view.base, count: buffer.count, times: factor)
  }

  /// Zero in every channel.
  package init(zeros layout: Layout, group: GaugeGroup, channels: Int) {
    self.init(uninitialized: layout, group: group, channels: channels)
    buffer.pointer.update(repeating: .zero, count: buffer.count)
  }

  /// Sets the lanes that belong to no lattice to zero, so that sums over lanes do not see them.
  package mutating func clearIdleLanes() {
    let all = Scalar.Lanes.allLaneBits
    // Without any, the memory may stay shared.
    let hasIdleLanes = (0..<layout.outerBatch).contains {
      layout.usedLaneBits(block: $0 * layout.siteBlocks) != all
    }
    guard hasIdleLanes else { return }
    let view = mutableView
    for group in 0..<layout.outerBatch {
      let first = group * layout.siteBlocks
      let bits = layout.usedLaneBits(block: first)
      if bits == all { continue }
      let mask = Scalar.Lanes.mask(bits: bits)
      let p = view.block(first, 0)
      for k in 0..<(layout.siteBlocks * view.perSite * view.stride) {
        p[k] = Scalar.Lanes.select(mask, p[k], .zero)
      }
    }
  }

  /// sum over sites, channels and batch members of Re tr(self^dagger x), exactly rounded sums of
  /// rounded products.
  public func realInnerProduct(_ x: SiteField<Scalar>) -> Double {
    precondition(
      x.group == group && x.layout === layout && x.channels == channels,
      "fields of one lattice, group, batch and number of channels")
    return innerProduct(view, x.view, layout)
  }
}

extension ScalarField {
  /// self += factor x
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public mutating func add(_ x: ScalarField<Scalar>, times factor: Scalar = 1) {
    precondition(
      x.layout === layout && x.channels == channels,
      "fields of one lattice, batch and number of channels")
    addVectors(mutableView.base, x.view.base, count: buffer.count, times: factor)
  }

  /// The sum over sites, channels and batch members of products.
  public func innerProduct(_ x: ScalarField<Scalar>) -> Double {
    precondition(
      x.layout === layout && x.channels == channels,
      "fields of one lattice, batch and number of channels")
    return Lattice.innerProduct(view, x.view, layout)
  }
}

@inline(never)
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func addVectors<Scalar: LatticeReal>(
  _ p: UnsafeMutablePointer<Scalar.Lanes>, _ q: UnsafeMutablePointer<Scalar.Lanes>, count: Int,
  times factor: Scalar
) {
  nonisolated(unsafe) let (p, q) = (p, q)
  parallelFor(count, grain: 1 << 15) { range in
    let f = Scalar.Lanes(repeating: factor)
    for k in range { p[k] = multiplyAdd(f, q[k], p[k]) }
  }
}

/// The sum of products of all vectors of the lanes in use.
private func innerProduct<V: LaneVector>(
  _ x: BlockView<V>, _ y: BlockView<V>, _ layout: Layout
) -> Double {
  let perBlock = x.perSite * x.stride
  let sums = reduceBlocks(layout, quantities: 1, grain: 256, scratch: 1, of: V.self) {
    group, blocks, sums, _ in
    let first = group * layout.siteBlocks
    let (x, y) = (x.offset(byBlocks: first), y.offset(byBlocks: first))
    for b in blocks {
      let (p, q) = (x.block(b, 0), y.block(b, 0))
      var sum = V.zero
      for k in 0..<perBlock { sum = multiplyAdd(p[k], q[k], sum) }
      sums[0].add(sum)
    }
  }
  return sums.reduce(0) { $0 + $1[0] }
}

extension AlgebraField {
  /// -sum over links of tr(self x), for U(1) of the product of the numbers, of every batch member.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func innerProductsOfMembers(_ x: AlgebraField<Scalar>) -> [Double] {
    precondition(
      x.group == group && x.layout === layout, "fields of one lattice, group and batch")
    return withMatrixKernel(
      n: group.n, AlgebraInnerProduct(left: view, right: x.view, layout: layout)
    ).map { $0[0] }
  }

  /// -sum over links and batch members of tr(self x), for U(1) of the product of the numbers.
  public func innerProduct(_ x: AlgebraField<Scalar>) -> Double {
    innerProductsOfMembers(x).reduce(0, +)
  }
}

private struct AlgebraInnerProduct<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let left: BlockView<V>
  let right: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) -> [[Double]] where K.Vector == V {
    reduceBlocks(layout, quantities: 1, grain: 512, scratch: 1, of: V.self) {
      group, blocks, sums, _ in
      let first = group * layout.siteBlocks
      let (x, y) = (left.offset(byBlocks: first), right.offset(byBlocks: first))
      for b in blocks {
        for mu in 0..<x.perSite {
          sums[0].add(kernel.algebraInnerProduct(x.block(b, mu), y.block(b, mu)))
        }
      }
    }
  }
}
