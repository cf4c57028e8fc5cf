import Compute
import Lattice

/// Brings links to Landau or Coulomb gauge: finds the gauge transformation that makes the sum of
/// Re tr U_mu(x) as large as it gets from here.
///
/// Which of its many maxima is reached (Gribov copies) depends on the start and the method.
///
/// Steepest descent and its Fourier acceleration: Davies et al., Phys. Rev. D 37 (1988) 1581; overrelaxation:
/// Mandula and Ogilvie, Phys. Lett. B 248 (1990) 156.
public struct GaugeFixing: Sendable, Hashable {
  /// How a better transformation is found.
  public enum Method: Sendable, Hashable {
    /// g(x) = exp(-i alpha D(x)).
    case steepestDescent
    /// g(x) = exp(-i alpha [p_max^2 / p^2 D](x)): modes of all wavelengths converge alike.
    case fourierAcceleration
    /// The best g(x) site by site, overshot: 1 + omega (g - 1) in all SU(2) subgroups, 1 <= omega < 2.
    case overrelaxation(omega: Double)
  }

  public var condition: GaugeCondition
  public var method: Method
  /// alpha times the largest lattice momentum squared: 1 for a free field; nil for 1.28, known to be good
  /// for SU(3) at beta near 6.
  public var step: Double?
  /// theta at which the gauge counts as fixed.
  public var tolerance: Double
  public var maximumIterations: Int

  public init(
    _ condition: GaugeCondition, method: Method = .fourierAcceleration, step: Double? = nil,
    tolerance: Double = 1e-12, maximumIterations: Int = 20_000
  ) {
    self.condition = condition
    self.method = method
    self.step = step
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
  }

  /// Fixes the gauge of every batch member.
  ///
  /// - Parameter progress: called after every iteration; false ends the work.
  /// - Returns: what was reached; the links are then those of the last iteration, converged or not.
  /// - Throws: `FourierError.parameter` for parameters out of range, `FourierError.gaugeFixing` for open
  ///   boundaries or links that are not finite.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func fix<Scalar: FourierReal>(
    _ links: inout LinkField<Scalar>, progress: (GaugeFixingState) -> Bool = { _ in true }
  ) throws(FourierError) -> GaugeFixingReport {
    try validate()
    guard !links.boundary.anyOpen else {
      throw .gaugeFixing(expected: "periodic boundaries", found: "open ones")
    }
    let largestSquare = condition.largestSquare(links.geometry)
    let longest = (step ?? 1.28) / largestSquare
    var alpha = longest
    let acceleration: FourierMultiplier<Scalar>? =
      method == .fourierAcceleration
      ? try condition.acceleration(links.geometry, largestSquare) : nil
    var history = [GaugeFixingState]()
    while true {
      let (divergence, deviations) = links.divergence(condition)
      let theta = deviations.map(\.theta).max()!
      guard theta.isFinite else {
        throw .gaugeFixing(expected: "finite links", found: "theta = \(theta)")
      }
      let functional = deviations.map(\.functional).reduce(0, +) / Double(deviations.count)
      // A small step raises the functional from anywhere; one that did not, by more than rounding, was
      // too long.
      let isTooLong = history.last.map { functional < $0.functional - 1e-13 } ?? false
      alpha = isTooLong ? 0.7 * alpha : min(longest, 1.05 * alpha)
      history.append(
        GaugeFixingState(iteration: history.count, theta: theta, functional: functional))
      let isDone = theta < tolerance || history.count > maximumIterations
      if isDone || !progress(history.last!) { break }
      switch method {
      case .steepestDescent, .fourierAcceleration:
        let direction = acceleration?(divergence) ?? divergence
        links.transform(by: links.descent(direction, alpha: alpha))
      case .overrelaxation(let omega):
        for colour in 0..<links.layout.colourCount {
          links.transform(by: links.bestTransformation(condition, colour: colour, omega: omega))
        }
      }
    }
    return GaugeFixingReport(
      history: history, deviations: links.gaugeDeviations(condition),
      isConverged: history.last!.theta < tolerance)
  }

  /// - Throws: `FourierError.parameter` for a parameter out of its range.
  public func validate() throws(FourierError) {
    if let step, !(step > 0 && step.isFinite) {
      throw .parameter(name: "step", expected: "a positive number", found: "\(step)")
    }
    guard tolerance > 0, tolerance.isFinite else {
      throw .parameter(name: "tolerance", expected: "a positive number", found: "\(tolerance)")
    }
    guard maximumIterations >= 0 else {
      throw .parameter(
        name: "maximumIterations", expected: "0 or more", found: "\(maximumIterations)")
    }
    if case .overrelaxation(let omega) = method, !(1..<2).contains(omega) {
      throw .parameter(name: "omega", expected: "1 to below 2", found: "\(omega)")
    }
  }
}

/// What one iteration found.
public struct GaugeFixingState: Sendable, Hashable {
  public let iteration: Int
  /// The largest theta of the batch members.
  public let theta: Double
  /// The mean of Re tr U / N over links of the condition and batch members.
  public let functional: Double
}

/// What gauge fixing reached.
public struct GaugeFixingReport: Sendable, Hashable {
  /// From the start on.
  public let history: [GaugeFixingState]
  /// Of every batch member at the end.
  public let deviations: [GaugeDeviation]
  /// Whether theta fell below the tolerance for all members.
  public let isConverged: Bool

  public var iterations: Int { history.count - 1 }
}

extension GaugeCondition {
  /// The largest squared lattice momentum of the directions of the condition.
  func largestSquare(_ geometry: Geometry) -> Double {
    let momenta = LatticeMomenta(geometry)
    return directions(dimension: geometry.dimension).reduce(0) { sum, mu in
      let hat = momenta.latticeMomentum(geometry.extents[mu] / 2, direction: mu)
      return sum + hat * hat
    }
  }

  /// p_max^2 / p^2 of the directions of the condition; 0 where they vanish, for D does too.
  func acceleration<Scalar: FourierReal>(
    _ geometry: Geometry, _ largestSquare: Double
  ) throws(FourierError) -> FourierMultiplier<Scalar> {
    let momenta = LatticeMomenta(geometry)
    let directions = directions(dimension: geometry.dimension)
    return try FourierMultiplier(geometry) { k in
      let square = directions.reduce(0.0) { sum, mu in
        let hat = momenta.latticeMomentum(k[mu], direction: mu)
        return sum + hat * hat
      }
      return square > 0 ? largestSquare / square : 0
    }
  }
}
