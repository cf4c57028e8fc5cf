import Autodiff
import Compute
import Testing

@Suite struct ReductionTests {
  static let cases: [([Int], [Int])] = [
    ([5], [0]), ([3, 4], [0]), ([3, 4], [1]), ([3, 4], [0, 1]), ([3, 4], []), ([2, 3, 4], [1]),
    ([2, 3, 4], [0, 2]), ([2, 3, 4], [2, 0]), ([1, 2, 1, 3, 5], [1, 3]), ([2, 1, 70], [0]),
    ([2, 2, 2, 2, 2], [0, 2, 4]), ([], []),
  ]

  @Test(arguments: cases) func sumsOverAxes(shape: [Int], axes: [Int]) throws {
    let a = scattered(shape, 1)
    let sum = try Tape().variable(a).sum(over: axes).value
    var expected = [[Int]: Double]()
    for place in places(shape) {
      let kept = shape.indices.filter { !axes.contains($0) }.map { place[$0] }
      expected[kept, default: 0] += a[place: place]
    }
    for (place, value) in expected { #expect(abs(sum[place: place] - value) < 1e-13) }
    #expect(sum.count == expected.count)
    let n = axes.reduce(1.0) { $0 * Double(shape[$1]) }
    let mean = try Tape().variable(a).mean(over: axes).value
    #expect(largestDifference(mean, sum.values.map { $0 / n }) < 1e-15)
    for isMean in [false, true] {
      let report = try checkGradients(at: a) { _, x in
        try loss(isMean ? x.mean(over: axes) : x.sum(over: axes))
      }
      #expect(report.holds(1e-9), "\(shape) \(axes): \(report)")
    }
  }

  @Test func totalsAndLosses() throws {
    for shape in [[], [7], [3, 5], [2, 3, 1, 2, 2], [2101]] {
      let (a, b) = (scattered(shape, 1), scattered(shape, 2))
      let tape = Tape()
      let (x, y) = (tape.variable(a), tape.variable(b))
      let (n, total) = (Double(a.count), exactSum(a.values))
      #expect(abs(x.sum().value[] - total) <= 1e-12)
      #expect(abs(try x.mean().value[] - total / n) <= 1e-14)
      let errors = zip(a.values, b.values).map { $0 - $1 }
      let squares = exactSum(errors.map { $0 * $0 }) / n
      #expect(abs(try x.meanSquaredError(to: y).value[] - squares) < 1e-14)
      let magnitudes = exactSum(errors.map(abs)) / n
      #expect(abs(try x.meanAbsoluteError(to: y).value[] - magnitudes) < 1e-14)
      // Far from the bend of the magnitude.
      let far = b.map { $0 + ($0 < 0 ? -3 : 3) }
      let reports = [
        checkGradients(at: a) { _, x in x.sum().squared() },
        try checkGradients(at: a) { _, x in try x.mean().squared() },
        try checkGradients(at: a, b) { _, x, y in try x.meanSquaredError(to: y) },
        try checkGradients(at: a, far) { _, x, y in try x.meanAbsoluteError(to: y) },
      ]
      for report in reports { #expect(report.holds(1e-9), "\(shape): \(report)") }
    }
  }

  @Test func theMagnitudeHasDerivativeZeroAtZero() throws {
    let tape = Tape()
    let x = tape.variable(try Tensor<Double>(shape: [3], values: [1, 2, 3]))
    let y = tape.constant(try Tensor<Double>(shape: [3], values: [1, 3, 1]))
    let gradient = tape.gradients(of: try x.meanAbsoluteError(to: y))[x]
    #expect(gradient.values == [0, -1.0 / 3, 1.0 / 3])
  }

  @Test func meansOfNothingAndStrangeAxesAreRefused() throws {
    let tape = Tape()
    let (empty, x) = (tape.variable(scattered([0, 2])), tape.variable(scattered([2, 3])))
    #expect(empty.sum().value[] == 0)
    #expect(try empty.sum(over: [0]).value.values == [0, 0])
    #expect(throws: AutodiffError.self) { try empty.mean() }
    #expect(throws: AutodiffError.self) { try empty.mean(over: [0]) }
    #expect(throws: AutodiffError.self) { try empty.meanSquaredError(to: empty) }
    for axes in [[2], [-1], [0, 0]] {
      #expect(throws: AutodiffError.self) { try x.sum(over: axes) }
    }
    #expect(
      throws: AutodiffError.shapeMismatch(name: "the target", expected: [2, 3], found: [0, 2])
    ) {
      try x.meanSquaredError(to: empty)
    }
  }

  @Test func resultsDoNotDependOnThreads() throws {
    let a = scattered([300, 7, 150], 1, of: Float.self)
    let results = try onThreads {
      let tape = Tape()
      let x = tape.variable(a)
      let parts = [
        x.sum(), try x.mean(over: [0]).squared().sum(), try x.sum(over: [0, 2]).squared().sum(),
        try x.mean(over: [2]).meanSquaredError(to: tape.constant(Tensor(shape: [300, 7]))),
      ]
      let loss = try parts.dropFirst().reduce(parts[0]) { try $0.adding($1) }
      return parts.map(\.value) + [tape.gradients(of: loss)[x]]
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }
}
