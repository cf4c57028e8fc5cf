import Autodiff
import Compute
import Lattice

/// Configurations with their labels.
public struct Dataset<Scalar: LatticeReal>: Sendable {
  public let configurations: ConfigurationStore<Scalar>
  public let targets: [Target]
  /// [configuration][target], or [configuration][target][site].
  private let labels: [Scalar]
  private let perConfiguration: Int
  /// The variance of every target over configurations (and sites).
  public let labelVariances: [Double]

  public var count: Int { configurations.count }
  public var geometry: Geometry { configurations.geometry }

  /// Computes the labels in the precision of the links, with exact sums over sites.
  public init(
    _ configurations: ConfigurationStore<Scalar>, _ targets: [Target]
  ) throws {
    self.configurations = configurations
    self.targets = targets
    let isField = targets.contains(where: \.isField)
    guard targets.allSatisfy({ $0.isField == isField }), !targets.isEmpty else {
      throw TrainingError.setting(
        name: "the targets", expected: "all numbers a configuration or all fields",
        found: "\(targets)")
    }
    perConfiguration = targets.count * (isField ? configurations.geometry.volume : 1)
    var labels = [Scalar]()
    labels.reserveCapacity(configurations.count * perConfiguration)
    let step = 256
    for start in stride(from: 0, to: configurations.count, by: step) {
      let links = try configurations.links(start..<min(configurations.count, start + step))
      let values = try targets.map { target throws(TrainingError) in try target.values(links) }
      for member in 0..<links.batch {
        for value in values { labels += value[member].map { Scalar($0) } }
      }
    }
    self.labels = labels
    let inner = perConfiguration / targets.count
    labelVariances = targets.indices.map {
      variance(of: labels, target: $0, of: targets.count, inner)
    }
  }

  /// Links and labels of a batch: [batch, targets] or [batch, targets, sites].
  public func batch(
    _ places: some Collection<Int>
  ) throws -> (links: LinkField<Scalar>, labels: Tensor<Scalar>) {
    var values = [Scalar]()
    values.reserveCapacity(places.count * perConfiguration)
    for place in places {
      values += labels[(place * perConfiguration)..<((place + 1) * perConfiguration)]
    }
    let shape =
      targets[0].isField
      ? [places.count, targets.count, geometry.volume] : [places.count, targets.count]
    return (try configurations.links(places), try Tensor(shape: shape, values: values))
  }
}

/// The variance of one target over labels [configuration][target][inner].
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func variance<Scalar: LatticeReal>(
  of labels: [Scalar], target: Int, of targets: Int, _ inner: Int
) -> Double {
  let starts = stride(from: target * inner, to: labels.count, by: targets * inner)
  let values = starts.lazy.flatMap { labels[$0..<($0 + inner)].lazy.map { Double($0) } }
  let count = Double(max(1, labels.count / targets))
  let mean = values.reduce(0, +) / count
  return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
}
