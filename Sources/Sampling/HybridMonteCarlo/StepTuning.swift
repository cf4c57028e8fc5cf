import Foundation

/// Chooses the number of steps of a trajectory from the acceptance that was seen, in windows of ten
/// updates, until it is frozen.
///
/// A function of the energy changes alone: a chain that goes on finds the same steps from its history.
struct StepTuning: Sendable, Equatable {
  static let window = 10

  let target: Double
  let order: Int
  private(set) var steps: Int
  private var probabilities: [Double] = []

  init(target: Double, order: Int, steps: Int) {
    self.target = target
    self.order = order
    self.steps = steps
  }

  /// Counts the energy change of one trajectory.
  mutating func add(_ energyChange: Double) {
    probabilities.append(energyChange.isFinite ? min(1, exp(-energyChange)) : 0)
    guard probabilities.count == Self.window else { return }
    let mean = probabilities.reduce(0, +) / Double(Self.window)
    probabilities = []
    // <dH> grows with step^(2 order), and the acceptance is erfc(sqrt(<dH>) / 2).
    let (seen, wanted) = (Self.inverse(min(0.999, max(0.01, mean))), Self.inverse(target))
    let factor = pow(seen / wanted, 1 / Double(order))
    // Rounded up: of few steps, one fewer may be the end of stability.
    let proposed = (Double(steps) * min(2, max(0.5, factor))).rounded(.up)
    steps = Int(min(100_000, max(1, proposed)))
  }

  /// x with erfc x = p, by bisection.
  private static func inverse(_ p: Double) -> Double {
    var (low, high) = (0.0, 10.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if erfc(middle) > p { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}

/// A trajectory whose energy change is no number: the links are those before it.
public struct UnstableTrajectory: Error, Sendable, Equatable, CustomStringConvertible {
  public let update: Int
  public let energyChange: Double
  public let steps: Int
  public let length: Double

  public var description: String {
    let size = length / Double(2 * steps)
    return
      "the trajectory of update \(update) is unstable (dH = \(energyChange.isNaN ? "nan" : "\(energyChange)")); the links before "
      + "it are kept; try a step size of \(size) (\(2 * steps) steps) in a new folder"
  }
}
