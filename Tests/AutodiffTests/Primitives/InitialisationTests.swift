import Autodiff
import Testing

@Suite struct InitialisationTests {
  /// Mean and variance of 20000 numbers within five standard deviations: false alarms below 10^-6.
  @Test func normalNumbersOfTheVarianceAskedFor() throws {
    let tensor = try Tensor<Double>.initialised(
      shape: [100, 200], fanIn: 8, seed: 7, stream: 3, gain: 2)
    let (n, variance) = (20_000.0, 0.5)
    let mean = tensor.values.reduce(0, +) / n
    let square = tensor.values.reduce(0) { $0 + $1 * $1 } / n
    #expect(abs(mean) < 5 * (variance / n).squareRoot())
    #expect(abs(square - variance) < 5 * variance * (2 / n).squareRoot())
  }

  @Test func theSameForTheSameSeedAndStream() throws {
    func weights(_ seed: UInt64, _ stream: UInt32) throws -> Tensor<Float> {
      try .initialised(shape: [3, 5], fanIn: 5, seed: seed, stream: stream)
    }
    #expect(try weights(1, 0) == weights(1, 0))
    #expect(try weights(1, 0) != weights(1, 1) && weights(1, 0) != weights(2, 0))
    #expect(throws: AutodiffError.self) {
      try Tensor<Double>.initialised(shape: [2], fanIn: 0, seed: 1, stream: 0)
    }
    #expect(throws: AutodiffError.self) {
      try Tensor<Double>.initialised(shape: [2], fanIn: 1, seed: 1, stream: 0, gain: 0)
    }
  }
}
