import CKernels
import Compute

/// A loop over blocks, written once for every group: called with the kernel of its matrices.
public protocol BlockOperation<Vector, Result> {
  associatedtype Vector: LaneVector
  associatedtype Result
  func run<K: MatrixKernel>(_ kernel: K) -> Result where K.Vector == Vector
}

/// Runs an operation with the kernel for N x N matrices, so that it is compiled for each.
@inlinable @inline(__always)
public func withMatrixKernel<O: BlockOperation>(n: Int, _ operation: O) -> O.Result {
  switch n {
  case 1: operation.run(Kernel1<O.Vector>())
  case 2: operation.run(Kernel2<O.Vector>())
  case 3: operation.run(Kernel3<O.Vector>())
  default: operation.run(KernelN<O.Vector>(n: n))
  }
}

/// The matrices of a field of some links or channels per site, with their neighbours.
@frozen
public struct BlockView<V: LaneVector>: @unchecked Sendable {
  public let base: UnsafeMutablePointer<V>
  /// Matrices per site.
  public let perSite: Int
  /// Vectors of a matrix.
  public let stride: Int
  public let layout: LayoutView

  @inlinable @inline(__always)
  public init(_ base: UnsafeMutablePointer<V>, perSite: Int, stride: Int, layout: LayoutView) {
    self.base = base
    self.perSite = perSite
    self.stride = stride
    self.layout = layout
  }

  /// The block of matrix `mu` at a block of sites.
  @inlinable @inline(__always)
  public func block(_ b: Int, _ mu: Int) -> UnsafeMutablePointer<V> {
    base + (b &* perSite &+ mu) &* stride
  }

  /// The view of one group of batch members, whose blocks begin at `first`.
  @inlinable @inline(__always)
  public func offset(byBlocks first: Int) -> BlockView {
    BlockView(base + first &* perSite &* stride, perSite: perSite, stride: stride, layout: layout)
  }

  /// Matrix `mu` at a neighbour entry: in place, or with its lanes exchanged, in scratch.
  @inlinable @inline(__always)
  public func fetch(
    _ entry: UInt32, _ mu: Int, scratch: UnsafeMutablePointer<V>
  ) -> UnsafeMutablePointer<V> {
    let source = block(Int(entry >> 4), mu)
    if _fastPath(entry & 15 == 0) { return source }
    permute(scratch, source, code: Int(entry & 15))
    return scratch
  }

  /// `d` = the lanes of `source` in the order of a code.
  @inline(never) @inlinable
  public func permute(
    _ d: UnsafeMutablePointer<V>, _ source: UnsafeMutablePointer<V>, code: Int
  ) {
    V.permute(
      d, source, count: stride, index: layout.permutations + code &* 64,
      code: layout.codesAreExchanges ? code << layout.codeShift : -1)
  }

  /// Whether a field of `siteBlocks` blocks comes from so far away that prefetching pays: below
  /// 8 MiB it costs a few per cent, above it saves a fifth.
  @inlinable @inline(__always)
  public func wantsPrefetch(siteBlocks: Int) -> Bool { siteBlocks &* perSite &* stride > 1 << 17 }

  /// Asks the cache for the matrix at an entry.
  @inlinable @inline(__always)
  public func prefetch(_ entry: UInt32, _ mu: Int) {
    let p = UnsafeRawPointer(block(Int(entry >> 4), mu))
    for k in 0..<stride { ck_prefetch_read(p + 64 &* k) }
  }
}
