import Statistics
import Testing

/// Against an independent implementation of the formulas of the paper in another language, on series
/// that are the same in both; error, its error and window of the primary observable agree there with
/// a third, public implementation to 13 digits.
@Suite struct GammaReferenceTests {
  private func series(_ seed: UInt64, _ count: Int, slow: Bool) -> [Double] {
    RandomSeries.reference(
      seed: seed, count: count, a: slow ? 0.8 : 0.5, mean: slow ? 1 : 2,
      amplitude: slow ? 0.1 : 0.3)
  }

  @Test func primaryObservable() throws {
    let data = series(1, 1000, slow: true)
    #expect(data[0] == 1.0066561575172281)
    #expect(data[999] == 1.0595410165241603)
    let result = try GammaMethod().analyse(data)
    expect(
      result, value: 0.9907041221730433, error: 0.003907609222544904,
      errorOfError: 0.0005169281111838133, tau: 3.507181460226631, tauError: 0.8297377196624447,
      window: 17, rho: 0.7887189759559636)
    #expect(result.replicaBias == nil)
    #expect(result.replicaQ == nil)
    #expect(result.normalisedAutocorrelation.count == 18)
    #expect(result.normalisedAutocorrelation[0] == 1)
  }

  @Test func ratio() throws {
    let data = try Measurements(observables: [
      series(1, 1000, slow: true), series(2, 1000, slow: false),
    ])
    let result = try GammaMethod().analyse(data) { $0[0] / $0[1] }
    expect(
      result, value: 0.4946445884102642, error: 0.0020705904248992024,
      errorOfError: 0.00021217238140409494, tau: 1.8597331853512915, tauError: 0.34573568971670565,
      window: 10, rho: 0.6150240671689093)
  }

  @Test func ratioOnThreeReplicas() throws {
    let data = try Measurements(replicas: [
      [series(1, 1000, slow: true), series(2, 1000, slow: false)],
      [series(3, 700, slow: true), series(4, 700, slow: false)],
      [series(5, 900, slow: true), series(6, 900, slow: false)],
    ])
    let result = try GammaMethod().analyse(data) { $0[0] / $0[1] }
    expect(
      result, value: 0.4961784171298574, error: 0.0013827886158090088,
      errorOfError: 0.00010326499362573386, tau: 2.2559925876835867, tauError: 0.30962982120538085,
      window: 14, rho: 0.6050609068038253)
    // The bias is a difference of nearly equal numbers.
    #expect(agree(result.replicaBias ?? 0, 3.069626280938209e-07, relative: 1e-8))
    #expect(agree(result.replicaQ ?? 0, 0.5162216932786108, relative: 1e-9))
  }

  private func expect(
    _ result: GammaResult, value: Double, error: Double, errorOfError: Double, tau: Double,
    tauError: Double, window: Int, rho: Double
  ) {
    #expect(agree(result.value, value, relative: 1e-14))
    #expect(agree(result.error, error, relative: 1e-11))
    #expect(agree(result.errorOfError, errorOfError, relative: 1e-11))
    #expect(agree(result.integratedAutocorrelationTime, tau, relative: 1e-11))
    #expect(agree(result.tauError, tauError, relative: 1e-11))
    #expect(result.window == window)
    #expect(!result.windowReachedLimit)
    #expect(agree(result.normalisedAutocorrelation[1], rho, relative: 1e-11))
  }
}
