import Compute
import Lattice

/// How far links are from a gauge.
public struct GaugeDeviation: Sendable, Hashable {
  /// The mean over sites and directions of the condition of Re tr U_mu(x) / N, which the gauge makes as
  /// large as possible.
  public let functional: Double
  /// The mean over sites of tr(D D^dagger) / N, D(x) = sum_mu [A_mu(x) - A_mu(x - mu)] with
  /// A_mu = (U_mu - U_mu^dagger) / 2i without its trace; zero in the gauge.
  public let theta: Double
}

extension LinkField {
  /// How far every member of the batch is from a gauge.
  ///
  /// - Precondition: periodic boundaries.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func gaugeDeviations(_ condition: GaugeCondition) -> [GaugeDeviation] {
    divergence(condition).deviations
  }

  /// How far every member is from a gauge in units of random links: the root mean square of D(x) over that of
  /// the same sum with random signs, sqrt(2 sum_mu tr(A_mu A_mu^dagger)); 0 is fixed, 1 is random, nil where
  /// the links have no imaginary part to say anything.
  ///
  /// - Precondition: periodic boundaries.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func gaugeDistances(_ condition: GaugeCondition) -> [Double?] {
    var squares = ScalarField<Scalar>(layout: layout)
    withMatrixKernel(
      n: group.n,
      GaugeFieldSquare(
        links: view, squares: squares.mutableView, layout: layout,
        directions: condition.directions(dimension: dimension)))
    withExtendedLifetime(self) {}
    let sites = Double(geometry.volume)
    return zip(gaugeDeviations(condition), squares.exactSumsOfMembers()).map { deviation, square in
      let random = (2 * square[0] / sites).squareRoot()
      let found = (deviation.theta * Double(group.n)).squareRoot()
      return random > 1e3 * Double(Scalar.ulpOfOne) ? found / random : nil
    }
  }

  /// i D(x) of the condition as an algebra element a site, and what it says of every member.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func divergence(
    _ condition: GaugeCondition
  ) -> (field: ScalarField<Scalar>, deviations: [GaugeDeviation]) {
    var field = ScalarField<Scalar>(layout: layout, channels: group.algebraDimension)
    let directions = condition.directions(dimension: dimension)
    // Near the gauge its numbers are too small for the sums of a kernel, which round to 2^-48.
    var norms = ScalarField<Scalar>(layout: layout)
    let operation = GaugeDivergenceKernel(
      links: view, divergence: field.mutableView, norms: norms.mutableView, layout: layout,
      directions: directions)
    let functionals = withMatrixKernel(n: group.n, operation)
    withExtendedLifetime((self, field)) {}
    let thetas = norms.exactSumsOfMembers()
    let volume = Double(geometry.volume)
    let n = Double(group.n)
    return (
      field,
      zip(functionals, thetas).map {
        GaugeDeviation(
          functional: $0[0] / (volume * n * Double(max(1, directions.count))),
          theta: $1[0] / (volume * n))
      }
    )
  }
}

private struct GaugeDivergenceKernel<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let divergence: BlockView<V>
  /// tr(D D^dagger) of every site.
  let norms: BlockView<V>
  let layout: Layout
  let directions: Range<Int>

  /// For every member the sum of Re tr U.
  func run<K: MatrixKernel>(_ kernel: K) -> [[Double]] where K.Vector == V {
    let s = links.stride
    return reduceBlocks(
      layout, quantities: 1, grain: max(4, 32768 / (s * layout.dimension)), scratch: 3 * s,
      of: V.self
    ) { group, blocks, sums, scratch in
      let first = group * layout.siteBlocks
      diverge(
        kernel, links.offset(byBlocks: first), divergence.offset(byBlocks: first),
        norms.offset(byBlocks: first), blocks, sums, scratch)
    }
  }

  @inline(never)
  func diverge<K: MatrixKernel>(
    _ kernel: K, _ u: BlockView<V>, _ d: BlockView<V>, _ norms: BlockView<V>,
    _ blocks: Range<Int>, _ sums: UnsafeMutablePointer<LaneSum<V>>,
    _ scratch: UnsafeMutablePointer<V>
  ) where K.Vector == V {
    let s = u.stride
    let (fetched, sum) = (scratch, scratch + s)
    for b in blocks {
      kernel.clear(sum)
      for mu in directions {
        let link = u.block(b, mu)
        sums[0].add(kernel.trace(link).re)
        kernel.addScaled(sum, link, V(repeating: 1))
        let entry = u.layout.down[b &* layout.dimension &+ mu]
        kernel.addScaled(sum, u.fetch(entry, mu, scratch: fetched), V(repeating: -1))
      }
      // The projection is (X - X^dagger) / 2 without its trace: i D.
      kernel.projectAlgebra(scratch + 2 &* s, sum)
      let element = d.block(b, 0)
      kernel.compressAlgebra(element, scratch + 2 &* s)
      norms.block(b, 0)[0] = kernel.algebraNormSquared(element)
    }
  }
}

/// sum_mu tr(A_mu A_mu^dagger) of every site.
private struct GaugeFieldSquare<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let squares: BlockView<V>
  let layout: Layout
  let directions: Range<Int>

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = links.stride
    forEachBlockRange(layout, work: layout.dimension * s, scratch: 2 * s, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      let element = scratch + s
      for b in blocks {
        var sum = V.zero
        for mu in directions {
          kernel.projectAlgebra(scratch, links.block(first + b, mu))
          kernel.compressAlgebra(element, scratch)
          sum = sum + kernel.algebraNormSquared(element)
        }
        squares.block(first + b, 0)[0] = sum
      }
    }
  }
}
