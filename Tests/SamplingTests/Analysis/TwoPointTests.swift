import ComplexModule
import Foundation
import Fourier
import Lattice
import Loops
import RealModule
import Sampling
import Statistics
import TestSupport
import Testing

@Suite("Two-point functions")
struct TwoPointTests {
  private func sum(_ field: PositionField<Double>, _ channel: Int = 0) -> Double {
    (0..<field.geometry.volume).reduce(0) { $0 + field[$1, channel] }
  }

  @Test("densities add up to the observables of the whole lattice, for every member")
  func densities() throws {
    let u = try LinkField<Double>.hot([4, 3, 2, 4], .su3, batch: 3)
    let v = Double(u.geometry.volume)
    for member in [0, 2] {
      let planes = u.planePlaquettes(member: member)
      let means = PlaquetteMeans(of: u, member: member)
      func mean(_ density: LocalDensity) throws -> Double {
        sum(try u.density(density, member: member)) / v
      }
      #expect(abs(try mean(.plaquette(.all)) - means.all) < 1e-13)
      #expect(abs(try mean(.plaquette(.spatial)) - means.spatial!) < 1e-13)
      #expect(abs(try mean(.plaquette(.temporal)) - means.temporal) < 1e-13)
      #expect(abs(try mean(.plaquette(.plane(mu: 1, nu: 3))) - planes[4]) < 1e-13)
      #expect(abs(try mean(.action) - 6 * (1 - means.all)) < 1e-12)
      #expect(abs(try mean(.energy) - u.cloverEnergy(member: member)) < 1e-11)
      let charge = try #require(u.topologicalChargeClover(member: member))
      #expect(abs(v * (try mean(.charge)) - charge) < 1e-12)
      let loop = try #require(u.polyakovLoop(member: member))
      let density = try u.density(.polyakov, member: member)
      #expect(abs(sum(density, 0) / v - loop.real) < 1e-13)
      #expect(abs(sum(density, 1) / v - loop.imaginary) < 1e-13)
    }
    let flat = try LinkField<Double>.hot([6, 5], .u1)
    let q = try #require(flat.topologicalCharge())
    #expect(abs(sum(try flat.density(.charge)) - q) < 1e-12 && abs(q - q.rounded()) < 1e-12)
    let single = try LinkField<Float>.hot([4, 4], .su2)
    #expect(
      abs(Double(try single.density(.action)[3]) - 1 + Self.plaquette(single, 3, 0, 1)) < 1e-5)
  }

  private static func plaquette<S>(_ u: LinkField<S>, _ x: Int, _ mu: Int, _ nu: Int) -> Double {
    let g = u.geometry
    let (a, b) = (g.neighbour(of: x, direction: mu), g.neighbour(of: x, direction: nu))
    return (u[x, mu] * u[a, nu] * u[b, mu].adjoint * u[x, nu].adjoint).trace.real
      / Double(u.group.n)
  }

  /// phi on its own sites, real and imaginary part, from matrices.
  private func plain(_ u: LinkField<Double>, _ density: LocalDensity) -> [Complex<Double>] {
    let g = u.geometry
    return (0..<density.volume(g)).map { x in
      guard density == .polyakov else { return Complex(Self.plaquette(u, x, 0, 1), 0) }
      var (product, site) = (ComplexMatrix.identity(u.group.n), x)
      for _ in 0..<g.extents.last! {
        product = product * u[site, g.dimension - 1]
        site = g.neighbour(of: site, direction: g.dimension - 1)
      }
      let trace = product.trace
      return Complex(trace.real / Double(u.group.n), trace.imaginary / Double(u.group.n))
    }
  }

  @Test(
    "they are the sums over sites",
    arguments: [
      ([4, 5], LocalDensity.plaquette(.plane(mu: 0, nu: 1))),
      ([3, 4, 2], .plaquette(.plane(mu: 0, nu: 1))), ([5, 4, 3], .polyakov), ([6, 3], .polyakov),
    ])
  func sums(extents: [Int], density: LocalDensity) throws {
    let u = try LinkField<Double>.hot(extents, .su3)
    let g = u.geometry
    let phi = plain(u, density)
    let v = Double(phi.count)
    let directions = Array(density.directions(g))
    let plan = try TwoPointPlan(
      TwoPointRequest(
        density, directions: directions, hasDistances: true, largestMomentumSquared: 2), g,
      group: u.group, boundary: u.boundary)
    let found = try TwoPointFunctions(u, plan)
    let mean = phi.reduce(Complex<Double>.zero, +)
    #expect(abs(found.mean[0] - mean.real / v) < 1e-14)
    #expect(abs(found.mean[1] - mean.imaginary / v) < 1e-14)
    // <phi^*(x) phi(x + r)> summed over pairs, by displacement.
    var pairs = [Double](repeating: 0, count: phi.count)
    for (x, a) in phi.enumerated() {
      for (y, b) in phi.enumerated() {
        let r = zip(zip(g.coordinates(of: y), g.coordinates(of: x)), extents).map {
          ($0.0 - $0.1 + $1) % $1
        }
        pairs[g.site(at: r)] += (a.conjugate * b).real / v
      }
    }
    for (index, mu) in directions.enumerated() {
      #expect(found.slices[index].count == extents[mu] / 2 + 1)
      for (t, value) in found.slices[index].enumerated() {
        let expected = pairs.indices.filter { g.coordinates(of: $0)[mu] == t }
          .reduce(0) { $0 + pairs[$1] }
        #expect(abs(value - expected) < 1e-13)
      }
    }
    var counted = 0
    for (shell, value) in zip(plan.distancesSquared.indices, found.distances) {
      let sites = pairs.indices.filter { site in
        zip(g.coordinates(of: site), extents).reduce(0) {
          let r = min($1.0, $1.1 - $1.0)
          return $0 + r * r
        } == plan.distancesSquared[shell]
      }
      #expect(sites.count == plan.multiplicities[shell])
      let expected = sites.reduce(0) { $0 + pairs[$1] } / Double(sites.count)
      #expect(abs(value - expected) < 1e-13)
      counted += sites.count
    }
    #expect(counted >= 3)
    for (k, value) in zip(plan.momenta, found.momenta) {
      // phi is complex: the mean of p and -p.
      let squares = [1.0, -1].map { sign in
        phi.enumerated().reduce(Complex<Double>.zero) { sum, term in
          let phase = zip(zip(k, g.coordinates(of: term.offset)), extents).reduce(0.0) {
            $0 - sign * 2 * Double.pi * Double($1.0.0 * $1.0.1) / Double($1.1)
          }
          return sum + term.element * Complex(cos(phase), sin(phase))
        }.lengthSquared
      }
      #expect(abs(value - (squares[0] + squares[1]) / (2 * v)) < 1e-12 * max(1, value))
    }
  }

  @Test("momenta come once of every pair, in order, without time for what does not have it")
  func plan() throws {
    let g = try Geometry([4, 3, 2])
    func momenta(_ density: LocalDensity, _ largest: Int) throws -> [[Int]] {
      try TwoPointPlan(
        TwoPointRequest(density, largestMomentumSquared: largest), g, group: .su2,
        boundary: .periodic(3)
      ).momenta
    }
    #expect(
      try momenta(.action, 1) == [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    #expect(try momenta(.polyakov, 1) == [[0, 0, 0], [1, 0, 0], [0, 1, 0]])
    // All of them: 24 momenta, of which four are their own negative.
    #expect(try momenta(.action, 99).count == (24 + 4) / 2)
  }

  @Test("connected functions, susceptibility and lengths are those of a jackknife by hand")
  func jackknife() throws {
    let extents = [4, 6]
    let action = try WilsonAction(beta: 2, dimension: 2)
    var u = try LinkField<Double>(Geometry(extents), group: .su2)
    let heatBath = HeatBath(action: action, seed: 8)
    let plan = try TwoPointPlan(
      TwoPointRequest(
        .plaquette(.all), directions: [1], hasDistances: true, largestMomentumSquared: 1),
      u.geometry, group: .su2, boundary: u.boundary)
    var samples = [TwoPointFunctions]()
    for sweep in 0..<24 {
      heatBath.update(&u, sweep: UInt32(sweep))
      if sweep >= 8 { samples.append(try TwoPointFunctions(u, plan)) }
    }
    let ensemble = try TwoPointEnsemble(samples, plan, bins: .length(2))
    #expect(ensemble.means.binCount == 8 && ensemble.configurations == 16)
    /// A function of means with the delete-one error over bins of two.
    func byHand(_ function: ([TwoPointFunctions]) -> Double) -> Estimate {
      let all = function(samples)
      let parts = (0..<8).map { bin in
        function(samples.enumerated().filter { $0.offset / 2 != bin }.map(\.element))
      }
      let mean = parts.reduce(0, +) / 8
      let square = parts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return Estimate(value: all, error: (7.0 / 8 * square).squareRoot())
    }
    func average(_ s: [TwoPointFunctions], _ f: (TwoPointFunctions) -> Double) -> Double {
      s.reduce(0) { $0 + f($1) } / Double(s.count)
    }
    func agree(_ a: Estimate, _ b: Estimate) -> Bool {
      abs(a.value - b.value) < 1e-11 && abs(a.error - b.error) < 1e-11 && a.error > 0
    }
    func mean(_ s: [TwoPointFunctions]) -> Double { average(s) { $0.mean[0] } }
    #expect(agree(ensemble.mean.re, byHand(mean)))
    for t in 0...3 {
      let connected = byHand { s in average(s) { $0.slices[0][t] } - 4 * mean(s) * mean(s) }
      #expect(agree(ensemble.slices(0)[t].connected, connected))
    }
    for r in ensemble.distances.indices {
      let connected = byHand { s in average(s) { $0.distances[r] } - mean(s) * mean(s) }
      #expect(agree(ensemble.distances[r].connected, connected))
    }
    let susceptibility = byHand { s in
      24 * (average(s) { $0.mean[0] * $0.mean[0] } - mean(s) * mean(s))
    }
    #expect(agree(ensemble.susceptibility, susceptibility))
    // Sums of the connected correlator, in position and momentum space.
    #expect(agree(ensemble.momenta[0].connected, susceptibility))
    let slices = ensemble.slices(0).map(\.connected.value)
    let total = slices[0] + 2 * slices[1] + 2 * slices[2] + slices[3]
    #expect(abs(total - susceptibility.value) < 1e-12)
    #expect(throws: StatisticsError.self) { try TwoPointEnsemble(Array(samples.prefix(3)), plan) }
    #expect(throws: StatisticsError.self) {
      try TwoPointEnsemble(samples, plan, bins: .length(8))
    }
  }

  @Test("a correlator of one mass has it as effective mass")
  func effectiveMass() throws {
    let (m, extent) = (0.4, 8)
    let plan = try TwoPointPlan(
      TwoPointRequest(.action, directions: [0], largestMomentumSquared: 1),
      try Geometry([extent, 4]), group: .su2, boundary: .periodic(2))
    // Free field in one dimension: C(t) = cosh(m (t - L/2)), S(p) = 1 / (2 cosh m - 2 cos p).
    let momenta = plan.momenta.map {
      1 / (2 * cosh(m) - 2 * cos(2 * Double.pi * Double($0[0]) / Double(extent)))
    }
    let correlator = (0...4).map { cosh(m * Double($0 - 4)) }
    let amplitude = (momenta[0] / 32).squareRoot()
    let samples = (0..<8).map { k in
      TwoPointFunctions(
        mean: [k % 2 == 0 ? amplitude : -amplitude, 0], slices: [correlator], distances: [],
        momenta: momenta)
    }
    let ensemble = try TwoPointEnsemble(samples, plan, bins: .length(2))
    let masses = ensemble.effectiveMasses(0)
    #expect(masses.count == 3)
    for mass in masses { #expect(abs(try #require(mass).value - m) < 1e-12) }
    let length = try #require(ensemble.correlationLength(direction: 0))
    #expect(abs(length.value - 1 / (2 * sinh(m / 2))) < 1e-12)
    // A wave along the other direction is as strong as none: it would have no length but zero.
    let other = try #require(ensemble.plan.momenta.firstIndex(of: [0, 1]))
    #expect(abs(ensemble.momenta[other].correlator.value - momenta[0]) < 1e-12)
  }

  @Test("what the links do not have is refused by name")
  func refusals() throws {
    let g = try Geometry([4, 4, 4])
    let periodic = Boundary.periodic(3)
    func refusal(_ request: TwoPointRequest, _ boundary: Boundary) -> String {
      do {
        _ = try TwoPointPlan(request, g, group: .su2, boundary: boundary)
        return ""
      } catch { return "\(error)" }
    }
    #expect(refusal(TwoPointRequest(.action, directions: [2]), periodic) == "")
    #expect(refusal(TwoPointRequest(.charge), periodic).contains("four dimensions"))
    #expect(refusal(TwoPointRequest(.polyakov, directions: [2]), periodic).contains("0 to 1"))
    #expect(
      refusal(TwoPointRequest(.plaquette(.plane(mu: 2, nu: 1))), periodic).contains("mu < nu"))
    #expect(refusal(TwoPointRequest(.action, largestMomentumSquared: 0), periodic).contains("1 or"))
    let open = try Boundary(words: ["periodic", "periodic", "open"], dimension: 3)
    #expect(refusal(TwoPointRequest(.action), open).contains("periodic boundaries"))
    let links = try LinkField<Double>(Geometry([4, 4]), group: .su2)
    #expect(throws: CorrelationError.self) { try links.density(.plaquette(.spatial)) }
    #expect(throws: CorrelationError.self) { try links.density(.charge) }
    let plan = try TwoPointPlan(TwoPointRequest(.action), g, group: .su2, boundary: periodic)
    #expect(throws: CorrelationError.self) { try TwoPointFunctions(links, plan) }
  }
}
