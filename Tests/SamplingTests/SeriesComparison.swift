import Statistics
import Testing

/// Expects the mean of a series within 3.5 errors of an exact value, and its error, by the Gamma
/// method, below a bound.
func compare(
  _ values: [Double], with exact: Double, largestError: Double = 3e-4,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let result = try GammaMethod().analyse(values)
  #expect(
    abs(result.estimate.pull(from: exact)) < 3.5, "\(result.estimate) against \(exact)",
    sourceLocation: sourceLocation)
  #expect(
    result.error < largestError, "the error \(result.error) is too large",
    sourceLocation: sourceLocation)
}
