import Autodiff
import Compute

/// The mean over the group, `(1/|G|) sum_g g model(g^-1 x)`: exactly equivariant for any model, at |G| times its cost.
///
/// D. Yarotsky, arXiv:1804.10306.
public struct GroupAverage: Symmetrisation {
  public let input: FieldType
  public let output: FieldType
  public let fixedPoint: FixedPoint

  public init(from input: FieldType, to output: FieldType, about fixedPoint: FixedPoint = .centre) {
    (self.input, self.output, self.fixedPoint) = (input, output, fixedPoint)
  }

  public func readings<Scalar: LatticeReal>(
    of x: Tensor<Scalar>
  ) throws(EquivariantError) -> [SampleReading] {
    let order = input.group.order
    return (0..<x.shape[0]).flatMap { sample in
      (0..<order).map { .init(sample: sample, element: $0, weight: 1 / Double(order)) }
    }
  }
}
