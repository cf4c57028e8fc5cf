/// The reasons for which an analysis refuses its input.
///
/// Every case names what was expected and what was found. Indices count from zero. No case carries
/// a floating-point number that may be NaN, so that equality of errors is always meaningful.
public enum StatisticsError: Error, Sendable, Equatable {
  /// There is no replica, or a replica has no observable.
  case noData

  /// A replica has fewer samples than the analysis needs.
  case tooFewSamples(expected: Int, found: Int, replica: Int)

  /// The data do not give enough bins of the wanted length.
  case tooFewBins(expected: Int, found: Int)

  /// A sample is NaN or infinite.
  case nonFiniteSample(index: Int, observable: Int, replica: Int)

  /// The observables of one replica have different numbers of samples.
  case lengthMismatch(expected: Int, found: Int, observable: Int, replica: Int)

  /// The replicas have different numbers of observables.
  case observableCountMismatch(expected: Int, found: Int, replica: Int)

  /// A parameter lies outside its domain.
  case invalidParameter(name: String, expected: String, found: String)

  /// The function of the means is NaN or infinite, in `place`.
  case nonFiniteFunctionValue(place: String)

  /// A sum of finite samples left the range of `Double`.
  case overflow(quantity: String)

  /// The estimate of the variance of the mean is not positive.
  ///
  /// It happens for strongly anticorrelated series that are too short; a fixed window or binning
  /// has to be used.
  case nonPositiveVariance(window: Int)

  /// A fit has more parameters than data.
  case underdeterminedFit(parameters: Int, data: Int)

  /// The functions of a fit, or its data, depend linearly on each other.
  case singularFit(parameters: Int)
}

extension StatisticsError: CustomStringConvertible {
  /// A sentence that names what was expected and what was found.
  public var description: String {
    switch self {
    case .noData:
      return "expected at least one replica with at least one observable, found none"
    case .tooFewSamples(let expected, let found, let replica):
      return "expected at least \(expected) samples in replica \(replica), found \(found)"
    case .tooFewBins(let expected, let found):
      return "expected at least \(expected) bins, found \(found)"
    case .nonFiniteSample(let index, let observable, let replica):
      return "expected finite samples, found NaN or infinity at index \(index)"
        + " (observable \(observable), replica \(replica))"
    case .lengthMismatch(let expected, let found, let observable, let replica):
      return "expected \(expected) samples as for observable 0 of replica \(replica),"
        + " found \(found) for observable \(observable)"
    case .observableCountMismatch(let expected, let found, let replica):
      return "expected \(expected) observables as in replica 0, found \(found)"
        + " in replica \(replica)"
    case .invalidParameter(let name, let expected, let found):
      return "expected \(name) to be \(expected), found \(found)"
    case .nonFiniteFunctionValue(let place):
      return "expected a finite value of the function, found NaN or infinity \(place)"
    case .overflow(let quantity):
      return "expected \(quantity) within the range of Double, found an overflow"
    case .nonPositiveVariance(let window):
      return "expected a positive variance of the mean, found zero or less with"
        + " window \(window); the series is anticorrelated and too short"
    case .underdeterminedFit(let parameters, let data):
      return "expected a fit with at least one parameter and as many data, found"
        + " \(parameters) parameters and \(data) data"
    case .singularFit(let parameters):
      return "expected \(parameters) linearly independent functions and data, found a singular"
        + " matrix"
    }
  }
}
