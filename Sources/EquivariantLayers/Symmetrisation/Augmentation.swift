import Autodiff
import Compute

/// Training on moved samples: input and target of each moved by one random element.
///
/// It makes no model equivariant, and teaches any of them to be nearly so.
public struct Augmentation: Sendable {
  public let input: FieldType
  public let output: FieldType
  public let fixedPoint: FixedPoint

  /// - Throws: `EquivariantError.representation` for fields of two groups.
  public init(
    from input: FieldType, to output: FieldType, about fixedPoint: FixedPoint = .centre
  ) throws(EquivariantError) {
    guard input.group == output.group else {
      throw .representation(
        layer: "augmentation", expected: "fields of \(input.group) on both sides",
        found: "\(output)")
    }
    (self.input, self.output, self.fixedPoint) = (input, output, fixedPoint)
  }

  /// A batch with every sample moved by an element of its own, uniform in the group.
  ///
  /// - Parameters:
  ///   - stream: the random numbers, which the caller keeps apart from others of the same purpose.
  ///   - step: which batch it is; other steps draw other elements.
  /// - Throws: `EquivariantError.representation` and `.lattice` for fields that do not fit.
  public func callAsFunction<Scalar: LatticeReal>(
    _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, stream: RandomStream, step: Int
  ) throws(EquivariantError) -> (x: Tensor<Scalar>, y: Tensor<Scalar>) {
    try input.requireMovable(shape: x.shape, layer: "augmentation")
    try output.requireMovable(shape: y.shape, layer: "augmentation")
    let samples = x.shape[0]
    guard y.shape[0] == samples else {
      throw .representation(
        layer: "augmentation", expected: "\(samples) targets", found: "\(y.shape[0])")
    }
    let order = UInt64(input.group.order)
    let terms = (0..<samples).map { sample in
      let word = stream.words(UInt32(truncatingIfNeeded: step), UInt32(sample), 0, 0x4175_676d)[0]
      return OrbitTerm(
        to: sample, from: sample, element: Int((UInt64(word) * order) >> 32), weight: 1)
    }
    return (
      try input.orbitSums(x, terms, count: samples, about: fixedPoint),
      try output.orbitSums(y, terms, count: samples, about: fixedPoint)
    )
  }
}
