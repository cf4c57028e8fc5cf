import Loops
import Statistics

/// Why couplings cannot be inferred.
public enum InferenceError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A list of terms that makes no sense.
  case term(expected: String, found: String)
  /// A term that lattices of this dimension do not have.
  case noTerm(String, reason: String)
  /// Configurations on another lattice, group or boundary, or another number of chains.
  case ensemble(expected: String, found: String)
  /// Too few configurations for an error.
  case tooFewConfigurations(expected: Int, found: Int, bins: Int, binLength: Int)
  /// A term has no gradient on any configuration.
  case noGradient(String)
  /// The gradient of a term is a combination of those of others.
  case dependentTerms(String, others: [String])
  /// All configurations give the same equations.
  case constant(configurations: Int)
  case action(ActionError)
  case statistics(StatisticsError)

  public var description: String {
    switch self {
    case .term(let expected, let found): "terms: expected \(expected), found \(found)"
    case .noTerm(let name, let reason): "terms: '\(name)' does not exist here: \(reason)"
    case .ensemble(let expected, let found):
      "expected configurations of \(expected), found \(found)"
    case .tooFewConfigurations(let expected, let found, let bins, let binLength):
      "expected at least \(expected) configurations, for \(bins) bins (here of \(binLength)), found"
        + " \(found)"
    case .noGradient(let name):
      "expected links on which '\(name)' changes, found none: all configurations are cold, or the"
        + " lattice has no such loops"
    case .dependentTerms(let name, let others):
      "expected terms with couplings of their own, found '\(name)' which cannot be told from "
        + others.map { "'\($0)'" }.joined(separator: ", ")
    case .constant(let configurations):
      "expected configurations that differ, found \(configurations) that give the same equations"
    case .action(let error): "\(error)"
    case .statistics(let error): "inference: \(error)"
    }
  }
}
