import Compute

/// `[batch][channel][site]` as rows of channels, `[batch][site][channel]`, padded to whole vectors.
///
/// As many sites as there are lanes are transposed at a time, in registers.
@inline(__always)
func channelRows<Scalar: LatticeReal>(
  _ source: UnsafePointer<Scalar>, batch: Int, channels: Int, sites: Int
) -> PaddedRows<Scalar> {
  typealias V = Scalar.Lanes
  let rows = PaddedRows<Scalar>(unfilled: batch * sites, width: channels)
  let (lanes, panels) = (V.scalarCount, rows.panels)
  // Four vectors at a time, so that every channel is read as a stream.
  let width = 4 * lanes
  let blocks = (sites + width - 1) / width
  nonisolated(unsafe) let (source, target, vectors) = (source, rows.elements, rows.vectors)
  let stride = rows.stride
  parallelFor(batch * blocks, grain: max(1, (1 << 15) / (channels * width))) { range in
    let scratch = AlignedBuffer<V>(uninitialized: 2 * lanes)
    for index in range {
      let (sample, first) = (index / blocks, index % blocks * width)
      let from = source + (sample * channels * sites + first)
      let row = sample * sites + first
      let count = min(width, sites - first)
      transposeSites(
        count / lanes, from, channels: channels, sites: sites, to: vectors + row * panels,
        panels: panels, scratch.pointer)
      for site in (count / lanes * lanes)..<count {
        let to = target + (row + site) * stride
        for channel in 0..<channels { to[channel] = from[channel * sites + site] }
        for channel in channels..<stride { to[channel] = 0 }
      }
    }
  }
  return rows
}

/// Some vectors of sites of every channel as rows of channels; channels beyond the last are zero.
@inline(never)
private func transposeSites<V: LaneVector>(
  _ vectors: Int, _ source: UnsafePointer<V.Scalar>, channels: Int, sites: Int,
  to target: UnsafeMutablePointer<V>, panels: Int, _ scratch: UnsafeMutablePointer<V>
) {
  let lanes = V.scalarCount
  for vector in 0..<vectors {
    for panel in 0..<panels {
      let first = panel &* lanes
      let count = min(lanes, channels &- first)
      for k in count..<lanes { scratch[k] = V.zero }
      let from = source + (first &* sites &+ vector &* lanes)
      for k in 0..<count {
        scratch[k] = UnsafeRawPointer(from + k &* sites).loadUnaligned(as: V.self)
      }
      V.transpose(scratch + lanes, scratch, stride: 1)
      let to = target + (vector &* lanes &* panels &+ panel)
      for k in 0..<lanes { to[k &* panels] = scratch[lanes &+ k] }
    }
  }
}

/// Writes calculated rows of channels back to `[batch][channel][site]`, with a number added to each
/// channel.
@inline(__always)
func storeChannels<Scalar: LatticeReal>(
  _ rows: Range<Int>, _ source: UnsafePointer<Scalar>, stride: Int, channels: Int, sites: Int,
  bias: UnsafePointer<Scalar>, to target: UnsafeMutablePointer<Scalar>
) {
  typealias V = Scalar.Lanes
  let scratch = AlignedBuffer<V>(uninitialized: V.scalarCount)
  var row = rows.lowerBound
  while row < rows.upperBound {
    let sample = row / sites
    let end = min(rows.upperBound, (sample + 1) * sites)
    storeRun(
      end - row, source + (row - rows.lowerBound) * stride, stride: stride, channels: channels,
      bias: bias, to: target + (sample * channels * sites + row - sample * sites), sites: sites,
      scratch.pointer)
    row = end
  }
}

/// Writes rows of neighbouring sites, which begin on a vector, as `[channel][site]`.
///
/// - Parameter sites: elements from one channel of the target to the next.
@inline(never)
func storeRun<V: LaneVector>(
  _ count: Int, _ source: UnsafePointer<V.Scalar>, stride: Int, channels: Int,
  bias: UnsafePointer<V.Scalar>, to target: UnsafeMutablePointer<V.Scalar>, sites: Int,
  _ scratch: UnsafeMutablePointer<V>
) {
  let (lanes, panels) = (V.scalarCount, stride / V.scalarCount)
  let vectors = UnsafeRawPointer(source).assumingMemoryBound(to: V.self)
  let whole = count / lanes
  for vector in 0..<whole {
    for panel in 0..<panels {
      let channel = panel &* lanes
      V.transpose(scratch, vectors + (vector &* lanes &* panels &+ panel), stride: panels)
      let to = target + (channel &* sites &+ vector &* lanes)
      for k in 0..<min(lanes, channels &- channel) {
        let sum = V.sum(scratch[k], V(repeating: bias[channel &+ k]))
        UnsafeMutableRawPointer(to + k &* sites).storeBytes(of: sum, as: V.self)
      }
    }
  }
  for channel in 0..<channels {
    let (to, shift) = (target + channel &* sites, bias[channel])
    for j in (whole &* lanes)..<count { to[j] = source[j &* stride &+ channel] + shift }
  }
}

extension PaddedRows {
  /// The sums over all rows, in double precision and in order.
  @inline(__always)
  func columnSums() -> [Scalar] {
    let sums = AlignedBuffer<SIMD8<Double>>(
      repeating: .zero, count: panels * Scalar.Lanes.scalarCount / 8)
    addColumns(vectors, rows: rows, panels: panels, to: sums.pointer)
    let elements = UnsafeRawPointer(sums.pointer).assumingMemoryBound(to: Double.self)
    return (0..<width).map { Scalar(elements[$0]) }
  }
}

@inline(never)
private func addColumns<V: LaneVector>(
  _ vectors: UnsafePointer<V>, rows: Int, panels: Int,
  to sums: UnsafeMutablePointer<SIMD8<Double>>
) {
  let width = V.scalarCount / 8
  for row in 0..<rows {
    for panel in 0..<panels {
      V.addWidened(vectors[row &* panels &+ panel], to: sums + panel &* width)
    }
  }
}
