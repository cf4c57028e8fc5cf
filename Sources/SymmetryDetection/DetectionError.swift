import Groups
import Statistics

/// The reasons for which a detection refuses its input.
///
/// Every case names what was expected and what was found. No case carries a floating-point number.
public enum DetectionError: Error, Sendable, Equatable {
  /// There is no observable, or one without samples.
  case noData(observable: String)

  /// A sample has another number of components than the representation.
  case componentCountMismatch(
    observable: String, chain: Int, sample: Int, expected: Int, found: Int)

  /// A number is NaN or infinite.
  case nonFiniteSample(observable: String, chain: Int, sample: Int, component: Int)

  /// Two observables were not measured on the same configurations.
  case lengthMismatch(observable: String, expected: [Int], found: [Int])

  /// All samples of an observable are the same, and not zero: nothing fluctuates, so nothing can be tested.
  case constantObservable(observable: String)

  /// Samples so large that their squares leave the range of `Double`.
  case overflow(observable: String)

  /// An observable belongs to another group than the others of its symmetry.
  case differentGroups(observable: String, expected: String, found: String)

  /// A parameter lies outside its domain.
  case invalidParameter(name: String, expected: String, found: String)

  /// A group or a representation was refused.
  case group(GroupError)

  /// A statistical analysis refused its input.
  case statistics(StatisticsError)
}

extension DetectionError: CustomStringConvertible {
  /// A sentence that names what was expected and what was found.
  public var description: String {
    switch self {
    case .noData(let observable):
      return "expected at least one sample of \(observable), found none"
    case .componentCountMismatch(let observable, let chain, let sample, let expected, let found):
      return "expected \(expected) components of \(observable), found \(found)"
        + " (chain \(chain), sample \(sample))"
    case .nonFiniteSample(let observable, let chain, let sample, let component):
      return "expected finite numbers, found NaN or infinity in \(observable)"
        + " (chain \(chain), sample \(sample), component \(component))"
    case .lengthMismatch(let observable, let expected, let found):
      return "expected \(observable) on the same configurations as the other observables, chains of"
        + " \(Self.list(expected)) samples, found \(Self.list(found))"
    case .constantObservable(let observable):
      return "expected \(observable) to fluctuate, found the same value in all samples"
    case .overflow(let observable):
      return "expected squares of \(observable) within the range of Double, found an overflow"
    case .differentGroups(let observable, let expected, let found):
      return "expected \(observable) under the group \(expected), found it under \(found)"
    case .invalidParameter(let name, let expected, let found):
      return "expected \(name) to be \(expected), found \(found)"
    case .group(let error): return error.description
    case .statistics(let error): return error.description
    }
  }

  private static func list(_ numbers: [Int]) -> String {
    numbers.map(String.init).joined(separator: ", ")
  }
}

/// Runs what throws a `GroupError` and rethrows that as a `DetectionError`.
func groups<Value>(_ body: () throws(GroupError) -> Value) throws(DetectionError) -> Value {
  do { return try body() } catch { throw .group(error) }
}

/// Runs what throws a `StatisticsError` and rethrows that as a `DetectionError`.
func statistics<Value>(
  _ body: () throws(StatisticsError) -> Value
) throws(DetectionError) -> Value {
  do { return try body() } catch { throw .statistics(error) }
}
