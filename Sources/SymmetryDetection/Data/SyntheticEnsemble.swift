import Compute
import Foundation
import Groups

/// Gaussian ensembles of a representation with a known breaking and autocorrelation, for studies of how often
/// tests are wrong and how much they see.
///
/// x_t = mean + sum_j s_j n_j(t): every component of the irrep j has the standard deviation s_j and, as a
/// stationary series a_{t+1} = a a_t + noise, the integrated autocorrelation time (1 + a)/(2 (1 - a)).
public struct SyntheticEnsemble: Sendable {
  public let representation: Representation

  /// The mean of the samples; zero outside the invariant vectors for a symmetric ensemble.
  public let mean: [Double]

  /// The standard deviation of one component of each irrep, in the order of `group.irreps`.
  public let deviations: [Double]

  /// The integrated autocorrelation time, at least one half.
  public let autocorrelationTime: Double

  private let basis: RealMatrix
  private let scales: [Double]

  /// - Parameter deviations: by the names of irreps; 1 where a name is missing.
  /// - Throws: `DetectionError.invalidParameter` for an autocorrelation time below one half, a negative or
  ///   non-finite deviation, or a mean of another dimension; `.group` for a name that is no irrep.
  public init(
    _ representation: Representation, mean: [Double], deviations: [String: Double] = [:],
    autocorrelationTime: Double = 0.5
  ) throws(DetectionError) {
    guard autocorrelationTime >= 0.5, autocorrelationTime.isFinite else {
      throw .invalidParameter(
        name: "the autocorrelation time", expected: "at least 1/2",
        found: "\(autocorrelationTime)")
    }
    guard mean.count == representation.dimension, mean.allSatisfy(\.isFinite) else {
      throw .invalidParameter(
        name: "the mean", expected: "\(representation.dimension) finite numbers",
        found: "\(mean.count)")
    }
    var list = [Double](repeating: 1, count: representation.group.irreps.count)
    for (name, deviation) in deviations {
      let irrep = try groups { () throws(GroupError) in try representation.group.irrep(name) }
      guard deviation >= 0, deviation.isFinite else {
        throw .invalidParameter(
          name: "the deviation of \(name)", expected: "0 or more", found: "\(deviation)")
      }
      list[irrep.index] = deviation
    }
    let division = try groups { () throws(GroupError) in try representation.decomposed() }
    self.representation = representation
    self.mean = mean
    self.deviations = list
    self.autocorrelationTime = autocorrelationTime
    basis = division.basis
    scales = division.parts.flatMap { part in part.columns.map { _ in list[part.irrep.index] } }
  }

  /// The samples of one chain of a seed.
  public func samples(count: Int, seed: UInt64) -> [[Double]] {
    let stream = RandomStream(seed: seed, purpose: .syntheticEnsemble)
    let n = representation.dimension
    let decay = (2 * autocorrelationTime - 1) / (2 * autocorrelationTime + 1)
    let noise = (1 - decay * decay).squareRoot()
    var state = [Double](repeating: 0, count: n)
    return (0..<count).map { t in
      for i in 0..<n {
        let (u, v) = stream.uniforms(UInt32(t), UInt32(i))
        let normal = (-2 * log(u)).squareRoot() * cos(2 * Double.pi * v)
        state[i] = t == 0 ? normal : decay * state[i] + noise * normal
      }
      var sample = mean
      for i in 0..<n {
        for j in 0..<n { sample[i] += basis[i, j] * scales[j] * state[j] }
      }
      return sample
    }
  }
}
