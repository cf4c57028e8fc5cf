import Foundation
import Statistics
import TestSupport
import Testing

@Suite struct LinearFitTests {
  /// The straight line through points with errors, in closed form.
  @Test func straightLine() throws {
    let x = [1.0, 2, 3, 5, 8]
    let y = [2.1, 3.9, 6.2, 9.7, 16.4]
    let errors = [0.1, 0.2, 0.1, 0.3, 0.4]
    let fit = try LinearFit(basis: x.map { [1, $0] }, values: y, errors: errors)
    let w = errors.map { 1 / ($0 * $0) }
    func sum(_ f: (Int) -> Double) -> Double { x.indices.reduce(0) { $0 + w[$1] * f($1) } }
    let (s, sx, sxx) = (sum { _ in 1 }, sum { x[$0] }, sum { x[$0] * x[$0] })
    let (sy, sxy) = (sum { y[$0] }, sum { x[$0] * y[$0] })
    let determinant = s * sxx - sx * sx
    #expect(agree(fit.parameters[0].value, (sxx * sy - sx * sxy) / determinant, relative: 1e-12))
    #expect(agree(fit.parameters[1].value, (s * sxy - sx * sy) / determinant, relative: 1e-13))
    #expect(agree(fit.parameters[0].error, (sxx / determinant).squareRoot(), relative: 1e-13))
    #expect(agree(fit.parameters[1].error, (s / determinant).squareRoot(), relative: 1e-13))
    #expect(agree(fit.covariance[0][1], -sx / determinant, relative: 1e-13))
    #expect(fit.covariance[0][1] == fit.covariance[1][0])
    let chiSquared = sum {
      let rest = y[$0] - fit.parameters[0].value - fit.parameters[1].value * x[$0]
      return rest * rest
    }
    #expect(agree(fit.chiSquared, chiSquared, relative: 1e-11))
    #expect(fit.degreesOfFreedom == 3)
    #expect(agree(fit.reducedChiSquared!, chiSquared / 3, relative: 1e-11))
    #expect((0...1).contains(try #require(fit.probability)))
  }

  /// Exact data come back, however different the scales of the functions.
  @Test func exactData() throws {
    let r = (1...6).map { Double($0) }
    let truth = [0.6, 1.5e-7, 0.3]
    let basis = r.map { [1, 1e6 * $0, -1 / $0] }
    let values = basis.map { zip($0, truth).reduce(0) { $0 + $1.0 * $1.1 } }
    let fit = try LinearFit(basis: basis, values: values, errors: r.map { 0.01 * $0 })
    for (found, expected) in zip(fit.parameters, truth) {
      #expect(agree(found.value, expected, relative: 1e-12))
    }
    #expect(fit.chiSquared < 1e-20)
    let few = try LinearFit(
      basis: Array(basis[..<3]), values: Array(values[..<3]), errors: [1, 1, 1])
    #expect(few.degreesOfFreedom == 0 && few.reducedChiSquared == nil && few.probability == nil)
  }

  /// A diagonal covariance is the independent fit; a rotation of the data changes nothing.
  @Test func correlatedData() throws {
    let basis = [[1, 0.3], [1, 1.1], [1, 2.4], [1, 3.0]]
    let values = [0.2, 1.3, 2.2, 3.4]
    let errors = [0.1, 0.3, 0.2, 0.4]
    let independent = try LinearFit(basis: basis, values: values, errors: errors)
    // Shears of the data: y' = M y with covariance M D M^T.
    let shear: [[Double]] = [[1, 0, 0, 0], [0.5, 1, 0, 0], [0, -0.7, 1, 0], [0.2, 0, 0.9, 1]]
    func apply(_ v: [Double]) -> [Double] {
      shear.map { zip($0, v).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    let columns = (0..<2).map { j in apply(basis.map { $0[j] }) }
    var covariance = [[Double]](repeating: [0, 0, 0, 0], count: 4)
    for i in 0..<4 {
      for j in 0..<4 {
        for k in 0..<4 { covariance[i][j] += shear[i][k] * errors[k] * errors[k] * shear[j][k] }
      }
    }
    let fit = try LinearFit(
      basis: (0..<4).map { [columns[0][$0], columns[1][$0]] }, values: apply(values),
      dataCovariance: covariance)
    #expect(agree(fit.chiSquared, independent.chiSquared, relative: 1e-11))
    for j in 0..<2 {
      #expect(
        agree(fit.parameters[j].value, independent.parameters[j].value, relative: 1e-11))
      #expect(
        agree(fit.parameters[j].error, independent.parameters[j].error, relative: 1e-11))
    }
  }

  /// Pulls of 2000 fits to Gaussian data: mean 0, variance 1, mean chi^2 = dof, each within 4.5
  /// standard deviations, a false alarm in 1 of 30 000 choices of the seed.
  @Test func pulls() throws {
    var generator = SplitMix64(seed: 71)
    let (trials, truth) = (2000, [0.5, 0.2])
    var (sums, squares, chi) = ([0.0, 0.0], [0.0, 0.0], 0.0)
    for _ in 0..<trials {
      let x = (0..<7).map { Double($0) }
      let errors = x.map { 0.1 + 0.05 * $0 }
      let y = zip(x, errors).map { truth[0] + truth[1] * $0 + $1 * generator.normal() }
      let fit = try LinearFit(basis: x.map { [1, $0] }, values: y, errors: errors)
      for j in 0..<2 {
        let pull = fit.parameters[j].pull(from: truth[j])
        sums[j] += pull
        squares[j] += pull * pull
      }
      chi += fit.chiSquared
    }
    let count = Double(trials)
    for j in 0..<2 {
      #expect(abs(sums[j] / count) < 4.5 / count.squareRoot())
      #expect(abs(squares[j] / count - 1) < 4.5 * (2 / count).squareRoot())
    }
    #expect(abs(chi / count - 5) < 4.5 * (10 / count).squareRoot())
  }

  @Test func refusals() {
    func error(_ body: () throws -> LinearFit) -> StatisticsError? {
      do {
        _ = try body()
        return nil
      } catch { return error as? StatisticsError }
    }
    let line = (0..<4).map { [1, Double($0)] }
    let y = [0.0, 1, 2, 3]
    let ones = [1.0, 1, 1, 1]
    #expect(
      error { try LinearFit(basis: line.map { [$0[1], 2 * $0[1]] }, values: y, errors: ones) }
        == .singularFit(parameters: 2))
    #expect(
      error { try LinearFit(basis: line.map { [$0[1], 0] }, values: y, errors: ones) }
        == .singularFit(parameters: 2))
    #expect(
      error { try LinearFit(basis: [[1, 2, 3]], values: [1], errors: [1]) }
        == .underdeterminedFit(parameters: 3, data: 1))
    #expect(
      error {
        try LinearFit(basis: line, values: y, dataCovariance: y.map { _ in ones })
      } == .singularFit(parameters: 4))
    for bad in [0.0, -1, .nan, .infinity] {
      #expect(error { try LinearFit(basis: line, values: y, errors: [1, 1, 1, bad]) } != nil)
    }
    #expect(error { try LinearFit(basis: line, values: [1, 2, 3, .nan], errors: ones) } != nil)
    #expect(error { try LinearFit(basis: line, values: [1, 2], errors: [1, 1]) } != nil)
    #expect(error { try LinearFit(basis: line, values: y, errors: [1]) } != nil)
    #expect(error { try LinearFit(basis: [], values: [], errors: []) } != nil)
  }
}

@Suite struct JackknifeMeansTests {
  /// One function after the other is the jackknife of each.
  @Test func agreesWithJackknife() throws {
    var generator = SplitMix64(seed: 5)
    let series = (0..<2).map { _ in
      RandomSeries.autoregressive(0.6, count: 200, using: &generator).map { 3 + 0.1 * $0 }
    }
    let data = try Measurements(observables: series)
    let method = Jackknife(bins: .length(10))
    let means = try method.means(data)
    #expect(means.binCount == 20 && means.binLength == 10)
    let expected = try method.analyse(data) { $0[0] / $0[1] }
    #expect(means.estimate { $0[0] / $0[1] } == expected.estimate)
    let several = try #require(means.estimates { [$0[1], $0[0] / $0[1]] })
    #expect(several[1] == expected.estimate)
    #expect(means.estimate { log(2.9 - $0[0]) } == nil)
    #expect(means.estimate { _ in nil } == nil)
    let threshold = means.replicates.map { $0[0] }.max()!
    #expect(means.estimate { $0[0] < threshold ? $0[0] : nil } == nil)
  }
}
