import Autodiff
import Compute
import EquivariantLayers
import Groups

/// The test of data for symmetries by the derivatives of a loss at the symmetric point of a relaxed model, without
/// training.
///
/// Where all relaxed weights are equal the model is equivariant, so that data moved by g give the derivative
/// `(g s)(h) = s(g^-1 h)` in place of `s = dL/dw`. Batches whose law a group leaves unchanged have therefore derivatives with
/// such a law: every non-trivial component of their group Fourier transform has mean zero, and the null draws of
/// `SymmetryDetector`, an independent element for each whole bin of batches, are exact for independent batches. A
/// component with a mean says that training would bend the model there; the largest subgroups that are left are the
/// candidates for the symmetry of the data. One start of the other weights suffices: their random values change
/// how large a component is, and its sign, but not whether it vanishes.
///
/// Source: the score test of C. R. Rao, Proc. Camb. Phil. Soc. 44 (1948) 50, at w = 1 of arXiv:2310.02299.
public struct ScoreTest: Sendable {
  public let weights: [RelaxedWeight]

  /// - Throws: `DetectionError.noData` for a model without relaxed weights, `.differentGroups`.
  public init(_ weights: [RelaxedWeight]) throws(DetectionError) {
    self.weights = weights
    _ = try commonGroup(of: weights)
  }

  /// The score test of a network.
  public init(_ network: EquivariantNetwork) throws(DetectionError) {
    try self.init(RelaxedWeight.all(of: network))
  }

  /// Derivatives as observables, one for each weight and non-trivial irrep that it can have.
  ///
  /// - Parameter derivatives: `[batch][weight]`, each bank by bank as the weight itself, from batches in the order of
  ///   their Markov chain where they come from one.
  /// - Throws: `DetectionError.noData`, `.componentCountMismatch`, `.nonFiniteSample`, `.constantObservable` where all
  ///   batches give the same derivative, so that nothing tells what is noise.
  public func observables(_ derivatives: [[[Double]]]) throws(DetectionError) -> [SampledObservable]
  {
    var result: [SampledObservable] = []
    for (k, weight) in weights.enumerated() {
      var samples: [[Double]] = []
      for (number, batch) in derivatives.enumerated() {
        guard batch.count == weights.count, batch[k].count == weight.banks * weight.count else {
          throw .componentCountMismatch(
            observable: weight.name, chain: 0, sample: number,
            expected: weight.banks * weight.count,
            found: batch.count == weights.count ? batch[k].count : 0)
        }
        samples.append(batch[k])
      }
      let squares = samples.reduce(0.0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }
      let magnitude = (squares / Double(max(1, samples.count * weight.count * weight.banks)))
        .squareRoot()
      for part in weight.parts where !part.irrep.isTrivial {
        result.append(
          try SampledObservable(
            name: weight.name, representation: weight.representation(of: part),
            samples: samples.map { weight.components(of: $0, in: part) }, magnitude: magnitude))
      }
    }
    return result
  }

  /// What the derivatives of batches say about the symmetry of the data.
  public func detect(
    _ derivatives: [[[Double]]], detector: SymmetryDetector = SymmetryDetector(),
    expecting expected: Subgroup? = nil
  ) throws(DetectionError) -> DetectionResult {
    try detector.detect(observables(derivatives), expecting: expected)
  }

  /// The derivatives of the loss of one batch with respect to all relaxed weights, `[weight]`.
  ///
  /// - Parameters:
  ///   - parameters: a model's, with relaxed weights that are the same for all elements.
  ///   - loss: the loss of the batch on a tape.
  /// - Throws: `DetectionError.invalidParameter` where weights are missing, of another number, or not equal; what the
  ///   loss throws.
  public func derivatives<Scalar: LatticeReal>(
    at parameters: Parameters<Scalar>,
    of loss: (Tape, Variable<Parameters<Scalar>>) throws -> Variable<Tensor<Scalar>>
  ) throws -> [[Double]] {
    for weight in weights {
      let values = try weight.values(in: parameters)
      for l in 0..<weight.banks {
        let bank = values[(l * weight.count)..<((l + 1) * weight.count)]
        guard bank.allSatisfy({ $0 == bank.first }) else {
          throw DetectionError.invalidParameter(
            name: weight.name, expected: "the same for all elements, at the symmetric point",
            found: "values from \(bank.min()!) to \(bank.max()!)")
        }
      }
    }
    let tape = Tape()
    let variable = tape.variable(parameters)
    let gradients = tape.gradients(of: try loss(tape, variable))[variable]
    return try weights.map { try $0.values(in: gradients) }
  }
}

extension RelaxedWeight {
  /// The numbers of the weight among parameters, or of its derivative among gradients.
  ///
  /// - Throws: `DetectionError.invalidParameter` where it is missing or of another number.
  public func values<Scalar: LatticeReal>(
    in parameters: Parameters<Scalar>
  ) throws(DetectionError) -> [Double] {
    guard let tensor = parameters[name], tensor.count == banks * count else {
      throw .invalidParameter(
        name: name, expected: "\(banks) banks of \(count)",
        found: parameters[name].map { "a tensor of shape \($0.shape)" } ?? "no such parameter")
    }
    return tensor.values.map { Double($0) }
  }

  /// The representation of the components of all banks in a part.
  func representation(of part: Part) throws(DetectionError) -> Representation {
    let (d, m) = (part.irrep.dimension, banks * part.copies)
    return try groups { () throws(GroupError) in
      try Representation(
        group, name: part.irrep.name,
        matrices: (0..<group.order).map { g in
          let matrix = part.irrep.matrix(g)
          return RealMatrix(rows: m * d, columns: m * d) { i, j in
            i / d == j / d ? matrix[i % d, j % d] : 0
          }
        })
    }
  }
}

/// The group of some weights.
///
/// - Throws: `DetectionError.noData` for none, `.differentGroups`.
func commonGroup(of weights: [RelaxedWeight]) throws(DetectionError) -> FiniteGroup {
  guard let first = weights.first else { throw .noData(observable: "relaxed weights") }
  for weight in weights where weight.group !== first.group {
    throw .differentGroups(
      observable: weight.name, expected: first.group.name, found: weight.group.name)
  }
  return first.group
}
