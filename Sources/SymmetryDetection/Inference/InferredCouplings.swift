import Loops
import Statistics

/// Couplings of an action with jackknife errors, and what follows from them.
public struct InferredCouplings: Sendable {
  /// The terms in the order of the request.
  public let terms: [CouplingTerm]
  /// Their couplings.
  public let couplings: [Estimate]
  /// xi0 = sqrt(beta_t / beta_s) of the plaquettes' couplings, means over planes with and without time;
  /// nil where terms do not separate them, or one is not positive in every bin.
  public let anisotropy: Estimate?
  /// beta = sqrt(beta_s beta_t), with 8 times the coupling of rectangles added to those of plaquettes,
  /// c0 = 1 - 8 c1; nil without couplings of all planes, or where one is not positive in every bin.
  public let beta: Estimate?
  /// c1 = beta_R / (beta_P + 8 beta_R); nil without one coupling for all plaquettes and one for all
  /// rectangles.
  public let c1: Estimate?
  /// What the coupling of a further term would be if it were added to the others, alone: zero within
  /// its error where the action has no such term; nil where it cannot be told from the others.
  public let further: [(term: CouplingTerm, coupling: Estimate?)]
  /// Number of configurations.
  public let configurations: Int
  /// Number of bins of the jackknife.
  public let bins: Int
  /// Configurations in a bin.
  public let binLength: Int
  /// The integrated autocorrelation time in units of configurations that has chosen the bins: the
  /// greatest of all couplings.
  public let autocorrelation: Double

  init(
    _ equations: BinnedEquations, terms: [CouplingTerm], further: [CouplingTerm], dimension: Int,
    configurations: Int, autocorrelation: Double
  ) throws(InferenceError) {
    let (means, count) = (equations.means, terms.count)
    func solution(_ means: [Double]) -> [Double]? {
      equations.solution(means, of: Array(0..<count))
    }
    guard let couplings = means.estimates(solution) else {
      throw .statistics(.nonFiniteFunctionValue(place: "without one of the bins"))
    }
    self.terms = terms
    self.couplings = couplings
    self.further = further.enumerated().map { index, term in
      (
        term,
        means.estimate {
          equations.solution($0, of: Array(0..<count) + [count + index])?.last
        }
      )
    }
    self.configurations = configurations
    self.autocorrelation = autocorrelation
    bins = means.binCount
    binLength = means.binLength
    let planes = PlaneCouplings(terms: terms, dimension: dimension)
    anisotropy = means.estimate { solution($0).flatMap(planes.anisotropy) }
    beta = means.estimate { solution($0).flatMap(planes.beta) }
    c1 = means.estimate { solution($0).flatMap(planes.c1) }
  }

  /// The coupling of a term.
  public func coupling(_ term: CouplingTerm) -> Estimate? {
    terms.firstIndex(of: term).map { couplings[$0] }
  }
}

/// The means of Laplacians and products of gradients over bins, and the equations that they make.
struct BinnedEquations {
  let means: JackknifeMeans
  /// Of all terms, further ones included.
  let count: Int

  /// Laplacians, then the rows of products, of one configuration.
  static func numbers(_ x: SchwingerDyson) -> [Double] { x.laplacians + x.products.flatMap { $0 } }

  /// A and b of some of the terms.
  static func equations(
    _ means: [Double], count: Int, of chosen: [Int]
  ) -> (matrix: [[Double]], right: [Double]) {
    (chosen.map { j in chosen.map { means[count * (j + 1) + $0] } }, chosen.map { means[$0] })
  }

  /// Couplings of some of the terms without the others; nil where they are not determined.
  func solution(_ means: [Double], of chosen: [Int]) -> [Double]? {
    let (matrix, right) = Self.equations(means, count: count, of: chosen)
    return (try? PositiveSystem(matrix)).map { $0.solve(right) }
  }
}

/// Couplings of plaquettes and rectangles in planes with and without time as functions of those of
/// terms.
private struct PlaneCouplings {
  private let terms: [CouplingTerm]
  private let dimension: Int

  init(terms: [CouplingTerm], dimension: Int) {
    self.terms = terms
    self.dimension = dimension
  }

  private func value(_ term: CouplingTerm, _ x: [Double]) -> Double? {
    terms.firstIndex(of: term).map { x[$0] }
  }

  /// The mean over planes that are named one by one.
  private func mean(_ x: [Double], temporal: Bool) -> Double? {
    var values = [Double]()
    for case (.plane(_, let nu), let value) in zip(terms, x)
    where (nu == dimension - 1) == temporal { values.append(value) }
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private func plaquettes(_ x: [Double], temporal: Bool) -> Double? {
    value(temporal ? .temporal : .spatial, x) ?? mean(x, temporal: temporal)
  }

  func anisotropy(_ x: [Double]) -> Double? {
    guard let space = plaquettes(x, temporal: false), let time = plaquettes(x, temporal: true),
      space > 0, time > 0
    else { return nil }
    return (time / space).squareRoot()
  }

  func beta(_ x: [Double]) -> Double? {
    func full(temporal: Bool) -> Double? {
      // In two dimensions every plane contains time.
      let isPresent = temporal || dimension > 2
      guard isPresent else { return nil }
      guard let plaquette = value(.plaquette, x) ?? plaquettes(x, temporal: temporal) else {
        return nil
      }
      let rectangle = temporal ? value(.rectangleTemporal, x) : value(.rectangleSpatial, x)
      return plaquette + 8 * (value(.rectangle, x) ?? rectangle ?? 0)
    }
    guard let time = full(temporal: true) else { return nil }
    if dimension == 2 { return time }
    guard let space = full(temporal: false) else { return nil }
    if space == time { return space }
    return space > 0 && time > 0 ? (space * time).squareRoot() : nil
  }

  func c1(_ x: [Double]) -> Double? {
    guard let plaquette = value(.plaquette, x), let rectangle = value(.rectangle, x) else {
      return nil
    }
    return rectangle / (plaquette + 8 * rectangle)
  }
}
