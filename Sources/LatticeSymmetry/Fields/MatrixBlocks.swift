import CKernels
import Compute
import Lattice

/// One channel of a moved field: where it comes from, and what is done to its matrix.
struct ChannelSource: Sendable {
  var channel: Int
  /// Bit nu is set where the source is that of the site one step up in direction nu.
  var raised: UInt32 = 0
  var transposes = false
  var conjugates = false
  var sign = 1

  /// For every target channel, from where the images of the source channels go.
  static func inverting(
    _ images: [FieldLabels.Image], conjugates: Bool, isOdd: Bool
  ) -> [ChannelSource] {
    var sources = images.map { _ in ChannelSource(channel: 0) }
    for (channel, image) in images.enumerated() {
      sources[image.index] = ChannelSource(
        channel: channel, raised: image.lowered, transposes: image.isAdjoint,
        conjugates: image.isAdjoint != conjugates,
        sign: isOdd && conjugates ? -image.sign : image.sign)
    }
    return sources
  }
}

/// Goes through the blocks of a moved field with the gathers of their channels.
///
/// - Parameters:
///   - prefetches: which fields' channels to ask the cache for, while the block before is worked on.
///   - body: block of the target, number of a channel, its gather, scratch.
@inline(__always)
func forEachMovedBlock<V: LaneVector>(
  _ target: Layout, channels: [ChannelSource], sources: SiteSources, work: Int, scratch: Int,
  prefetches: [BlockView<V>], of: V.Type,
  _ body:
    @Sendable (_ block: Int, _ channel: Int, BlockGather<V>, UnsafeMutablePointer<V>) -> Void
) {
  let steps = Array(Set(channels.map(\.raised))).sorted()
  let gatherOf = channels.map { steps.firstIndex(of: $0.raised)! }
  let far = prefetches.filter { $0.wantsPrefetch(siteBlocks: target.siteBlocks) }
  let perStep = BlockGather<V>.size
  let walkVectors = (sources.walkWords + 7) / 8
  let own = walkVectors + steps.count * (1 + perStep)
  forEachBlockRange(target, work: work, scratch: own + scratch, of: V.self) {
    group, places, memory in
    let base = group * target.siteBlocks
    let walk = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Int.self)
    // For every step the sources of the next block, and how its blocks are gathered.
    let next = UnsafeMutableRawPointer(memory + walkVectors).assumingMemoryBound(
      to: SIMD16<UInt32>.self)
    let patterns = memory + walkVectors + steps.count
    withUnsafeTemporaryAllocation(of: BlockGather<V>.self, capacity: steps.count) { gathers in
      for k in steps.indices {
        gathers.initializeElement(at: k, to: BlockGather(patterns + k * perStep))
      }
      sources.begin(places.lowerBound, walk)
      var block = sources.block(walk)
      for k in steps.indices { next[k] = sources(walk, group: group, raised: steps[k]) }
      for place in places {
        let here = block
        for k in steps.indices { gathers[k].set(next[k]) }
        if place + 1 < places.upperBound {
          sources.advance(walk)
          block = sources.block(walk)
          for k in steps.indices { next[k] = sources(walk, group: group, raised: steps[k]) }
          for view in far {
            for c in channels.indices {
              gathers[gatherOf[c]].prefetch(view, channels[c].channel, at: next[gatherOf[c]])
            }
          }
        }
        for c in channels.indices { body(base + here, c, gathers[gatherOf[c]], memory + own) }
      }
      // For what bodies write past the caches.
      ck_stream_end()
    }
  }
}

/// Writes every block of a moved field of N x N matrices, or of numbers where n is nil.
func moveBlocks<V: LaneVector>(
  from source: BlockView<V>, to destination: BlockView<V>, _ target: Layout, n: Int?,
  channels: [ChannelSource], sources: SiteSources
) {
  let stride = source.stride
  let forms = channels.map {
    MatrixForm(
      n: n, count: stride, transposes: $0.transposes, conjugates: $0.conjugates, sign: $0.sign)
  }
  // What does not fit into the caches is written past them, which saves reading it first.
  let streams = source.wantsPrefetch(siteBlocks: target.siteBlocks)
  forEachMovedBlock(
    target, channels: channels, sources: sources, work: 2 * destination.perSite * stride,
    scratch: stride, prefetches: [source], of: V.self
  ) { block, c, gather, scratch in
    gather.fetch(
      source, channels[c].channel, to: destination.block(block, c), forms[c], scratch: scratch,
      streams: streams)
  }
}
