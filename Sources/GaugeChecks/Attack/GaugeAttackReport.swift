import GaugeLayers
import Lattice

/// How far gauge transformations moved predictions.
public struct GaugeAttackReport: Sendable, Hashable, CustomStringConvertible {
  public enum Kind: String, Sendable { case random, adversarial }

  public let kind: Kind
  /// The name of the model.
  public let subject: String
  public let setting: String
  public let seed: UInt64
  /// The root of the mean square of the norms of predictions, in units of which changes are relative;
  /// 1 if all predictions are zero.
  public let scale: Double
  /// The largest norm of a change, of every configuration.
  public private(set) var changes: [Double]
  private var sum = 0.0
  private var count = 0

  init<Scalar>(
    _ kind: Kind, _ name: String, _ links: LinkField<Scalar>, _ prediction: Tensor<Scalar>,
    seed: UInt64
  ) {
    self.kind = kind
    subject = name
    let batch = links.batch
    setting =
      "\(links.group) on \(links.geometry), \(batch) configuration\(batch == 1 ? "" : "s")"
    self.seed = seed
    let square = prediction.values.reduce(0) { $0 + Double($1) * Double($1) }
    scale = square > 0 ? (square / Double(batch)).squareRoot() : 1
    changes = Array(repeating: 0, count: batch)
  }

  /// Takes the changes of all configurations under one transformation of each.
  mutating func include(_ norms: [Double]) {
    for (member, norm) in norms.enumerated() {
      changes[member] = max(changes[member], norm)
      sum += norm
      count += 1
    }
  }

  /// The largest relative change.
  public var largest: Double { (changes.max() ?? 0) / scale }

  /// The mean relative change over configurations and their transformations.
  public var mean: Double { sum / Double(max(1, count)) / scale }

  /// Whether no prediction moves by more than a tolerance, 1e-10 relative by default, as in double
  /// precision.
  public func holds(_ tolerance: Double = 1e-10) -> Bool { count > 0 && largest <= tolerance }

  /// One line.
  public var description: String {
    "\(subject) (\(setting)): under \(kind.rawValue) gauge transformations predictions move by "
      + "\(mean) relative in the mean, \(largest) at most, seed \(seed)"
  }
}
