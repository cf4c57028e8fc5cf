import Autodiff
import Compute

/// The mean of models that were trained from different starts.
///
/// With augmentation the mean of very many wide networks is equivariant at every step of training, although none of
/// them is (J. E. Gerken and P. Kessel, arXiv:2403.03103); `OrbitPredictions` counts how far a few are.
public struct DeepEnsemble: Sendable {
  public let members: Int

  /// - Throws: `EquivariantError.setting` for no members.
  public init(members: Int) throws(EquivariantError) {
    try requirePositive("the number of members", members, layer: "a deep ensemble")
    self.members = members
  }

  /// `(1/n) sum_k model_k(x)`
  ///
  /// - Parameter model: a member by its number, from 0.
  public func callAsFunction<Scalar: LatticeReal>(
    _ x: Variable<Tensor<Scalar>>,
    model: (Int, Variable<Tensor<Scalar>>) throws -> Variable<Tensor<Scalar>>
  ) throws -> Variable<Tensor<Scalar>> {
    var sum = try model(0, x)
    for k in 1..<members { sum = try sum.adding(model(k, x)) }
    return sum.scaled(by: 1 / Scalar(members))
  }

  /// The same for models of tensors.
  public func callAsFunction<Scalar: LatticeReal>(
    _ x: Tensor<Scalar>, model: (Int, Tensor<Scalar>) throws -> Tensor<Scalar>
  ) throws -> Tensor<Scalar> {
    let tape = Tape()
    return try self(tape.constant(x)) { tape.constant(try model($0, $1.value)) }.value
  }
}

/// How often a classifier says the same of a sample and of the samples that a group makes of it.
///
/// The orbit-same-prediction count of arXiv:2403.03103: the number of g, 1 among them, for which the largest of the scores
/// of g x is that of x; |G| for an invariant classifier, whatever it says.
public struct OrbitPredictions: Sendable, Equatable {
  /// The class of every sample as it is.
  public let classes: [Int]
  /// `[sample]`: from 1 to |G|.
  public let counts: [Int]
  public let order: Int

  public var mean: Double { Double(counts.reduce(0, +)) / Double(max(1, counts.count)) }

  /// - Parameter classify: scores `[batch, classes]`, of which the largest decides, the first of equal ones.
  /// - Throws: `EquivariantError.representation` and `.lattice` for samples that the group does not move, `.representation` for
  ///   scores of another shape, what the classifier throws.
  public init<Scalar: LatticeReal>(
    of x: Tensor<Scalar>, _ input: FieldType, about fixedPoint: FixedPoint = .centre,
    classify: (Tensor<Scalar>) throws -> Tensor<Scalar>
  ) throws {
    try input.requireMovable(shape: x.shape, layer: "predictions on orbits")
    let samples = x.shape[0]
    func decisions(_ x: Tensor<Scalar>) throws -> [Int] {
      let scores = try classify(x)
      guard scores.rank == 2, scores.shape[0] == samples, scores.shape[1] >= 1 else {
        throw EquivariantError.representation(
          layer: "predictions on orbits", expected: "scores [\(samples), classes]",
          found: "the shape \(scores.shape)")
      }
      let width = scores.shape[1]
      return (0..<samples).map { sample in
        (0..<width).max {
          (scores.values[sample * width + $0], $1) < (scores.values[sample * width + $1], $0)
        }!
      }
    }
    let own = try decisions(x)
    var counts = [Int](repeating: 1, count: samples)
    for g in 1..<input.group.order {
      let moved = try decisions(input.transformed(x, by: g, about: fixedPoint))
      for sample in 0..<samples where moved[sample] == own[sample] { counts[sample] += 1 }
    }
    (classes, self.counts, order) = (own, counts, input.group.order)
  }
}
