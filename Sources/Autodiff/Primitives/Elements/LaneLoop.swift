import Compute

/// Elements as vectors: whole ones from anywhere, the last few padded with zeros.
struct LaneReader<V: LaneVector>: @unchecked Sendable {
  let base: UnsafePointer<V.Scalar>

  @inline(__always)
  init(_ base: UnsafePointer<V.Scalar>) { self.base = base }

  @inline(__always)
  func whole(at i: Int) -> V { UnsafeRawPointer(base + i).loadUnaligned(as: V.self) }

  @inline(__always)
  func part(at i: Int, count: Int) -> V {
    var vector = V.zero
    for lane in 0..<count { vector[lane] = base[i + lane] }
    return vector
  }
}

/// Calls `body` for vectors of a range of elements: `load` reads one, `store` writes one.
@inline(__always)
func forEachVector<V: LaneVector>(
  _ range: Range<Int>, to target: UnsafeMutablePointer<V.Scalar>,
  _ body: (_ load: (LaneReader<V>) -> V) -> V
) {
  let lanes = V.scalarCount
  var i = range.lowerBound
  while i + lanes <= range.upperBound {
    let vector = body { $0.whole(at: i) }
    UnsafeMutableRawPointer(target + i).storeBytes(of: vector, as: V.self)
    i += lanes
  }
  if i < range.upperBound {
    let rest = range.upperBound - i
    let vector = body { $0.part(at: i, count: rest) }
    for lane in 0..<rest { target[i + lane] = vector[lane] }
  }
}
