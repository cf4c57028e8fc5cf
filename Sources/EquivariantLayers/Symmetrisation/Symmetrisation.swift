import Autodiff
import Compute

/// A way to make any model equivariant from outside: it moves what the model reads, and moves back what it writes.
///
/// The model is a function of batches, of variables on a tape or of tensors; nothing has to be known of it but what
/// fields it reads and writes.
public protocol Symmetrisation: Sendable {
  /// The fields that the model reads.
  var input: FieldType { get }
  /// The fields that it writes, on sites or as components without sites.
  var output: FieldType { get }
  /// The point that stays where it is.
  var fixedPoint: FixedPoint { get }

  /// Which moved samples the model is to read, and with which weights: each is read as `g^-1 x` and its output, moved by
  /// g, enters the sum of its sample.
  func readings<Scalar: LatticeReal>(
    of x: Tensor<Scalar>
  ) throws(EquivariantError) -> [SampleReading]
}

/// A sample, moved by an inverse element before a model reads it and by the element afterwards.
public struct SampleReading: Sendable, Equatable {
  public let sample: Int
  public let element: Int
  public let weight: Double

  public init(sample: Int, element: Int, weight: Double) {
    (self.sample, self.element, self.weight) = (sample, element, weight)
  }
}

extension Symmetrisation {
  /// The output of the model made equivariant, `sum over readings of weight g model(g^-1 x)`; the model reads all of them as one batch.
  ///
  /// Which samples are read is a constant for derivatives, which go through the model to its weights and to x.
  ///
  /// - Throws: `EquivariantError.representation` and `.lattice` for fields that do not fit, what the model throws.
  public func callAsFunction<Scalar: LatticeReal>(
    _ x: Variable<Tensor<Scalar>>,
    model: (Variable<Tensor<Scalar>>) throws -> Variable<Tensor<Scalar>>
  ) throws -> Variable<Tensor<Scalar>> {
    try requireGroups()
    try input.requireMovable(shape: x.value.shape, layer: "symmetrisation")
    let readings = try readings(of: x.value)
    let group = input.group.group
    let read = try input.orbitSums(
      x,
      readings.enumerated().map {
        OrbitTerm(
          to: $0.offset, from: $0.element.sample, element: group.inverse($0.element.element),
          weight: 1)
      }, count: readings.count, about: fixedPoint)
    let y = try model(read)
    try output.requireMovable(shape: y.value.shape, layer: "symmetrisation")
    guard y.value.shape[0] == readings.count else {
      throw EquivariantError.representation(
        layer: "symmetrisation", expected: "a model that keeps the \(readings.count) samples",
        found: "\(y.value.shape[0])")
    }
    return try output.orbitSums(
      y,
      readings.enumerated().map {
        OrbitTerm(
          to: $0.element.sample, from: $0.offset, element: $0.element.element,
          weight: $0.element.weight)
      }, count: x.value.shape[0], about: fixedPoint)
  }

  /// The same for a model of tensors.
  public func callAsFunction<Scalar: LatticeReal>(
    _ x: Tensor<Scalar>, model: (Tensor<Scalar>) throws -> Tensor<Scalar>
  ) throws -> Tensor<Scalar> {
    let tape = Tape()
    return try self(tape.constant(x)) { tape.constant(try model($0.value)) }.value
  }

  private func requireGroups() throws(EquivariantError) {
    guard input.group == output.group else {
      throw .representation(
        layer: "symmetrisation", expected: "fields of \(input.group) on both sides",
        found: "\(output)")
    }
  }
}
