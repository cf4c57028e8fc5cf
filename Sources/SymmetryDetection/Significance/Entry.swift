import Foundation
import Groups

/// An observable on its way through the tests.
struct Entry {
  let observable: SampledObservable
  let series: IrrepSeries
  let choice: BinChoice
  /// The non-trivial parts that do not vanish, by their place among all parts; none without enough data.
  let blocks: [(part: Int, block: IrrepBlock)]
  private let scalar: IrrepBlock?

  /// The observables of one ensemble.
  static func all(_ observables: [SampledObservable]) throws(DetectionError) -> [Entry] {
    var series: [IrrepSeries] = []
    var times: [CorrelationTime] = []
    for observable in observables {
      series.append(try IrrepSeries(observable))
      times.append(try CorrelationTime(series[series.count - 1]))
    }
    return zip(series, CorrelationTime.joined(times)).map { Entry($0, $1) }
  }

  /// Whether there is a verdict.
  var isTested: Bool { choice.isEnough && observable.obstacle == nil }

  private init(_ series: IrrepSeries, _ time: CorrelationTime) {
    observable = series.observable
    self.series = series
    choice = BinChoice(series, time)
    guard choice.isEnough, series.observable.obstacle == nil else {
      blocks = []
      scalar = nil
      return
    }
    var blocks: [(part: Int, block: IrrepBlock)] = []
    var scalar: IrrepBlock?
    for (place, part) in series.parts.enumerated() where !part.vanishes {
      let block = IrrepBlock(series, part, choice)
      if part.irrep.isTrivial { scalar = block } else { blocks.append((place, block)) }
    }
    self.blocks = blocks
    self.scalar = scalar
  }

  /// The record of one part.
  func test(
    _ place: Int, _ outcome: Outcome?, level: Double, seed: UInt64
  ) throws(DetectionError) -> DetectionResult.Test {
    let part = series.parts[place]
    var effect: Effect?
    if outcome != nil, let block = blocks.first(where: { $0.part == place })?.block {
      effect = try Effect(block, scalar: scalar, rootMeanSquare: rootMeanSquare)
    }
    let verdict: DetectionResult.Verdict
    var note: String?
    if part.vanishes {
      verdict = .trivial
      note = "vanishes in every configuration"
    } else if let outcome {
      verdict = outcome.corrected <= level ? .broken : .notSeenBroken
    } else {
      verdict = .tooLittleData
      note =
        observable.obstacle
        ?? (choice.isEnough
          ? "\(choice.count) bins are too few for \(part.multiplicity) copies of the irrep"
          : "\(choice.missingSamples) more configurations are needed")
    }
    return DetectionResult.Test(
      symmetry: symmetry(of: part), observable: observable.name, irrep: irrepName(part.irrep),
      statistic: outcome.map { min($0.statistic, .greatestFiniteMagnitude) },
      pValue: outcome?.pValue, correctedP: outcome?.corrected, effect: effect?.value,
      effectError: effect?.error, upperBound95: effect?.upperBound, verdict: verdict,
      effectIsRelativeToScalar: effect?.isRelativeToScalar ?? false, bins: choice.count,
      binLength: choice.length, autocorrelation: choice.autocorrelationTime, note: note,
      place: verdict == .broken
        ? .init(observable, binLength: choice.length, seed: seed) : nil)
  }

  /// What the field calls the irrep: the number k of a Fourier mode, from the angle 2 pi k/L by which a step
  /// turns it, the N-ality for the centre, and the sign under groups of order two.
  private func irrepName(_ irrep: Irrep) -> String {
    let order = observable.group.order
    if observable.direction != nil || observable.symmetry == .center {
      let step = irrep.matrix(1).trace / Double(irrep.dimension)
      let angle = acos(min(1, max(-1, step)))
      let number = Int((angle * Double(order) / (2 * Double.pi)).rounded())
      return observable.direction != nil ? "k=\(number)" : "N-ality \(number)"
    }
    return order == 2 ? "odd" : irrep.name
  }

  /// What is odd under charge conjugation tells of charge conjugation.
  private func symmetry(of part: IrrepSeries.Part) -> TestedSymmetry {
    guard observable.symmetry == .point, let operations = observable.group.operations,
      let conjugation = operations.firstIndex(where: {
        $0.conjugatesCharge && $0.axes == .identity($0.axes.dimension)
      }), part.irrep.matrix(conjugation)[0, 0] < 0
    else { return observable.symmetry }
    return .charge
  }

  /// What nothing is said about.
  var remarks: [String] {
    if let obstacle = observable.obstacle { return ["\(observable.name): \(obstacle)"] }
    return choice.isEnough
      ? []
      : [
        "\(observable.name): \(observable.sampleCount) configurations with an integrated"
          + String(format: " autocorrelation time of %.1f", choice.autocorrelationTime)
          + " are too few; \(choice.missingSamples) more are needed"
      ]
  }

  private var rootMeanSquare: Double {
    let squares = series.values.reduce(0) { $0 + $1 * $1 }
    return (squares / Double(observable.sampleCount)).squareRoot()
  }
}
