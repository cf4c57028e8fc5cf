import Compute
import Lattice

extension BlockView {
  /// Adds `factor` times one element to the one at a neighbour entry of the block that the lanes
  /// of the element belong to.
  ///
  /// - Parameters:
  ///   - back: the entry that leads from the neighbour back, whose code undoes the exchange.
  ///   - scratch: one element.
  @inline(__always)
  func add(
    _ element: UnsafeMutablePointer<V>, times factor: V, to entry: UInt32, _ mu: Int,
    back: UInt32, scratch: UnsafeMutablePointer<V>
  ) {
    let destination = block(Int(entry >> 4), mu)
    var source = element
    if !_fastPath(entry & 15 == 0) {
      permute(scratch, element, code: Int(back & 15))
      source = scratch
    }
    for k in 0..<stride { destination[k] = multiplyAdd(source[k], factor, destination[k]) }
  }
}
