import ComplexModule
import Compute

extension LinkField {
  /// Links drawn from the Haar measure ("hot start"). Each link depends on the seed, its site,
  /// direction and batch member only.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public mutating func setHaarRandom(seed: UInt64) {
    fillRandomly(
      mutableView, layout, n: group.n, stream: RandomStream(seed: seed, purpose: .haarField)
    )
    clearMissingLinks()
  }

  /// Links exp(epsilon X) with X = TA(Z), Z a complex Gaussian matrix with unit variance of real and
  /// imaginary parts: smooth for small epsilon.
  public mutating func setNearUnit(epsilon: Double, seed: UInt64) {
    var algebra = AlgebraField<Scalar>(layout: layout, group: group)
    algebra.setGaussian(seed: seed, purpose: .nearUnitField)
    setCold()
    multiplyByExponential(of: algebra, times: Scalar(epsilon))
  }
}

extension SiteField {
  /// A random gauge transformation: group elements drawn from the Haar measure.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public mutating func setHaarRandom(seed: UInt64) {
    fillRandomly(
      mutableView, layout, n: group.n,
      stream: RandomStream(seed: seed, purpose: .gaugeTransformation)
    )
  }
}

extension SiteField {
  /// Independent complex Gaussian matrices with unit variance of real and imaginary parts in every
  /// channel.
  package mutating func setGaussian(seed: UInt64, purpose: RandomStream.Purpose = .directions) {
    let n = group.n
    let stream = RandomStream(seed: seed, purpose: purpose)
    let m = UnsafeMutablePointer<Double>.allocate(capacity: 2 * n * n)
    defer { m.deallocate() }
    for member in 0..<layout.batch {
      for site in 0..<geometry.volume {
        for channel in 0..<channels {
          gaussianMatrix(
            m, n: n, stream: stream, site: UInt32(site), member: UInt32(member), direction: channel)
          self[site, channel, member] = ComplexMatrix(n: n) { i, j in
            Complex(m[2 * (i * n + j)], m[2 * (i * n + j) + 1])
          }
        }
      }
    }
  }
}

extension AlgebraField {
  /// TA(Z), Z a complex Gaussian matrix with unit variance of real and imaginary parts, so that
  /// every coefficient in the basis T^a with tr(T^a T^b) = -1/2 delta_ab has variance 2; for U(1)
  /// the number p has variance 1.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public mutating func setGaussian(seed: UInt64, purpose: RandomStream.Purpose = .algebraField) {
    let view = mutableView
    let (n, d) = (group.n, layout.dimension)
    let layout = layout
    let stream = RandomStream(seed: seed, purpose: purpose)
    forEachBlockRange(layout, work: 100 * d * n * n, scratch: 0, of: Scalar.Lanes.self) {
      group, blocks, _ in
      let view = view.offset(byBlocks: group * layout.siteBlocks)
      forEachLane(layout, group, blocks) { b, lane, site, member in
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * n * n) { buffer in
          let m = buffer.baseAddress!
          for mu in 0..<d {
            gaussianMatrix(
              m, n: n, stream: stream, site: site, member: member, direction: mu)
            let p = view.block(b, mu)
            var trace = 0.0
            if n > 1 { for i in 0..<n { trace += m[2 * (i * n + i) + 1] / Double(n) } }
            AlgebraElement.forEach(n: n) { index, element in
              let value =
                switch element {
                case .diagonal(let i): m[2 * (i * n + i) + 1] - trace
                case .real(let i, let j): (m[2 * (i * n + j)] - m[2 * (j * n + i)]) / 2
                case .imaginary(let i, let j):
                  (m[2 * (i * n + j) + 1] + m[2 * (j * n + i) + 1]) / 2
                }
              p[index][lane] = Scalar(value)
            }
          }
        }
      }
    }
  }
}

/// Calls `body` for every lane in use: block, lane, serial site, batch member.
@inline(__always)
func forEachLane(
  _ layout: Layout, _ group: Int, _ blocks: Range<Int>,
  _ body: (Int, Int, UInt32, UInt32) -> Void
) {
  for b in blocks {
    for lane in 0..<layout.laneCount {
      guard let member = layout.member(block: group * layout.siteBlocks + b, lane: lane) else {
        continue
      }
      body(b, lane, layout.blockSitePointer[b] + layout.laneSite[lane], UInt32(member))
    }
  }
}

/// Fills every matrix of a field with a Haar-random group element; idle lanes get unit matrices.
private func fillRandomly<V: LaneVector>(
  _ view: BlockView<V>, _ layout: Layout, n: Int, stream: RandomStream
) {
  let s = 2 * n * n
  forEachBlockRange(layout, work: 100 * view.perSite * s, scratch: 0, of: V.self) {
    group, blocks, _ in
    let view = view.offset(byBlocks: group * layout.siteBlocks)
    for b in blocks {
      for c in 0..<view.perSite {
        let p = view.block(b, c)
        for k in 0..<s { p[k] = .zero }
        for i in 0..<n { p[2 * (i * n + i)] = V(repeating: 1) }
      }
    }
    forEachLane(layout, group, blocks) { b, lane, site, member in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: s) { buffer in
        let m = buffer.baseAddress!
        for c in 0..<view.perSite {
          gaussianMatrix(m, n: n, stream: stream, site: site, member: member, direction: c)
          makeHaar(m, n: n)
          let p = view.block(b, c)
          for k in 0..<s { p[k][lane] = V.Scalar(m[k]) }
        }
      }
    }
  }
}
