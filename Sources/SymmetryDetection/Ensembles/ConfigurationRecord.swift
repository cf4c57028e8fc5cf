import ComplexModule
import Compute
import Lattice
import Loops

/// What one configuration tells of symmetries: a few dozen numbers.
struct ConfigurationRecord: Sendable {
  /// Means of Re tr P / N and Im tr P / N of every plane mu < nu.
  let plaquettes: [Double]
  let oddPlaquettes: [Double]
  /// Means of Re tr / N of 2 x 1 loops for ordered pairs of directions, the long side first.
  let rectangles: [Double]
  /// Sums over a of the means of tr F_mu_a F_nu_a, mu <= nu, row by row; empty where the clover lacks leaves.
  let tensor: [Double]
  /// The topological charge: of the clover in four dimensions, geometric of U(1) in two; nil elsewhere.
  let charge: Double?
  /// Mean Polyakov loops of all directions, tr / N; of open ones 0.
  let polyakovLoops: [Complex<Double>]
  /// For every direction the mean of Re tr P / N on every slice; a plaquette across two slices counts half on
  /// each.
  let profiles: [[Double]]

  init<Scalar: LatticeReal>(_ links: LinkField<Scalar>) {
    let geometry = links.geometry
    let d = geometry.dimension
    let plaquettes = links.plaquetteField()
    var profile = ProfileSums(geometry, links.boundary)
    var odd = [Double]()
    var even = [Double]()
    for (channel, plane) in geometry.planes.enumerated() {
      let traces = plaquettes.traces(channel: channel)
      profile.add(traces, plane.mu, plane.nu)
      let count = Double(links.boundary.plaquetteCounts(in: geometry)[channel])
      even.append(exactSum(traces.map(\.real)) / count)
      odd.append(exactSum(traces.map(\.imaginary)) / count)
    }
    self.plaquettes = even
    oddPlaquettes = odd
    profiles = profile.means
    rectangles = Self.rectangles(links)
    let isWhole = !links.boundary.anyOpen
    tensor = isWhole && d > 2 ? Self.tensor(links) : []
    charge = d == 4 ? links.topologicalChargeClover() : links.topologicalCharge()
    polyakovLoops = (0..<d).map { links.polyakovLoop($0) ?? 0 }
  }

  private static func rectangles<S>(_ links: LinkField<S>) -> [Double] {
    let d = links.dimension
    let long = links.planeWilsonLoops(2, 1)
    let tall = links.planeWilsonLoops(1, 2)
    return (0..<d).flatMap { mu in
      (0..<d).filter { $0 != mu }.map { nu in
        let plane = Geometry.planeIndex(mu, nu, dimension: d)
        return (mu < nu ? long : tall)[plane]?.real ?? 0
      }
    }
  }

  private static func tensor<S>(_ links: LinkField<S>) -> [Double] {
    let d = links.dimension
    let products = links.cloverProducts()
    func product(_ mu: Int, _ nu: Int, _ a: Int) -> Double {
      if a == mu || a == nu { return 0 }
      let sign = (mu < a) == (nu < a) ? 1.0 : -1
      return sign
        * products[
          Geometry.planeIndex(mu, a, dimension: d)][Geometry.planeIndex(nu, a, dimension: d)]
    }
    return (0..<d).flatMap { mu in
      (mu..<d).map { nu in (0..<d).reduce(0) { $0 + product(mu, nu, $1) } }
    }
  }
}

/// Sums of plaquettes on slices, with the number of them.
private struct ProfileSums {
  private let geometry: Geometry
  private let boundary: Boundary
  private var sums: [[Double]]
  private var weights: [[Double]]

  init(_ geometry: Geometry, _ boundary: Boundary) {
    (self.geometry, self.boundary) = (geometry, boundary)
    sums = geometry.extents.map { Array(repeating: 0, count: $0) }
    weights = sums
  }

  mutating func add(_ traces: [Complex<Double>], _ mu: Int, _ nu: Int) {
    for direction in 0..<geometry.dimension {
      let extent = geometry.extents[direction]
      let inner = geometry.extents[..<direction].reduce(1, *)
      var slices = [Double](repeating: 0, count: extent)
      for (site, trace) in traces.enumerated() { slices[site / inner % extent] += trace.real }
      // How many plaquettes of the plane exist on a slice.
      let across = direction == mu || direction == nu
      let steps = (0..<geometry.dimension).map { $0 == mu || $0 == nu ? 1 : 0 }
      let places = Double(boundary.placements(spans: steps, in: geometry))
      let count = across && boundary.isOpen[direction] ? extent - 1 : extent
      let each = places / Double(count)
      for slice in 0..<count {
        for place in across ? [slice, (slice + 1) % extent] : [slice] {
          sums[direction][place] += slices[slice] * (across ? 0.5 : 1)
          weights[direction][place] += each * (across ? 0.5 : 1)
        }
      }
    }
  }

  var means: [[Double]] { zip(sums, weights).map { zip($0, $1).map { $1 > 0 ? $0 / $1 : 0 } } }
}
