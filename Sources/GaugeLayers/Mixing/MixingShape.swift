/// The channels of Z_i = sum_{v, w} a_{i v w} L_v R_w, which convolutions, bilinear layers and the
/// merged layer have in common.
///
/// L runs over [W, W^dagger, 1], or the unit matrix alone in a convolution; R over [T, T^dagger, 1], or
/// T alone in a convolution, with T the transported channels.
struct MixingShape: Hashable, Sendable {
  /// Channels i.
  let outputs: Int
  /// Channels of W; 0 where L is the unit matrix alone.
  let leftChannels: Int
  /// Channels of T.
  let rightChannels: Int
  /// Whether R has T^dagger and the unit matrix.
  let isExtended: Bool
  /// Whether weights are complex: the last index of the tensor is then 2, real before imaginary part.
  let isComplex: Bool

  /// Channels v.
  var leftCount: Int { leftChannels == 0 ? 1 : 2 * leftChannels + 1 }
  /// Channels w.
  var rightCount: Int { isExtended ? 2 * rightChannels + 1 : rightChannels }

  /// The shape of the weights.
  var weightShape: [Int] {
    (leftChannels == 0 ? [outputs, rightCount] : [outputs, leftCount, rightCount])
      + (isComplex ? [2] : [])
  }

  /// Pairs (i, v).
  private var pairs: Int { outputs * leftCount }
  /// Mixed channels: a pair, and with complex weights once more for the imaginary parts.
  var rowCount: Int { isComplex ? 2 * pairs : pairs }

  /// A mixed channel Y = sum_w a_{i v w} R_w and where it goes.
  struct Row {
    /// i
    let output: Int
    /// The channel of W, -1 for the unit matrix.
    let left: Int
    let isAdjoint: Bool
    /// Whether it bears a factor i.
    let isImaginary: Bool
    /// The place of a_{i v 0} among the weights, in units of a weight.
    let weight: Int
  }

  /// All rows in the order of evaluation: first those with a factor W or W^dagger, then the others, of
  /// which there are few, so that full panels hold equal rows. Neighbours differ in the output and in
  /// the left channel, so that no sum waits for the one before.
  func rows() -> [Row] {
    var rows = [Row]()
    for imaginary in isComplex ? [false, true] : [false] {
      for shift in 0..<(2 * leftChannels) {
        for i in 0..<outputs {
          let v = (i + shift) % (2 * leftChannels)
          rows.append(
            Row(
              output: i, left: v % leftChannels, isAdjoint: v >= leftChannels,
              isImaginary: imaginary, weight: (i * leftCount + v) * rightCount))
        }
      }
    }
    for imaginary in isComplex ? [false, true] : [false] {
      for i in 0..<outputs {
        rows.append(
          Row(
            output: i, left: -1, isAdjoint: false, isImaginary: imaginary,
            weight: (i * leftCount + leftCount - 1) * rightCount))
      }
    }
    return rows
  }
}
