import Compute

/// A matrix in whole vectors: every row padded with zeros to a multiple of the lanes.
struct PaddedRows<Scalar: LatticeReal>: @unchecked Sendable {
  typealias V = Scalar.Lanes

  let rows: Int
  let width: Int
  /// Vectors of a row.
  let panels: Int
  private let buffer: AlignedBuffer<V>

  /// Zeros.
  init(rows: Int, width: Int) {
    self.rows = rows
    self.width = width
    panels = (width + V.scalarCount - 1) / V.scalarCount
    buffer = AlignedBuffer(repeating: .zero, count: rows * panels)
  }

  /// Rows that are written whole, padding included, before they are read.
  init(unfilled rows: Int, width: Int) {
    self.rows = rows
    self.width = width
    panels = (width + V.scalarCount - 1) / V.scalarCount
    buffer = AlignedBuffer(uninitialized: rows * panels)
  }

  var vectors: UnsafeMutablePointer<V> { buffer.pointer }
  /// Elements from one row to the next.
  var stride: Int { panels * V.scalarCount }

  var elements: UnsafeMutablePointer<Scalar> {
    UnsafeMutableRawPointer(buffer.pointer).assumingMemoryBound(to: Scalar.self)
  }

  /// The rows of a matrix of `width` columns.
  @inline(__always)
  init(copying source: UnsafePointer<Scalar>, rows: Int, width: Int) {
    self.init(rows: rows, width: width)
    nonisolated(unsafe) let (source, target, stride) = (source, elements, stride)
    parallelFor(rows, grain: max(1, (1 << 15) / max(1, width))) { range in
      for row in range {
        (target + row * stride).update(from: source + row * width, count: width)
      }
    }
  }

  /// A matrix whose element (depth, column) stands anywhere: at
  /// `outer tap + inner channel + column across`, for depth = tap channels + channel.
  @inline(__always)
  init(
    gathering source: UnsafePointer<Scalar>, taps: Int, tapStride: Int, channels: Int,
    channelStride: Int, columns: Int, columnStride: Int
  ) {
    self.init(rows: taps * channels, width: columns)
    let (target, stride) = (elements, stride)
    for tap in 0..<taps {
      for channel in 0..<channels {
        let row = target + (tap * channels + channel) * stride
        let first = source + (tap * tapStride + channel * channelStride)
        for column in 0..<columns { row[column] = first[column * columnStride] }
      }
    }
  }
}
