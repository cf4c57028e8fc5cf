import Autodiff
import Compute
import EquivariantLayers
import Groups

/// Relaxed weights of one model trained from several starts, from each on several independent sets of data.
///
/// Trainings from one start, its replicas, differ by their data only: what they agree on is what the data say. What
/// starts agree on is less: the sign of a component often depends on the start.
public struct WeightEnsemble: Sendable {
  public let weights: [RelaxedWeight]
  /// `[start][replica][weight]`, each bank by bank.
  public let values: [[[[Double]]]]

  public var starts: Int { values.count }
  public var replicas: Int { values[0].count }

  /// - Throws: `DetectionError.noData`, `.differentGroups`, `.invalidParameter` where starts have not as many replicas,
  ///   `.componentCountMismatch`, `.nonFiniteSample`.
  public init(_ weights: [RelaxedWeight], values: [[[[Double]]]]) throws(DetectionError) {
    _ = try commonGroup(of: weights)
    guard let first = values.first, !first.isEmpty else {
      throw .noData(observable: "trained weights")
    }
    for (start, replicas) in values.enumerated() {
      guard replicas.count == first.count else {
        throw .invalidParameter(
          name: "the replicas of start \(start)", expected: "\(first.count), as of start 0",
          found: "\(replicas.count)")
      }
      for (number, replica) in replicas.enumerated() {
        for (k, weight) in weights.enumerated() {
          let expected = weight.banks * weight.count
          let found = replica.count == weights.count ? replica[k].count : 0
          guard found == expected else {
            throw .componentCountMismatch(
              observable: weight.name, chain: start, sample: number, expected: expected,
              found: found)
          }
          if let place = replica[k].firstIndex(where: { !$0.isFinite }) {
            throw .nonFiniteSample(
              observable: weight.name, chain: start, sample: number, component: place)
          }
        }
      }
    }
    self.weights = weights
    self.values = values
  }

  /// The relaxed weights of a network in its trained parameters, `[start][replica]`.
  ///
  /// - Throws: as the other, and `DetectionError.invalidParameter` for parameters of another network.
  public init<Scalar: LatticeReal>(
    _ network: EquivariantNetwork, _ parameters: [[Parameters<Scalar>]]
  ) throws(DetectionError) {
    let weights = try RelaxedWeight.all(of: network)
    var values: [[[[Double]]]] = []
    for replicas in parameters {
      var start: [[[Double]]] = []
      for parameters in replicas {
        var replica: [[Double]] = []
        for weight in weights { replica.append(try weight.values(in: parameters)) }
        start.append(replica)
      }
      values.append(start)
    }
    try self.init(weights, values: values)
  }
}
