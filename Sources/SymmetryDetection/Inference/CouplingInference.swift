import Compute
import Lattice
import Loops
import Statistics

/// The couplings of the action that an ensemble was made with, from its configurations alone.
///
/// The Schwinger-Dyson equations sum_k beta_k <grad S_j . grad S_k> = <laplacian S_j> are solved for
/// the couplings of the given terms (`SchwingerDyson`). They hold for every ensemble with the weight
/// exp(-sum_k beta_k S_k) at any coupling and volume; if the action has more terms, what is found is
/// an effective action, and further terms that are looked for get couplings. Of every configuration a few
/// numbers are kept, and no links.
public struct CouplingInference: Sendable {
  /// The terms whose couplings are inferred.
  public let terms: [CouplingTerm]
  /// Terms that are looked for beside them.
  public let further: [CouplingTerm]
  /// The lattice.
  public let geometry: Geometry
  /// The gauge group.
  public let group: GaugeGroup
  /// Which directions are open.
  public let boundary: Boundary
  private let actions: [any LaplacianAction]
  /// By chain and configuration.
  private var chains = [[SchwingerDyson]]()

  /// The fewest bins that give an error.
  public static let minimalBins = 8

  /// - Parameters:
  ///   - terms: by default `CouplingTerm.standard`.
  ///   - further: terms that the action should not have, each added alone to the others; none of
  ///     `terms`.
  ///   - boundaryWeight: of plaquettes that lie in a slice of an open boundary, as in `WilsonAction`.
  /// - Throws: `InferenceError` for a term that stands twice or that the lattice does not have.
  public init(
    _ terms: [CouplingTerm]? = nil, further: [CouplingTerm] = [], geometry: Geometry,
    group: GaugeGroup, boundary: Boundary? = nil, boundaryWeight: Double = 1
  ) throws(InferenceError) {
    let d = geometry.dimension
    let terms = terms ?? CouplingTerm.standard(dimension: d)
    let boundary = boundary ?? .periodic(d)
    guard boundary.dimension == d else {
      throw .ensemble(expected: "\(d) directions", found: "a boundary of \(boundary.dimension)")
    }
    guard !terms.isEmpty else { throw .term(expected: "at least one", found: "none") }
    var actions = [any LaplacianAction]()
    let all = terms + further
    for (index, term) in all.enumerated() {
      guard !all[..<index].contains(term) else {
        throw .term(expected: "every term once", found: "'\(term.name(dimension: d))' twice")
      }
      actions.append(try term.action(dimension: d, boundaryWeight: boundaryWeight))
    }
    self.terms = terms
    self.further = further
    self.geometry = geometry
    self.group = group
    self.boundary = boundary
    self.actions = actions
  }

  /// Number of configurations so far.
  public var configurations: Int { chains.reduce(0) { $0 + $1.count } }

  /// The terms by name.
  public var names: [String] { terms.map { $0.name(dimension: geometry.dimension) } }

  /// Takes one more configuration of every chain, the members of a batch being chains of their own.
  ///
  /// - Throws: `InferenceError.ensemble` for another lattice, group, boundary or number of chains.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public mutating func add<Scalar: LatticeReal>(
    _ field: LinkField<Scalar>
  ) throws(InferenceError) {
    func text(_ geometry: Geometry, _ group: GaugeGroup, _ boundary: Boundary) -> String {
      "\(group) on \(geometry), boundary \(boundary)"
    }
    guard field.geometry == geometry, field.group == group, field.boundary == boundary else {
      throw .ensemble(
        expected: text(geometry, group, boundary),
        found: text(field.geometry, field.group, field.boundary))
    }
    if chains.isEmpty { chains = Array(repeating: [], count: field.batch) }
    guard chains.count == field.batch else {
      throw .ensemble(expected: "\(chains.count) chains", found: "\(field.batch)")
    }
    for (chain, value) in SchwingerDyson.ofMembers(field, terms: actions).enumerated() {
      chains[chain].append(value)
    }
  }

  /// The couplings with their errors.
  ///
  /// Errors are those of a jackknife over bins. The bins suit the greatest autocorrelation time of the
  /// couplings, each being that of the series (A^-1 (b_i - A_i beta)) which decides its error, with
  /// A_i beta = b_i the equations of configuration i and A their mean.
  ///
  /// - Parameter binLength: configurations in a bin, by default from the autocorrelation.
  /// - Throws: `InferenceError.tooFewConfigurations` below `minimalBins` bins, `.noGradient`,
  ///   `.dependentTerms`, `.constant` for equations without a solution or an error.
  public func couplings(binLength: Int? = nil) throws(InferenceError) -> InferredCouplings {
    let shortest = max(1, binLength ?? 1)
    guard configurations / shortest >= Self.minimalBins else {
      throw tooFew(length: shortest, expected: Self.minimalBins * shortest)
    }
    let (count, all) = (terms.count, terms.count + further.count)
    let series = chains.map { chain in
      let rows = chain.map(BinnedEquations.numbers)
      return (0..<(all * (all + 1))).map { k in rows.map { $0[k] } }
    }
    let measurements: Measurements
    let centre: [Double]
    do {
      measurements = try Measurements(replicas: series)
      centre = try measurements.means()
    } catch {
      throw .statistics(error)
    }
    let (matrix, right) = BinnedEquations.equations(
      centre, count: all, of: Array(0..<count))
    let system = try solvable(matrix)
    let beta = system.solve(right)
    let influences = chains.map { chain in
      chain.map { x in
        system.solve(
          (0..<count).map { j in
            (0..<count).reduce(x.laplacians[j]) { $0 - x.products[j][$1] * beta[$1] }
          })
      }
    }
    try requireFluctuations(influences.joined(), beta)
    let tau = Self.greatestTime(influences, count: count)
    let means: JackknifeMeans
    do {
      means = try Jackknife(
        bins: binLength.map { .length($0) } ?? .autocorrelationTime(tau)
      ).means(measurements)
    } catch {
      throw .statistics(error)
    }
    guard means.binCount >= Self.minimalBins else {
      throw tooFew(
        length: means.binLength,
        expected: binLength.map { Self.minimalBins * $0 } ?? Self.neededConfigurations(tau: tau))
    }
    return try InferredCouplings(
      BinnedEquations(means: means, count: all), terms: terms, further: further,
      dimension: geometry.dimension, configurations: configurations, autocorrelation: tau)
  }

  private func tooFew(length: Int, expected: Int) -> InferenceError {
    .tooFewConfigurations(
      expected: max(expected, configurations + 1), found: configurations, bins: Self.minimalBins,
      binLength: length)
  }

  /// The fewest configurations that give enough bins at an autocorrelation time.
  private static func neededConfigurations(tau: Double) -> Int {
    var count = minimalBins
    // Bins grow with the third root of the number, so the search ends.
    while let length = try? BinLength.recommended(tau: tau, sampleCount: count),
      count / length < minimalBins
    { count = max(count + 1, minimalBins * length) }
    return count
  }

  private func solvable(_ matrix: [[Double]]) throws(InferenceError) -> PositiveSystem {
    do {
      return try PositiveSystem(matrix)
    } catch {
      switch error {
      case .zero(let row): throw .noGradient(names[row])
      case .dependent(let row, let coefficients):
        let others = zip(names, coefficients).filter { $1.magnitude > 1e-3 }.map(\.0)
        throw .dependentTerms(names[row], others: others)
      }
    }
  }

  /// Without fluctuations beyond rounding there is no error to be told.
  private func requireFluctuations(
    _ influences: some Sequence<[Double]>, _ beta: [Double]
  ) throws(InferenceError) {
    for k in beta.indices {
      let values = influences.map { $0[k] }
      let spread = (values.max() ?? 0) - (values.min() ?? 0)
      guard spread > 1e-13 * max(1, beta[k].magnitude) else {
        throw .constant(configurations: configurations)
      }
    }
  }

  /// The greatest integrated autocorrelation time; anticorrelated series count as independent.
  private static func greatestTime(_ influences: [[[Double]]], count: Int) -> Double {
    (0..<count).reduce(0.5) { greatest, k in
      let result = (try? Measurements(replicaSeries: influences.map { $0.map { $0[k] } }))
        .flatMap { try? GammaMethod().analyse($0) }
      return max(greatest, result?.integratedAutocorrelationTime ?? 0.5)
    }
  }
}
