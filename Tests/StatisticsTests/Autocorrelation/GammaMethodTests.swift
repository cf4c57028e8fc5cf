import Foundation
import Statistics
import TestSupport
import Testing

/// Statistical proofs on series with known properties, all with fixed seeds.
@Suite struct GammaMethodTests {
  /// AR(1) series: error bars cover the mean, pulls have variance 1, `tau_int` is unbiased.
  ///
  /// 1000 series of 8000 samples each. Margins, with false-alarm rates for a change of seeds:
  /// coverage 0.6827 within four binomial deviations (0.059; 6e-5), the mean squared pull 1 within
  /// four deviations `sqrt(2/1000)` and the 2 % that the scatter of the errors adds (6e-5), the mean of
  /// `tau_int` within four of its standard errors and 0.5 % of the truth, which allows for the
  /// truncation at the window (6e-5), the scatter of `tau_int` and of the error within 15 % of what
  /// the analysis claims (the claims are leading-order formulas).
  @Test(arguments: [0, 0.5, 0.8])
  func errorBarsAreTrue(a: Double) throws {
    let truth = RandomSeries.time(a)
    let trials = 1000
    var (covered, squares) = (0.0, 0.0)
    var (taus, claimedTauErrors): ([Double], [Double]) = ([], [])
    var (errors, claimedErrors): ([Double], [Double]) = ([], [])
    for trial in 0..<trials {
      var generator = SplitMix64(seed: 1_000_000 * UInt64(a * 10) + UInt64(trial))
      let series = RandomSeries.autoregressive(a, count: 8000, using: &generator)
      let result = try GammaMethod().analyse(series)
      let pull = result.estimate.pull(from: 0)
      if pull.magnitude < 1 { covered += 1 }
      squares += pull * pull
      taus.append(result.integratedAutocorrelationTime)
      claimedTauErrors.append(result.tauError)
      errors.append(result.error)
      claimedErrors.append(result.errorOfError)
      #expect(!result.windowReachedLimit)
    }
    let count = Double(trials)
    let tau = meanAndError(taus)
    let error = meanAndError(errors)
    let exact = exactError(a, count: 8000)
    let report =
      "a \(a): coverage \(covered / count), pull^2 \(squares / count), tau \(tau) of \(truth),"
      + " scatter of tau \(tau.error * count.squareRoot() / meanAndError(claimedTauErrors).mean),"
      + " error \(error.mean / exact),"
      + " scatter \(error.error * count.squareRoot() / meanAndError(claimedErrors).mean)"
    #expect((covered / count - 0.682689).magnitude < 0.059, "\(report)")
    #expect((squares / count - 1).magnitude < 4 * (2 / count).squareRoot() + 0.02, "\(report)")
    #expect((tau.mean - truth).magnitude < 4 * tau.error + 0.005 * truth, "\(report)")
    #expect((error.mean / exact - 1).magnitude < 4 * error.error / exact + 0.005, "\(report)")
    let tauScatter = tau.error * count.squareRoot() / meanAndError(claimedTauErrors).mean
    #expect((tauScatter - 1).magnitude < 0.15, "\(report)")
    if a > 0 {
      let scatter = error.error * count.squareRoot() / meanAndError(claimedErrors).mean
      #expect((scatter - 1).magnitude < 0.15, "\(report)")
    }
  }

  /// The ratio of two correlated observables against the analytic error.
  ///
  /// `a = 2 + x`, `b = 4 + x + y` with independent AR(1) series `x`, `y` of `rho(t) = 0.7^t`:
  /// `F = 1/2`, projected fluctuation `x/4 - (x + y)/8 = (x - y)/8`, hence
  /// `error^2 = 2 tau_int * (1/32) / N`. 500 series; the mean error within four standard errors and
  /// 0.5 %, coverage within four binomial deviations.
  @Test func ratioOfTwoObservables() throws {
    let count = 5000
    let exact = exactError(0.7, count: count) / 32.0.squareRoot()
    var (errors, taus): ([Double], [Double]) = ([], [])
    var covered = 0.0
    for seed in 0..<500 {
      var generator = SplitMix64(seed: 70_000_000 + UInt64(seed))
      let x = RandomSeries.autoregressive(0.7, count: count, using: &generator)
      let y = RandomSeries.autoregressive(0.7, count: count, using: &generator)
      let data = try Measurements(observables: [
        x.map { 2 + $0 }, zip(x, y).map { 4 + $0 + $1 },
      ])
      let result = try GammaMethod().analyse(data) { $0[0] / $0[1] }
      errors.append(result.error)
      taus.append(result.integratedAutocorrelationTime)
      if result.estimate.pull(from: 0.5).magnitude < 1 { covered += 1 }
    }
    let (mean, error) = meanAndError(errors)
    let tau = meanAndError(taus)
    #expect((mean / exact - 1).magnitude < 4 * error / exact + 0.005)
    #expect((covered / 500 - 0.682689).magnitude < 0.084)
    #expect((tau.mean - RandomSeries.time(0.7)).magnitude < 4 * tau.error + 0.015)
  }

  /// Significantly anticorrelated series, `a = -0.5`: `tau_int = 1/6`, the error still right.
  @Test func anticorrelatedSeries() throws {
    var (taus, errors): ([Double], [Double]) = ([], [])
    for seed in 0..<300 {
      var generator = SplitMix64(seed: 50_000_000 + UInt64(seed))
      let series = RandomSeries.autoregressive(-0.5, count: 8000, using: &generator)
      let result = try GammaMethod().analyse(series)
      taus.append(result.integratedAutocorrelationTime)
      errors.append(result.error)
    }
    let tau = meanAndError(taus)
    let error = meanAndError(errors)
    let exact = exactError(-0.5, count: 8000)
    #expect((tau.mean * 6 - 1).magnitude < 4 * 6 * tau.error + 0.03)
    #expect((error.mean / exact - 1).magnitude < 4 * error.error / exact + 0.015)
  }

  /// The correction of the bias on short series: without it the variance is too small.
  ///
  /// White noise with a fixed window `W = 10` and `N = 100`: without the correction `C` is on average
  /// too small by the factor `1 - 0.21`, with it by `(1 - 0.21)(1 + 0.21) = 1 - 0.044`. Four standard
  /// errors, a false alarm in 6 of 100 000 sets of seeds.
  @Test func correctionOfTheBias() throws {
    var variances: [Double] = []
    for seed in 0..<4000 {
      var generator = SplitMix64(seed: 60_000_000 + UInt64(seed))
      let series = RandomSeries.autoregressive(0, count: 100, using: &generator)
      let result = try? GammaMethod(window: .fixed(10)).analyse(series)
      // A sum that is not positive counts as zero: it happens in fewer than 1 of 1000 series.
      variances.append((result?.error ?? 0) * (result?.error ?? 0) * 100)
    }
    let (mean, error) = meanAndError(variances)
    #expect((mean - (1 - 0.21 * 0.21)).magnitude < 4 * error)
  }

  /// The exact error of the mean of a stationary AR(1) series of variance 1.
  private func exactError(_ a: Double, count: Int) -> Double {
    let n = Double(count)
    let infinite = (1 + a) / (1 - a)
    let finite = 2 * a * (1 - pow(a, n)) / (n * (1 - a) * (1 - a))
    return ((infinite - finite) / n).squareRoot()
  }
}
