import ComplexModule
import Compute
import Lattice
import RealModule

extension LinkField {
  /// The mean of tr W / N over the R x T loops of one plane that exist, one a site on a periodic
  /// lattice, of every member: R steps in mu, T steps in nu, counter-clockwise from x; nil if there
  /// are none, since they do not fit into an open direction.
  ///
  /// W(x) = A(x) B(x + R mu) A(x + T nu)^dagger B(x)^dagger with lines A of R links in mu and B of T
  /// links in nu.
  public func wilsonLoopsOfMembers(
    _ mu: Int, _ nu: Int, _ r: Int, _ t: Int
  ) -> [Complex<Double>]? {
    precondition(mu != nu, "a loop needs two directions")
    if rectangleCount(mu, nu, r, t) == 0 { return nil }
    return rectangleTraces(
      linkProducts(mu, length: r), linkProducts(nu, length: t), mu, nu, r, t)
  }

  /// The mean of tr W / N over the R x T loops of one plane that exist, nil if there are none; its
  /// real part is the Wilson loop.
  public func wilsonLoop(
    _ mu: Int, _ nu: Int, _ r: Int, _ t: Int, member: Int = 0
  ) -> Complex<Double>? {
    wilsonLoopsOfMembers(mu, nu, r, t)?[member]
  }

  /// The mean of tr W / N over the R x T loops that exist, of every plane mu < nu in lexicographic
  /// order, R steps in mu and T in nu; nil for planes without.
  public func planeWilsonLoops(_ r: Int, _ t: Int, member: Int = 0) -> [Complex<Double>?] {
    let short = (0..<dimension).map { linkProducts($0, length: r) }
    let long = r == t ? short : (0..<dimension).map { linkProducts($0, length: t) }
    return geometry.planes.map { mu, nu in
      rectangleCount(mu, nu, r, t) == 0
        ? nil : rectangleTraces(short[mu], long[nu], mu, nu, r, t)[member]
    }
  }

  /// The mean of Re tr R / N over all 2 x 1 loops R that exist, in both orientations of every plane:
  /// what `RectangleAction` sums; nil if there are none.
  public func meanRectangle(member: Int = 0) -> Double? {
    var (sum, total) = (0.0, 0)
    for (r, t) in [(2, 1), (1, 2)] {
      for (plane, loop) in zip(geometry.planes, planeWilsonLoops(r, t, member: member)) {
        guard let loop else { continue }
        let count = rectangleCount(plane.mu, plane.nu, r, t)
        sum += loop.real * Double(count)
        total += count
      }
    }
    return total == 0 ? nil : sum / Double(total)
  }

  /// Wilson loops W(R, T), the mean of Re tr W / N over all loops that exist in the planes of a
  /// spatial direction (R steps) and time, the last direction (T steps); nil where there are none.
  ///
  /// Lines are built once and continued link by link.
  ///
  /// - Returns: [member][R - 1][T - 1] for R up to `maximumR` and T up to `maximumT`.
  public func wilsonLoopTableOfMembers(
    maximumR: Int, maximumT: Int
  ) -> [[[Double?]]] {
    precondition(maximumR >= 1 && maximumT >= 1, "loops need sides of 1 or more")
    let time = dimension - 1
    var table = [[[Double?]]](
      repeating: Array(repeating: Array(repeating: nil, count: maximumT), count: maximumR),
      count: batch)
    func total(_ r: Int, _ t: Int) -> Int {
      (0..<time).reduce(0) { $0 + rectangleCount($1, time, r, t) }
    }
    let timeLines = lines(time, upTo: maximumT)
    for mu in 0..<time {
      for (r, line) in lines(mu, upTo: maximumR).enumerated() {
        for (t, timeLine) in timeLines.enumerated() {
          let count = rectangleCount(mu, time, r + 1, t + 1)
          if count == 0 { continue }
          let loops = rectangleTraces(line, timeLine, mu, time, r + 1, t + 1)
          let share = Double(count) / Double(total(r + 1, t + 1))
          for member in 0..<batch {
            table[member][r][t] = (table[member][r][t] ?? 0) + loops[member].real * share
          }
        }
      }
    }
    return table
  }

  /// Wilson loops W(R, T) of one batch member: [R - 1][T - 1].
  public func wilsonLoopTable(maximumR: Int, maximumT: Int, member: Int = 0) -> [[Double?]] {
    wilsonLoopTableOfMembers(maximumR: maximumR, maximumT: maximumT)[member]
  }

  /// The number of R x T loops of a plane that exist.
  private func rectangleCount(_ mu: Int, _ nu: Int, _ r: Int, _ t: Int) -> Int {
    boundary.placements(
      spans: (0..<dimension).map { $0 == mu ? r : $0 == nu ? t : 0 }, in: geometry)
  }

  /// Straight lines of 1, 2, ..., `length` links.
  private func lines(_ mu: Int, upTo length: Int) -> [SiteField<Scalar>] {
    var result = [links(mu)]
    var step = [Int](repeating: 0, count: dimension)
    step[mu] = 1
    while result.count < length {
      result.append(result[0].multiplied(by: result.last!, displacement: step))
    }
    return result
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func rectangleTraces(
    _ a: SiteField<Scalar>, _ b: SiteField<Scalar>, _ mu: Int, _ nu: Int, _ r: Int, _ t: Int
  ) -> [Complex<Double>] {
    var (alongMu, alongNu) = (
      [Int](repeating: 0, count: dimension), [Int](repeating: 0, count: dimension)
    )
    alongMu[mu] = r
    alongNu[nu] = t
    let sums = withMatrixKernel(
      n: group.n,
      RectangleTraces(
        a: a.view, b: b.view, alongMu: layout.neighbours(displacement: alongMu),
        alongNu: layout.neighbours(displacement: alongNu), layout: layout))
    let scale = 1 / (Double(rectangleCount(mu, nu, r, t)) * Double(group.n))
    return sums.map { Complex($0[0] * scale, $0[1] * scale) }
  }
}

/// tr A(x) B(x + R mu) A(x + T nu)^dagger B(x)^dagger
/// = tr [B(x)^dagger A(x)] [B(x + R mu) A(x + T nu)^dagger].
private struct RectangleTraces<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let a: BlockView<V>
  let b: BlockView<V>
  let alongMu: [UInt32]
  let alongNu: [UInt32]
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) -> [[Double]] where K.Vector == V {
    let s = a.stride
    return reduceBlocks(
      layout, quantities: 2, grain: max(16, 8192 / s), scratch: 4 * s, of: V.self
    ) { group, blocks, sums, scratch in
      let first = group * layout.siteBlocks
      let (a, b) = (self.a.offset(byBlocks: first), self.b.offset(byBlocks: first))
      for x in blocks {
        let right = b.fetch(alongMu[x], 0, scratch: scratch)
        let top = a.fetch(alongNu[x], 0, scratch: scratch + s)
        kernel.multiplyAdjoint(scratch + 2 * s, right, top)
        kernel.adjointMultiply(scratch + 3 * s, b.block(x, 0), a.block(x, 0))
        let trace = kernel.traceOfProduct(scratch + 3 * s, scratch + 2 * s)
        sums[0].add(trace.re)
        sums[1].add(trace.im)
      }
    }
  }
}
