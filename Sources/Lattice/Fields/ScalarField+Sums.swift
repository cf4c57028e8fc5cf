import Compute

extension ScalarField {
  /// The sums over sites of every channel, of every batch member, [member][channel]: rounded once,
  /// whatever the size of the numbers.
  ///
  /// Neither threads nor the division into lanes show in them.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func exactSumsOfMembers() -> [[Double]] {
    let (view, layout, channels) = (self.view, self.layout, self.channels)
    let thickness = 256
    let partsOfGroup = (layout.siteBlocks + thickness - 1) / thickness
    let units = partsOfGroup * layout.outerBatch * channels
    // One set of lane sums for every part and channel, each written by one thread.
    let partial = UnsafeMutablePointer<[ExactSum]>.allocate(capacity: units)
    partial.initialize(repeating: [], count: units)
    defer {
      partial.deinitialize(count: units)
      partial.deallocate()
    }
    nonisolated(unsafe) let sums = partial
    parallelFor(units, grain: max(1, 8192 / (thickness * layout.laneCount))) { range in
      for unit in range {
        let (channel, part) = (unit % channels, unit / channels)
        let start = part % partsOfGroup * thickness
        let first = part / partsOfGroup * layout.siteBlocks
        var lanes = [ExactSum](repeating: ExactSum(), count: layout.laneCount)
        for b in start..<min(start + thickness, layout.siteBlocks) {
          let vector = view.block(first + b, channel)[0]
          for lane in 0..<layout.laneCount { lanes[lane].add(Double(vector[lane])) }
        }
        sums[unit] = lanes
      }
    }
    var totals = [[ExactSum]](
      repeating: [ExactSum](repeating: ExactSum(), count: channels), count: layout.batch)
    for unit in 0..<units {
      let (channel, part) = (unit % channels, unit / channels)
      for lane in 0..<layout.laneCount {
        let block = part / partsOfGroup * layout.siteBlocks
        guard let member = layout.member(block: block, lane: lane) else { continue }
        totals[member][channel].add(sums[unit][lane])
      }
    }
    return totals.map { $0.map(\.value) }
  }
}
