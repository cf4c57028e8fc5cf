import Compute

extension Tensor {
  /// Independent normal numbers of mean 0 and variance `gain^2 / fanIn`, for the weights of a network
  /// that begins to learn.
  ///
  /// A gain of 1 keeps the variance through linear layers, sqrt 2 through rectifiers (K. He et al.,
  /// arXiv:1502.01852).
  ///
  /// - Parameters:
  ///   - fanIn: how many terms the weights are added up over.
  ///   - stream: which of the sequences of this seed; every tensor of a network takes its own.
  /// - Throws: `.shape`, or `.setting` for a `fanIn` below 1 or a gain that is not positive.
  public static func initialised(
    shape: [Int], fanIn: Int, seed: UInt64, stream: UInt32, gain: Double = 1
  ) throws(AutodiffError) -> Tensor {
    try requireCount("the fan-in", fanIn, atLeast: 1)
    try requireSetting("the gain", gain, { $0 > 0 }, "positive")
    let count = try elementCount(shape)
    let width = gain / Double(fanIn).squareRoot()
    let normals = RandomStream(seed: seed, purpose: .initialWeights).normals(count, stream: stream)
    return Tensor(unchecked: shape, normals.map { Scalar(width * $0) })
  }
}
