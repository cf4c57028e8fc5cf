import Compute

extension AlgebraField {
  /// Momenta of hybrid Monte Carlo: P with the weight exp(sum tr P^2), so that the coefficients p_a of
  /// P = T^a p_a, tr(T^a T^b) = -1/2 delta_ab, have variance 1; for U(1), P = i p, the weight is
  /// exp(-p^2).
  ///
  /// Every element depends on the seed, the trajectory, its site, direction and batch member only.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public mutating func setMomenta(seed: UInt64, trajectory: UInt32) {
    withMatrixKernel(
      n: group.n,
      MomentumDraw(
        momenta: mutableView, layout: layout, trajectory: trajectory,
        places: BlockPlaces(RandomStream(seed: seed, purpose: .momenta), layout)))
  }

  /// -sum over links of tr P^2, for U(1) the sum of p^2, of every batch member, as an exact sum.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func kineticEnergiesOfMembers() -> [Double] {
    withMatrixKernel(n: group.n, KineticEnergy(momenta: view, layout: layout)).map { $0[0] }
  }

  /// -sum over links of tr P^2 of one batch member.
  public func kineticEnergy(member: Int = 0) -> Double { kineticEnergiesOfMembers()[member] }

  /// Every element times a number.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public mutating func scale(by factor: Scalar) {
    let p = mutableView.base
    let f = Scalar.Lanes(repeating: factor)
    for k in 0..<(layout.blockCount * dimension * group.algebraDimension) { p[k] = p[k] * f }
  }
}

extension AlgebraField {
  /// self += factor x
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public mutating func add(_ x: AlgebraField<Scalar>, times factor: Scalar) {
    precondition(
      x.group == group && x.layout === layout, "fields of one lattice, group and batch")
    let (p, q) = (mutableView.base, x.view.base)
    let f = Scalar.Lanes(repeating: factor)
    for k in 0..<(layout.blockCount * dimension * group.algebraDimension) {
      p[k] = multiplyAdd(f, q[k], p[k])
    }
  }
}

private struct MomentumDraw<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let momenta: BlockView<V>
  let layout: Layout
  let trajectory: UInt32
  let places: BlockPlaces

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let numbers = kernel.n == 1 ? 1 : kernel.n * kernel.n
    let padded = (numbers + 3) / 4 * 4
    forEachBlockRange(layout, work: 60 * layout.dimension * numbers, scratch: padded, of: V.self) {
      group, blocks, scratch in
      let p = momenta.offset(byBlocks: group * layout.siteBlocks)
      draw(kernel, p, group, blocks, scratch)
    }
  }

  @inline(never)
  func draw<K: MatrixKernel>(
    _ kernel: K, _ p: BlockView<V>, _ group: Int, _ blocks: Range<Int>,
    _ gaussians: UnsafeMutablePointer<V>
  ) where K.Vector == V {
    let n = kernel.n
    let numbers = n == 1 ? 1 : n &* n
    for b in blocks {
      for mu in 0..<p.perSite {
        let place = places.place(
          block: b, group: group, sweep: trajectory, direction: mu, stage: 0)
        var k = 0
        while k < numbers {
          fourGaussians(gaussians + k, place, draw: UInt32(truncatingIfNeeded: k / 4))
          k &+= 4
        }
        let a = p.block(b, mu)
        // On the diagonal variance 1/2 before the trace is taken out, above it 1/4.
        let diagonal = V(repeating: V.Scalar(0.5).squareRoot())
        if n == 1 {
          a[0] = gaussians[0] * diagonal
          continue
        }
        var trace = V.zero
        for i in 0..<n { trace = trace + gaussians[i] }
        trace = trace * V(repeating: 1 / V.Scalar(n))
        for i in 0..<(n &- 1) { a[i] = (gaussians[i] - trace) * diagonal }
        for i in n..<(n &* n) { a[i &- 1] = gaussians[i] * V(repeating: 0.5) }
      }
    }
  }

  /// Four independent normal numbers a lane by Box and Muller's transformation.
  @inline(__always)
  func fourGaussians(
    _ d: UnsafeMutablePointer<V>, _ place: borrowing RandomPlace, draw: UInt32
  ) {
    let (u1, u2, u3, u4) = V.uniforms(place, draw: draw)
    pair(d, u1, u2)
    pair(d + 2, u3, u4)
  }

  @inline(__always)
  func pair(_ d: UnsafeMutablePointer<V>, _ u: V, _ w: V) {
    let radius = V.squareRoot(V.log(u) * V(repeating: -2))
    // Sine and cosine of 2 pi (w - 1/2) by doubling the angle.
    let (s, c) = V.sineCosinePi(w - V(repeating: 0.5))
    d[0] = radius * negatedMultiplyAdd(s + s, s, V(repeating: 1))
    d[1] = radius * ((s + s) * c)
  }
}

private struct KineticEnergy<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let momenta: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) -> [[Double]] where K.Vector == V {
    reduceBlocks(layout, quantities: 1, grain: 512, scratch: 1, of: V.self) {
      group, blocks, sums, _ in
      let p = momenta.offset(byBlocks: group * layout.siteBlocks)
      for b in blocks {
        for mu in 0..<p.perSite { sums[0].add(kernel.algebraNormSquared(p.block(b, mu))) }
      }
    }
  }
}
