import Compute

/// The elements of a tensor by which of its axes are summed over.
///
/// Element (kept, reduced) lies at `keptOffsets[kept] + reducedOffsets[reduced]`, followed by `width`
/// elements that differ in the last axis where that one is kept.
struct AxisPartition: Sendable {
  /// The shape without the axes that are summed over.
  let shape: [Int]
  let keptOffsets: [Int]
  let reducedOffsets: [Int]
  let width: Int

  init(of shape: [Int], reducing axes: [Int]) {
    let strides = rowMajorStrides(shape)
    let kept = shape.indices.filter { !axes.contains($0) }
    let reduced = shape.indices.filter { axes.contains($0) }
    self.shape = kept.map { shape[$0] }
    let isLastKept = kept.last == shape.count - 1 && !kept.isEmpty
    width = isLastKept ? shape[shape.count - 1] : 1
    let rows = isLastKept ? kept.dropLast() : kept[...]
    keptOffsets = offsets(of: rows.map { shape[$0] }, strides: rows.map { strides[$0] })
    reducedOffsets = offsets(of: reduced.map { shape[$0] }, strides: reduced.map { strides[$0] })
  }
}

/// The distances between neighbours along the axes of a contiguous array.
func rowMajorStrides(_ shape: [Int]) -> [Int] {
  var strides = [Int](repeating: 1, count: shape.count)
  for axis in shape.indices.dropLast().reversed() {
    strides[axis] = strides[axis + 1] * shape[axis + 1]
  }
  return strides
}

/// The places of all elements of an array of given strides, the last axis fastest.
func offsets(of shape: [Int], strides: [Int]) -> [Int] {
  var result = [0]
  for (extent, stride) in zip(shape, strides) {
    var next = [Int]()
    next.reserveCapacity(result.count * extent)
    for offset in result {
      for i in 0..<extent { next.append(offset + i * stride) }
    }
    result = next
  }
  return result
}
