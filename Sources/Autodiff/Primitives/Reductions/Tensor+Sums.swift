import Compute

extension Tensor {
  /// The sum over some axes, which the result has no longer; added up in double precision.
  ///
  /// Every element is one sum in a fixed order, whatever the number of threads.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func summed(over axes: [Int]) -> Tensor {
    let partition = AxisPartition(of: shape, reducing: axes)
    let width = partition.width
    let columns = min(width, 32)
    let blocks = columns == 0 ? 0 : (width + columns - 1) / columns
    let count = partition.keptOffsets.count * width
    let values = [Scalar](unsafeUninitializedCapacity: count) { target, filled in
      filled = count
      guard let target = target.baseAddress, count > 0 else { return }
      withUnsafeValues { source in
        guard let base = source.baseAddress else {
          target.update(repeating: 0, count: count)
          return
        }
        nonisolated(unsafe) let (source, target) = (base, target)
        let work = max(1, partition.reducedOffsets.count * columns)
        parallelFor(partition.keptOffsets.count * blocks, grain: max(1, (1 << 15) / work)) {
          range in
          for item in range {
            let (kept, first) = (item / blocks, item % blocks * columns)
            sumColumns(
              source + (partition.keptOffsets[kept] + first), partition.reducedOffsets,
              min(columns, width - first), target + (kept * width + first))
          }
        }
      }
    }
    return Tensor(unchecked: partition.shape, values)
  }

  /// This tensor times a number, repeated along axes of a shape that it has not.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func spread(over axes: [Int], of shape: [Int], times factor: Scalar) -> Tensor {
    let partition = AxisPartition(of: shape, reducing: axes)
    let width = partition.width
    let count = partition.keptOffsets.count * partition.reducedOffsets.count * width
    let values = [Scalar](unsafeUninitializedCapacity: count) { target, filled in
      filled = count
      guard let target = target.baseAddress, count > 0 else { return }
      withUnsafeValues { source in
        guard let base = source.baseAddress else { return }
        nonisolated(unsafe) let (source, target) = (base, target)
        let work = max(1, partition.reducedOffsets.count * width)
        parallelFor(partition.keptOffsets.count, grain: max(1, (1 << 15) / work)) { range in
          for kept in range {
            let (row, first) = (source + kept * width, target + partition.keptOffsets[kept])
            for offset in partition.reducedOffsets {
              for i in 0..<width { first[offset + i] = factor * row[i] }
            }
          }
        }
      }
    }
    return Tensor(unchecked: shape, values)
  }
}

/// The sums of up to 32 neighbouring columns over rows at given places.
@inline(__always)
private func sumColumns<Scalar: LatticeReal>(
  _ source: UnsafePointer<Scalar>, _ rows: [Int], _ columns: Int,
  _ target: UnsafeMutablePointer<Scalar>
) {
  rows.withUnsafeBufferPointer { rows in
    if columns == 1 {
      // Four sums, so that additions need not wait for each other.
      var (a, b, c, d, i) = (0.0, 0.0, 0.0, 0.0, 0)
      while i + 4 <= rows.count {
        a += Double(source[rows[i]])
        b += Double(source[rows[i + 1]])
        c += Double(source[rows[i + 2]])
        d += Double(source[rows[i + 3]])
        i += 4
      }
      while i < rows.count {
        a += Double(source[rows[i]])
        i += 1
      }
      target.pointee = Scalar((a + b) + (c + d))
      return
    }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 32) { sums in
      let sums = sums.baseAddress!
      sums.update(repeating: 0, count: 32)
      for row in rows {
        for i in 0..<columns { sums[i] += Double(source[row + i]) }
      }
      for i in 0..<columns { target[i] = Scalar(sums[i]) }
    }
  }
}
