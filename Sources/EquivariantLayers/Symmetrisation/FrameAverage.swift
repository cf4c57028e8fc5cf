import Autodiff
import Compute

/// The mean over a frame, the elements that bring a sample into its canonical position:
///
///     (1/|F(x)|) sum_{g in F(x)} g model(g^-1 x),   F(x) = { g : g^-1 x is the largest of its orbit }
///
/// Samples are compared number by number in their order in memory. F(g x) = g F(x), so it is exactly equivariant, also
/// for samples that are symmetric themselves; for others it costs one evaluation. Positions jump where two numbers change
/// their order, so the function is not continuous (O. Puny et al., arXiv:2110.03336).
public struct FrameAverage: Symmetrisation {
  public let input: FieldType
  public let output: FieldType
  public let fixedPoint: FixedPoint

  /// - Throws: `.representation` for inputs whose components are not only permuted or change sign: others come back from
  ///   different elements with different rounding, which decides about frames.
  public init(
    from input: FieldType, to output: FieldType, about fixedPoint: FixedPoint = .centre
  ) throws(EquivariantError) {
    try requireFrames(input, layer: "frame averaging")
    (self.input, self.output, self.fixedPoint) = (input, output, fixedPoint)
  }

  public func readings<Scalar: LatticeReal>(
    of x: Tensor<Scalar>
  ) throws(EquivariantError) -> [SampleReading] {
    try input.frames(of: x, about: fixedPoint).enumerated().flatMap { sample, frame in
      frame.map { .init(sample: sample, element: $0, weight: 1 / Double(frame.count)) }
    }
  }
}

/// One element of the frame: `g model(g^-1 x)` with g^-1 x the largest of the orbit, at the cost of the model alone.
///
/// Invariant outputs are exact. Others are, but for samples that are symmetric themselves: there the
/// first of several elements is taken, and the output may have less symmetry than the input
/// (S.-O. Kaba et al., arXiv:2211.06489). `FrameAverage` has it then.
public struct Canonicalisation: Symmetrisation {
  public let input: FieldType
  public let output: FieldType
  public let fixedPoint: FixedPoint

  /// - Throws: as for `FrameAverage`.
  public init(
    from input: FieldType, to output: FieldType, about fixedPoint: FixedPoint = .centre
  ) throws(EquivariantError) {
    try requireFrames(input, layer: "canonicalisation")
    (self.input, self.output, self.fixedPoint) = (input, output, fixedPoint)
  }

  public func readings<Scalar: LatticeReal>(
    of x: Tensor<Scalar>
  ) throws(EquivariantError) -> [SampleReading] {
    try input.frames(of: x, about: fixedPoint).enumerated().map { sample, frame in
      .init(sample: sample, element: frame[0], weight: 1)
    }
  }
}

private func requireFrames(_ input: FieldType, layer: String) throws(EquivariantError) {
  try input.require(layer: layer, "fields whose components are permuted or change sign") {
    $0.isSignedPermutation
  }
}

extension FieldType {
  /// For every sample the elements whose inverses bring it into its canonical position.
  func frames<Scalar: LatticeReal>(
    of x: Tensor<Scalar>, about fixed: FixedPoint
  ) throws(EquivariantError) -> [[Int]] {
    let samples = x.shape[0]
    let size = x.count / max(1, samples)
    var best = [[Scalar]](repeating: [], count: samples)
    var frames = [[Int]](repeating: [], count: samples)
    for g in 0..<group.order {
      let terms = (0..<samples).map {
        OrbitTerm(to: $0, from: $0, element: group.group.inverse(g), weight: 1)
      }
      let moved = try orbitSums(x, terms, count: samples, about: fixed).values
      for sample in 0..<samples {
        let candidate = Array(moved[(sample * size)..<((sample + 1) * size)])
        if frames[sample].isEmpty || best[sample].lexicographicallyPrecedes(candidate) {
          (best[sample], frames[sample]) = (candidate, [g])
        } else if candidate == best[sample] {
          frames[sample].append(g)
        }
      }
    }
    return frames
  }
}
