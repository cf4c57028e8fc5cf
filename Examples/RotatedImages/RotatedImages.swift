import ArgumentParser
import Autodiff
import EquivariantLayers
import Foundation

/// Networks that saw upright pictures only, asked about turned ones: what each way to equivariance is worth.
struct RotatedImages: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Strict, relaxed, augmented, averaged and canonicalised classifiers side by side.")

  @OptionGroup var options: StudyOptions

  @Option(help: "The deviation of the noise on every pixel; shapes are 1.")
  var noise = 0.3

  func validate() throws {
    guard noise >= 0, noise.isFinite else { throw ValidationError("--noise is 0 or more.") }
  }

  func run() throws {
    let seeds = options.seeds ?? (options.quick ? 1 : 20)
    let steps = options.quick ? 50 : 400
    let table = Table(
      "classifier", "parameters", "upright, % right", "turned, % right",
      "same prediction on the orbit, of 4")
    for approach in Approach.allCases {
      var (upright, turned, same) = ([Double](), [Double](), [Double]())
      var parameters = 0
      for seed in options.seed..<(options.seed + UInt64(seeds)) {
        let images = ShapeImages(noise: noise, seed: seed)
        let classifier = try Classifier(approach, images: images, steps: steps, seed: seed)
        parameters = classifier.parameterCount
        let (x, y) = try images.batch(set: 2, number: 0, count: options.quick ? 100 : 400)
        let fields = try FieldType.scalar(classifier.symmetry)
        upright.append(right(try classifier(x), y))
        // All three turned copies of every picture.
        turned.append(
          try (1..<classifier.symmetry.order).map { g in
            right(try classifier(try fields.transformed(x, by: g)), y)
          }.reduce(0, +) / Double(classifier.symmetry.order - 1))
        same.append(try OrbitPredictions(of: x, fields) { try classifier($0) }.mean)
      }
      table.add(
        approach.rawValue, "\(parameters)", mean(upright, "%.1f"), mean(turned, "%.1f"),
        mean(same, "%.3f"))
    }
  }

  /// The share of pictures whose largest score is that of their class, in percent.
  private func right(_ scores: Tensor<Double>, _ classes: Tensor<Double>) -> Double {
    let width = classes.shape[1]
    func largest(_ x: Tensor<Double>, _ sample: Int) -> Int {
      (0..<width).max { x.values[sample * width + $0] < x.values[sample * width + $1] }!
    }
    let count = (0..<classes.shape[0]).count { largest(scores, $0) == largest(classes, $0) }
    return 100 * Double(count) / Double(classes.shape[0])
  }

  /// The mean over seeds with its standard error.
  private func mean(_ values: [Double], _ format: String) -> String {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    guard values.count > 1 else { return String(format: format, mean) }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = (squares / (count * (count - 1))).squareRoot()
    return String(format: format + " +- " + format, mean, error)
  }
}
