import Fourier
import Lattice

/// Which two-point functions of a density are measured.
public struct TwoPointRequest: Sendable, Hashable {
  public let density: LocalDensity
  /// Correlators of slices of these directions at zero momentum in the others.
  public let directions: [Int]
  /// Whether the correlator is measured against the distance.
  public let hasDistances: Bool
  /// Momenta with sum k_mu^2 up to this; nil for none.
  public let largestMomentumSquared: Int?

  public init(
    _ density: LocalDensity, directions: [Int] = [], hasDistances: Bool = false,
    largestMomentumSquared: Int? = nil
  ) {
    self.density = density
    self.directions = directions
    self.hasDistances = hasDistances
    self.largestMomentumSquared = largestMomentumSquared
  }
}

/// The points of a lattice at which two-point functions are measured.
public struct TwoPointPlan: Sendable {
  public let request: TwoPointRequest
  public let geometry: Geometry
  /// The squares r^2 of distances, ascending, and the displacements of each: r_mu the shorter way around, up
  /// to half of the shortest extent.
  let shells: [(square: Int, sites: [Int])]
  /// Integers k_mu of momenta in order of sum (2 sin(pi k_mu / L_mu))^2, one of every pair p, -p, zero first.
  public let momenta: [[Int]]

  /// Squares of the distances.
  public var distancesSquared: [Int] { shells.map(\.square) }

  /// How many displacements have a distance.
  public var multiplicities: [Int] { shells.map(\.sites.count) }

  /// - Throws: `CorrelationError` for what the lattice, group or boundary does not have.
  public init(
    _ request: TwoPointRequest, _ geometry: Geometry, group: GaugeGroup, boundary: Boundary
  ) throws(CorrelationError) {
    let density = request.density
    try density.validate(geometry, group, boundary)
    let directions = density.directions(geometry)
    for mu in request.directions where !directions.contains(mu) {
      throw CorrelationError(
        "direction", expected: "one that the density varies along, 0 to \(directions.count - 1)",
        found: "\(mu)")
    }
    if let largest = request.largestMomentumSquared, largest < 1 {
      throw CorrelationError("largest squared momentum", expected: "1 or more", found: "\(largest)")
    }
    self.request = request
    self.geometry = geometry
    let extents = geometry.extents
    let sites = 0..<density.volume(geometry)
    var shells = [Int: [Int]]()
    if request.hasDistances {
      let shortest = directions.map { extents[$0] }.min()!
      for site in sites {
        let square = zip(geometry.coordinates(of: site), extents).reduce(0) {
          let r = min($1.0, $1.1 - $1.0)
          return $0 + r * r
        }
        if 4 * square <= shortest * shortest { shells[square, default: []].append(site) }
      }
    }
    self.shells = shells.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    var momenta = [[Int]]()
    if let largest = request.largestMomentumSquared {
      let hats = LatticeMomenta(geometry)
      for site in sites {
        let k = zip(geometry.coordinates(of: site), extents).map { 2 * $0 > $1 ? $0 - $1 : $0 }
        guard k.reduce(0, { $0 + $1 * $1 }) <= largest else { continue }
        let opposite = zip(k, extents).map { 2 * $0 == $1 ? $0 : -$0 }
        // Of p and -p the one whose last component that is not zero is positive.
        if k == opposite || k.last(where: { $0 != 0 })! > 0 || !momenta.contains(opposite) {
          momenta.removeAll { $0 == opposite }
          momenta.append(k)
        }
      }
      let squares = Dictionary(
        uniqueKeysWithValues: momenta.map { ($0, hats.latticeMomentumSquared($0)) })
      momenta = momenta.enumerated().sorted {
        let (a, b) = (squares[$0.element]!, squares[$1.element]!)
        return abs(a - b) < 1e-9 ? $0.offset < $1.offset : a < b
      }.map(\.element)
    }
    self.momenta = momenta
  }

  /// (2 sin(p / 2))^2, summed over directions.
  public func latticeMomentumSquared(_ k: [Int]) -> Double {
    LatticeMomenta(geometry).latticeMomentumSquared(k)
  }
}

/// The two-point functions of a density on one configuration, of which nothing is subtracted.
///
/// V counts the sites that phi is defined on; complex phi enter with phi^* first, real parts.
public struct TwoPointFunctions: Sendable, Hashable {
  /// The mean of phi over V, real and imaginary part.
  public let mean: [Double]
  /// C(t) = sum_{r : r_mu = t} 1/V sum_x phi(x) phi(x + r), [direction of the request][t], t = 0 ... L_mu / 2.
  public let slices: [[Double]]
  /// C(r) = 1/V sum_x phi(x) phi(x + r), the mean over displacements of one distance, [distance of the plan].
  public let distances: [Double]
  /// S(p) = |phi(p)|^2 / V, [momentum of the plan].
  public let momenta: [Double]

  package init(mean: [Double], slices: [[Double]], distances: [Double], momenta: [Double]) {
    self.mean = mean
    self.slices = slices
    self.distances = distances
    self.momenta = momenta
  }

  /// Measures them by fast Fourier transforms.
  ///
  /// - Throws: `CorrelationError` for links that are not those of the plan, `FourierError.noPlan`.
  public init<Scalar: FourierReal>(
    _ links: LinkField<Scalar>, _ plan: TwoPointPlan, member: Int = 0
  ) throws {
    let density = plan.request.density
    guard links.geometry == plan.geometry else {
      throw CorrelationError(
        "correlations", expected: "links on \(plan.geometry)", found: "\(links.geometry)")
    }
    let field = try links.density(density, member: member)
    let geometry = plan.geometry
    // What does not depend on time counts as often as there are time slices.
    let copies = Double(geometry.volume / density.volume(geometry))
    let transform = try field.fourierTransform()
    let zero = [Int](repeating: 0, count: geometry.dimension)
    let channels = 0..<field.channels
    mean =
      channels.map { transform[zero, $0].real / Double(geometry.volume) }
      + (field.channels == 1 ? [0] : [])
    momenta = plan.momenta.map { k in
      channels.reduce(0) { $0 + transform.structureFactor(k, channel: $1) } / copies
    }
    guard !plan.request.directions.isEmpty || plan.request.hasDistances else {
      (slices, distances) = ([], [])
      return
    }
    let correlation = try field.autocorrelation()
    slices = plan.request.directions.map { mu in
      let extent = geometry.extents[mu]
      let sums = channels.map { correlation.sliceSums(direction: mu, channel: $0) }
      return (0...(extent / 2)).map { t in sums.reduce(0) { $0 + $1[t] } / copies }
    }
    distances = plan.shells.map { shell in
      let sum = shell.sites.reduce(0.0) { sum, site in
        channels.reduce(sum) { $0 + Double(correlation[site, $1]) }
      }
      return sum / Double(shell.sites.count)
    }
  }
}
