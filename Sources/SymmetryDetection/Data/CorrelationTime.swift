import Statistics

/// The autocorrelation of what a symmetry forbids to have a mean, pooled over its components.
///
/// All components of the non-trivial irreps of an observable, each with its variance as unit, are taken to
/// decay alike. Pooling is what makes short series usable: at 100 samples the time of one component is known
/// to a third, that of five to 15 %.
struct CorrelationTime {
  /// The integrated autocorrelation time in units of the distance of samples, one half for independent ones.
  ///
  /// The larger one of two: that of the Gamma method, and (1 + r)/(2 (1 - r)) from the autocorrelation r at
  /// distance one, which short series give with the smallest error.
  let time: Double

  /// Of an exponential autocorrelation: rho(t) = a^t.
  ///
  /// That of the measured time, raised towards what the components of all observables say together, but by no
  /// more than two of its standard errors: of many observables the one with the time measured too short would
  /// else be the one that rejects.
  private(set) var decay: Double

  /// The decay that decides whether there are data enough for a verdict.
  ///
  /// What all components say together, but at most one standard error below and two above the decay of this
  /// observable, and half of its own standard error more: at the border those ensembles whose time is measured
  /// too short would else be the ones that are tested.
  private(set) var decisiveDecay: Double

  /// The standard error of the decay.
  let decayError: Double

  /// The number of components that were pooled.
  let componentCount: Int

  init(_ series: IrrepSeries) throws(DetectionError) {
    // Long waves of a profile live longer than short ones: the slowest mode decides, and not the mean of all.
    let parts = series.nonTrivialParts.filter { !$0.vanishes }
    let candidates =
      series.observable.direction == nil ? [parts] : parts.map { [$0] }
    let count = series.observable.sampleCount
    var slowest: (time: Double, first: Double, componentCount: Int)?
    for candidate in candidates {
      let components = Self.components(of: series, candidate)
      guard !components.isEmpty else { continue }
      let first = Self.neighbourCorrelation(components, sampleCount: count)
      let exponential = max(0.5, (1 + first) / (2 * (1 - first)))
      let time = max(exponential, try Self.gammaTime(components, sampleCount: count))
      if time >= slowest?.time ?? 0 { slowest = (time, first, components.count) }
    }
    guard let slowest else {
      (time, decay, decisiveDecay, decayError, componentCount) = (0.5, 0, 0, 0, 0)
      return
    }
    time = slowest.time
    componentCount = slowest.componentCount
    let first = slowest.first
    let decay = (2 * time - 1) / (2 * time + 1)
    decayError = ((1 - decay * decay) / Double(count * componentCount)).squareRoot()
    // Noise below zero stays, or independent samples would be taken for dependent ones on average.
    self.decay = decay > 0 ? decay : min(0, max(first, -decayError))
    decisiveDecay = min(0.99, decay + decayError / 2)
  }

  /// The times of several observables, each with its decay raised towards the mean of all components.
  static func joined(_ times: [CorrelationTime]) -> [CorrelationTime] {
    let components = times.reduce(0) { $0 + $1.componentCount }
    guard components > 0 else { return times }
    let mean =
      times.reduce(0) { $0 + $1.decay * Double($1.componentCount) } / Double(components)
    let pooling = (1 / Double(components)).squareRoot()
    return times.map { time in
      var joined = time
      let (below, above) = (time.decay - time.decayError, time.decay + 2 * time.decayError)
      joined.decay = max(time.decay, min(mean, above))
      // The error of the mean of all components, from that of this observable's.
      let error = time.decayError * Double(time.componentCount).squareRoot() * pooling
      joined.decisiveDecay = min(0.99, max(0, below, min(mean, above)) + error / 2)
      return joined
    }
  }

  /// The normalised components, by component and chain.
  private static func components(
    of series: IrrepSeries, _ parts: [IrrepSeries.Part]
  ) -> [[[Double]]] {
    let chains = series.observable.chainLengths.indices
    let count = Double(series.observable.sampleCount)
    var result: [[[Double]]] = []
    for part in parts {
      for column in part.columns {
        var parts = chains.map { series.series(component: column, chain: $0) }
        let mean = parts.reduce(0) { $0 + $1.reduce(0, +) } / count
        parts = parts.map { $0.map { $0 - mean } }
        let variance = parts.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } } / count
        guard variance > 0 else { continue }
        let scale = 1 / variance.squareRoot()
        result.append(parts.map { $0.map { $0 * scale } })
      }
    }
    return result
  }

  /// The autocorrelation at distance one, r = sum x_t x_{t+1} / sum (x_t^2 + x_{t+1}^2)/2, freed of the bias
  /// -(1 + 3 r)/N that the subtracted mean gives it.
  ///
  /// Source: M. G. Kendall, Biometrika 41 (1954) 403.
  static func neighbourCorrelation(_ components: [[[Double]]], sampleCount: Int) -> Double {
    var products = 0.0
    var squares = 0.0
    for chains in components {
      for x in chains {
        for t in 0..<max(0, x.count - 1) {
          products += x[t] * x[t + 1]
          squares += (x[t] * x[t] + x[t + 1] * x[t + 1]) / 2
        }
      }
    }
    guard squares > 0, sampleCount > 3 else { return 0 }
    let count = Double(sampleCount)
    return min(0.99, max(-0.99, (products / squares + 1 / count) / (1 - 3 / count)))
  }

  /// The Gamma method with every component as a replica: one window for all.
  private static func gammaTime(
    _ components: [[[Double]]], sampleCount: Int
  ) throws(DetectionError) -> Double {
    let replicas = components.flatMap { $0 }
    guard replicas.allSatisfy({ $0.count >= Measurements.minimalSampleCount }) else { return 0.5 }
    let result: GammaResult
    do {
      result = try GammaMethod().analyse(try Measurements(replicaSeries: replicas))
    } catch .nonPositiveVariance {
      return 0.5
    } catch {
      throw .statistics(error)
    }
    // The method corrects for one subtracted mean of all; here every component lost its own.
    let lost = Double(components.count - 1) / Double(components.count) / Double(sampleCount)
    let time = result.integratedAutocorrelationTime
    return max(
      0.5, time * (1 + Double(2 * result.window + 1) * lost) / (1 + 2 * time * lost))
  }
}
