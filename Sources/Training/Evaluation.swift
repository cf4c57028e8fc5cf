import Autodiff
import Compute
import GaugeLayers
import Lattice

/// How well a network predicts a dataset.
public struct Evaluation: Sendable {
  public let lattice: [Int]
  public let configurations: Int
  /// The mean squared error of every target.
  public let meanSquaredErrors: [Double]
  /// The variance of every label.
  public let labelVariances: [Double]
  /// The mean over targets.
  public var loss: Double {
    meanSquaredErrors.reduce(0, +) / Double(max(1, meanSquaredErrors.count))
  }

  /// Predicts all configurations of a dataset, or the first of them.
  public init<Scalar>(
    _ network: GaugeNetwork<Scalar>, _ parameters: Parameters<Scalar>, _ data: Dataset<Scalar>,
    first: Int = .max
  ) throws {
    lattice = data.geometry.extents
    let count = min(first, data.count)
    configurations = count
    labelVariances = data.labelVariances
    var sums = [Double](repeating: 0, count: data.targets.count)
    // Some ten thousands of sites at a time.
    let step = max(1, min(count, 65536 / data.geometry.volume / 16 * 16))
    for start in stride(from: 0, to: count, by: max(16, step)) {
      let range = start..<min(count, start + max(16, step))
      let (links, labels) = try data.batch(range)
      let tape = Tape()
      let prediction = try network(tape.constant(links), tape.constant(parameters)).value
      let inner = prediction.count / (range.count * sums.count)
      for (k, (p, q)) in zip(prediction.values, labels.values).enumerated() {
        let d = Double(p) - Double(q)
        sums[k / inner % sums.count] += d * d / Double(inner)
      }
    }
    meanSquaredErrors = sums.map { $0 / Double(count) }
  }
}
