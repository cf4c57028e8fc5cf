import ComplexModule
import Compute
import Lattice
import RealModule

extension LinkField {
  /// The product of links along a path from every site, W(x) = U ... U, which transports from the
  /// path's end to x.
  ///
  /// A forward step gives U_mu(x) and moves to x + mu, a backward step moves to x - mu and gives
  /// U_mu(x - mu)^dagger. Closed paths give untraced loops; the empty path gives unit matrices; a
  /// path over a link that does not exist gives zero.
  public func pathProduct(_ path: LatticePath) -> SiteField<Scalar> { pathProducts([path]) }

  /// The products of links along paths from every site, one channel a path.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func pathProducts(_ paths: [LatticePath]) -> SiteField<Scalar> {
    precondition(
      paths.allSatisfy { $0.dimension == dimension }, "a path needs the dimension of the lattice")
    var result = SiteField<Scalar>(uninitialized: layout, group: group, channels: paths.count)
    withMatrixKernel(
      n: group.n,
      PathProducts(links: view, result: result.mutableView, paths: paths, layout: layout))
    return result
  }

  /// The mean of tr/N of the product along a closed path, of every member, over the starting points
  /// from which all its links exist; nil if there are none.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func loopTracesOfMembers(_ path: LatticePath) -> [Complex<Double>]? {
    precondition(path.isClosed(on: geometry), "a trace needs a closed path")
    let places = boundary.placements(spans: path.spans, in: geometry)
    if places == 0 { return nil }
    let sums = withMatrixKernel(
      n: group.n, PathTraces(links: view, path: path, layout: layout))
    let scale = 1 / (Double(places) * Double(group.n))
    return sums.map { Complex($0[0] * scale, $0[1] * scale) }
  }

  /// The mean of tr/N of the product along a closed path, of one member, over the starting points
  /// from which all its links exist; nil if there are none.
  public func loopTrace(_ path: LatticePath, member: Int = 0) -> Complex<Double>? {
    loopTracesOfMembers(path)?[member]
  }

  /// A field of sites transported along a path: W'(x) = P(x) W(x + d) P(x)^dagger, with P the
  /// product of links along the path and d its displacement.
  public func transport(
    _ field: SiteField<Scalar>, along path: LatticePath
  ) -> SiteField<Scalar> {
    field.transported(by: pathProduct(path), displacement: path.displacement)
  }
}

/// The product of links along a path from block `b`, in `result` or `other`, whichever is returned;
/// `scratch` is one matrix for links with exchanged lanes.
@inline(__always)
private func multiplyAlong<K: MatrixKernel>(
  _ path: [LatticePath.Step], _ kernel: K, _ view: BlockView<K.Vector>, _ b: Int,
  _ result: UnsafeMutablePointer<K.Vector>, _ other: UnsafeMutablePointer<K.Vector>,
  scratch: UnsafeMutablePointer<K.Vector>
) -> UnsafeMutablePointer<K.Vector> {
  var (product, spare) = (result, other)
  var entry = UInt32(truncatingIfNeeded: b << 4)
  var isFirst = true
  for step in path {
    let mu = step.direction
    if !step.isForward { entry = view.layout.down(entry, mu) }
    let link = view.fetch(entry, mu, scratch: scratch)
    if isFirst {
      step.isForward ? kernel.copy(product, link) : kernel.adjoint(product, link)
      isFirst = false
    } else {
      if step.isForward {
        kernel.multiply(spare, product, link)
      } else {
        kernel.multiplyAdjoint(spare, product, link)
      }
      swap(&product, &spare)
    }
    if step.isForward { entry = view.layout.up(entry, mu) }
  }
  if isFirst { kernel.setIdentity(product) }
  return product
}

private struct PathProducts<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let result: BlockView<V>
  let paths: [LatticePath]
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = links.stride
    let work = 3 * s * paths.reduce(0) { $0 + 1 + $1.length }
    forEachBlockRange(layout, work: work, scratch: 3 * s, of: V.self) { group, blocks, scratch in
      let first = group * layout.siteBlocks
      let (u, w) = (links.offset(byBlocks: first), result.offset(byBlocks: first))
      for b in blocks {
        for (channel, path) in paths.enumerated() {
          let product = multiplyAlong(
            path.steps, kernel, u, b, scratch, scratch + s, scratch: scratch + 2 * s)
          kernel.copy(w.block(b, channel), product)
        }
      }
    }
  }
}

private struct PathTraces<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let path: LatticePath
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) -> [[Double]] where K.Vector == V {
    let s = links.stride
    return reduceBlocks(
      layout, quantities: 2, grain: max(4, 16384 / (s * (1 + path.length))), scratch: 3 * s,
      of: V.self
    ) { group, blocks, sums, scratch in
      let u = links.offset(byBlocks: group * layout.siteBlocks)
      for b in blocks {
        let product = multiplyAlong(
          path.steps, kernel, u, b, scratch, scratch + s, scratch: scratch + 2 * s)
        let trace = kernel.trace(product)
        sums[0].add(trace.re)
        sums[1].add(trace.im)
      }
    }
  }
}
