import Compute

/// The extents of a convolution, and which site every tap reads.
///
/// Output site x and kernel place j read the input at `x + dilation j - left`, where
/// `left = dilation (k - 1) / 2` rounded down, or 0 without padding.
struct ConvolutionShape: Sendable {
  let batch: Int
  let inputChannels: Int
  let outputChannels: Int
  let inputExtents: [Int]
  let outputExtents: [Int]
  let kernel: [Int]
  let padding: ConvolutionPadding
  let dilation: Int

  var inputSites: Int { inputExtents.reduce(1, *) }
  var outputSites: Int { outputExtents.reduce(1, *) }
  var taps: Int { kernel.reduce(1, *) }
  var outputShape: [Int] { [batch, outputChannels] + outputExtents }
  /// - Throws: `.operands` where the shapes do not fit, `.setting` for a dilation below 1.
  init(
    input: [Int], weight: [Int], bias: [Int]?, padding: ConvolutionPadding, dilation: Int
  ) throws(AutodiffError) {
    try requireCount("the dilation", dilation, atLeast: 1)
    guard input.count >= 3, weight.count == input.count, weight[1] == input[1],
      (input + weight).allSatisfy({ $0 >= 1 }), bias.map({ $0 == [weight[0]] }) ?? true
    else {
      throw .operands(
        of: "a convolution",
        expected: "[batch, in, n_1, ...], [out, in, k_1, ...] and [out], none of them empty,",
        found: [input, weight] + (bias.map { [$0] } ?? []))
    }
    (batch, inputChannels, outputChannels) = (input[0], input[1], weight[0])
    (inputExtents, kernel) = (Array(input[2...]), Array(weight[2...]))
    (self.padding, self.dilation) = (padding, dilation)
    outputExtents = zip(inputExtents, kernel).map { extent, size in
      padding == .none ? extent - dilation * (size - 1) : extent
    }
    guard outputExtents.allSatisfy({ $0 >= 1 }) else {
      throw .operands(
        of: "a convolution with dilation \(dilation) and padding '\(padding.rawValue)'",
        expected: "extents that hold the kernel", found: [input, weight])
    }
    guard inputSites < Int(Int32.max), product(of: [outputSites, taps]) != nil else {
      throw .operands(of: "a convolution", expected: "below 2^31 sites", found: [input, weight])
    }
  }

  /// `[output site][tap]`: the input site, -1 for zeros.
  func inputTable() -> [Int32] {
    table(from: outputExtents, to: inputExtents) { place, tap, left in
      place + dilation * tap - left
    }
  }

  /// `[input site][tap]`: the output site that reads this input at the tap, -1 if there is none.
  func outputTable() -> [Int32] {
    table(from: inputExtents, to: outputExtents) { place, tap, left in
      place - dilation * tap + left
    }
  }

  private func table(
    from: [Int], to: [Int], _ move: (_ place: Int, _ tap: Int, _ left: Int) -> Int
  ) -> [Int32] {
    // One axis after another: sites and taps of those so far, row-major.
    var (table, sites, taps) = ([Int32(0)], 1, 1)
    for axis in kernel.indices {
      let (extent, size) = (from[axis], kernel[axis])
      let left = padding == .none ? 0 : dilation * (size - 1) / 2
      var next = [Int32](repeating: -1, count: sites * extent * taps * size)
      for place in 0..<extent {
        for j in 0..<size {
          var moved = move(place, j, left)
          if padding == .circular { moved = ((moved % to[axis]) + to[axis]) % to[axis] }
          guard moved >= 0, moved < to[axis] else { continue }
          for site in 0..<sites {
            for tap in 0..<taps {
              let first = table[site * taps + tap]
              guard first >= 0 else { continue }
              next[((site * extent + place) * taps + tap) * size + j] =
                first * Int32(to[axis]) + Int32(moved)
            }
          }
        }
      }
      (table, sites, taps) = (next, sites * extent, taps * size)
    }
    return table
  }
}
