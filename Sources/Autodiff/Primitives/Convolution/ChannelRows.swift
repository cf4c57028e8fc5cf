import Compute

/// `[batch][channel][site]` as rows of channels, `[batch][site][channel]`, padded to whole vectors.
@inline(__always)
func channelRows<Scalar: LatticeReal>(
  _ source: UnsafePointer<Scalar>, batch: Int, channels: Int, sites: Int
) -> PaddedRows<Scalar> {
  let rows = PaddedRows<Scalar>(rows: batch * sites, width: channels)
  nonisolated(unsafe) let (source, target, stride) = (source, rows.elements, rows.stride)
  parallelFor(batch, grain: max(1, (1 << 15) / (channels * sites))) { range in
    for sample in range {
      let (from, to) = (source + sample * channels * sites, target + sample * sites * stride)
      // Sixteen sites at a time, whose rows stay in the cache.
      for first in Swift.stride(from: 0, to: sites, by: 16) {
        let end = min(sites, first + 16)
        for channel in 0..<channels {
          for site in first..<end {
            to[site &* stride &+ channel] = from[channel &* sites &+ site]
          }
        }
      }
    }
  }
  return rows
}

/// Writes calculated rows of channels back to `[batch][channel][site]`, with a number added to each
/// channel.
@inline(__always)
func storeChannels<Scalar: LatticeReal>(
  _ rows: Range<Int>, _ source: UnsafePointer<Scalar>, stride: Int, channels: Int, sites: Int,
  bias: UnsafePointer<Scalar>, to target: UnsafeMutablePointer<Scalar>
) {
  var row = rows.lowerBound
  while row < rows.upperBound {
    let sample = row / sites
    let end = min(rows.upperBound, (sample + 1) * sites)
    let from = source + (row - rows.lowerBound) * stride
    for channel in 0..<channels {
      let to = target + ((sample * channels + channel) * sites + row - sample * sites)
      let (shift, first) = (bias[channel], from + channel)
      for j in 0..<(end - row) { to[j] = first[j &* stride] + shift }
    }
    row = end
  }
}
