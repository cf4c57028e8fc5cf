import Autodiff
import Compute
import GaugeLayers
import Lattice

extension Trainer {
  /// One iteration of the quasi-Newton method on the configurations of the polish.
  mutating func polish() throws -> Double {
    let places = polishPlaces
    var polisher = self.polisher
    var parameters = self.parameters
    let loss = try polisher.step(&parameters) { try sumOverParts($0, places) }
    self.polisher = polisher
    self.parameters = parameters
    step += 1
    epochLoss = (loss * Double(places.count), places.count)
    return loss
  }

  /// Loss and derivatives of many configurations, part by part, in double precision.
  private func sumOverParts(
    _ parameters: Parameters<Scalar>, _ places: [Int]
  ) throws -> (loss: Double, gradients: Gradients<Scalar>) {
    var loss = 0.0
    var sums = [[Double]](repeating: [], count: parameters.count)
    // Some ten thousand sites at a time, whole vectors of members.
    let part = max(16, min(1024, (1 << 14) / data.geometry.volume / 16 * 16))
    for start in stride(from: 0, to: places.count, by: part) {
      let some = Array(places[start..<min(places.count, start + part)])
      let (value, gradients) = try lossAndGradients(parameters, some)
      let share = Double(some.count) / Double(places.count)
      loss += value * share
      for (k, entry) in gradients.enumerated() {
        if sums[k].isEmpty { sums[k] = [Double](repeating: 0, count: entry.tensor.count) }
        for (i, g) in entry.tensor.values.enumerated() { sums[k][i] += share * Double(g) }
      }
    }
    var gradients = parameters
    for k in gradients.indices {
      gradients.withUnsafeMutableValues(at: k) { values in
        for i in values.indices { values[i] = Scalar(sums[k][i]) }
      }
    }
    return (loss, gradients)
  }

  /// The configurations of the polish, spread evenly, so that all couplings are among them.
  static func polishPlaces(_ count: Int, _ settings: TrainingSettings) -> [Int] {
    let wanted = max(1, min(count, settings.polishConfigurations ?? count))
    return (0..<wanted).map { $0 * count / wanted }
  }
}
