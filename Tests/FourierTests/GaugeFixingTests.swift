import Foundation
import Fourier
import Lattice
import Testing

@Suite("Gauge fixing")
struct GaugeFixingTests {
  private func links<S: FourierReal>(
    _ extents: [Int], _ group: GaugeGroup, batch: Int = 1, epsilon: Double = 0.3,
    of: S.Type = S.self
  ) throws -> LinkField<S> {
    var links = try LinkField<S>(Geometry(extents), group: group, batch: batch)
    links.setNearUnit(epsilon: epsilon, seed: 4)
    var g = SiteField<S>(layout: links.layout, group: group)
    g.setHaarRandom(seed: 9)
    links.transform(by: g)
    return links
  }

  /// theta and the functional site by site, from matrices.
  private func plain(_ u: LinkField<Double>, _ condition: GaugeCondition, member: Int = 0) -> (
    theta: Double, functional: Double
  ) {
    let geometry = u.geometry
    let directions = condition.directions(dimension: u.dimension)
    var (theta, functional) = (0.0, 0.0)
    for site in 0..<geometry.volume {
      var sum = ComplexMatrix.zero(u.group.n)
      for mu in directions {
        let below = geometry.neighbour(of: site, direction: mu, steps: -1)
        sum = sum + u[site, mu, member] - u[below, mu, member]
        functional += u[site, mu, member].trace.real
      }
      let d = sum.tracelessAntihermitian
      theta += d.elements.reduce(0) { $0 + $1.lengthSquared }
    }
    let n = Double(u.group.n)
    return (
      theta / (Double(geometry.volume) * n),
      functional / (Double(geometry.volume * directions.count) * n)
    )
  }

  static let cases: [([Int], GaugeGroup)] = [
    ([4, 4], .u1), ([5, 3], .su2), ([4, 4, 4], .su2), ([4, 2, 3, 4], .su3), ([3, 4], try! .su(4)),
  ]

  @Test("the deviation is that of the plain sums, for every member", arguments: cases)
  func deviations(extents: [Int], group: GaugeGroup) throws {
    let u: LinkField<Double> = try links(extents, group, batch: 3)
    for condition in GaugeCondition.allCases {
      let found = u.gaugeDeviations(condition)
      for member in 0..<3 {
        let expected = plain(u, condition, member: member)
        #expect(abs(found[member].theta - expected.theta) < 1e-12)
        #expect(abs(found[member].functional - expected.functional) < 1e-13)
        #expect(expected.theta > 1e-3)
      }
    }
  }

  @Test(
    "every method converges, raises the functional and keeps gauge-invariant numbers",
    arguments: cases)
  func convergence(extents: [Int], group: GaugeGroup) throws {
    for condition in GaugeCondition.allCases {
      for method in [
        GaugeFixing.Method.steepestDescent, .fourierAcceleration, .overrelaxation(omega: 1.6),
      ] {
        var u: LinkField<Double> = try links(extents, group, batch: 2)
        let plaquette = Self.plaquette(u)
        let start = u.gaugeDeviations(condition)
        let report = try GaugeFixing(condition, method: method, tolerance: 1e-20).fix(&u)
        #expect(report.isConverged, "\(condition) \(method): \(report.history.last!)")
        for member in 0..<2 {
          let end = plain(u, condition, member: member)
          #expect(end.theta < 1e-19)
          #expect(end.functional > start[member].functional)
          #expect(abs(report.deviations[member].functional - end.functional) < 1e-12)
        }
        #expect(abs(Self.plaquette(u) - plaquette) < 1e-12)
      }
    }
  }

  /// Re tr P / N of one plane at one site.
  private static func plaquette(_ u: LinkField<Double>) -> Double {
    let g = u.geometry
    let (x, y) = (g.neighbour(of: 1, direction: 0), g.neighbour(of: 1, direction: 1))
    return (u[1, 0] * u[x, 1] * u[y, 0].adjoint * u[1, 1].adjoint).trace.real
      / Double(u.group.n)
  }

  @Test("a fixed field is recognised and left alone; single precision converges to its rounding")
  func fixedAndSingle() throws {
    var u: LinkField<Double> = try links([4, 4, 4], .su3)
    _ = try GaugeFixing(.landau, tolerance: 1e-14).fix(&u)
    let report = try GaugeFixing(.landau, tolerance: 1e-12).fix(&u)
    #expect(report.iterations == 0 && report.isConverged)
    var single: LinkField<Float> = try links([4, 4, 4], .su3)
    #expect(try GaugeFixing(.landau, tolerance: 1e-10).fix(&single).isConverged)
  }

  @Test(
    "what does not converge says what it reached; parameters and links that make no sense are refused"
  )
  func failures() throws {
    var u: LinkField<Double> = try links([4, 4], .su2)
    let report = try GaugeFixing(.landau, tolerance: 1e-30, maximumIterations: 5).fix(&u)
    #expect(!report.isConverged && report.iterations == 5)
    #expect(report.history.last!.theta > 1e-30)
    var calls = 0
    let stopped = try GaugeFixing(.landau, tolerance: 1e-30).fix(&u) { _ in
      calls += 1
      return calls < 3
    }
    #expect(stopped.iterations == 2)
    for fixing in [
      GaugeFixing(.landau, step: -1), GaugeFixing(.landau, tolerance: 0),
      GaugeFixing(.landau, tolerance: .nan), GaugeFixing(.landau, maximumIterations: -1),
      GaugeFixing(.coulomb, method: .overrelaxation(omega: 2)),
    ] {
      #expect(throws: FourierError.self) { try fixing.fix(&u) }
    }
    var open = try LinkField<Double>(
      Geometry([4, 4]), group: .su2, boundary: Boundary(words: ["periodic", "open"], dimension: 2))
    #expect(throws: FourierError.self) { try GaugeFixing(.landau).fix(&open) }
    u[0, 0] = ComplexMatrix(n: 2) { _, _ in .init(.nan, 0) }
    #expect(throws: FourierError.self) { try GaugeFixing(.landau).fix(&u) }
  }

  @Test("a transverse free field of U(1) has its propagator, and nothing along the momentum")
  func propagator() throws {
    // A_0 = a cos(p x_1 + phase): transverse, so the field is in Landau gauge.
    let geometry = try Geometry([4, 6])
    var u = try LinkField<Double>(geometry, group: .u1)
    let a = 1e-4
    for site in 0..<geometry.volume {
      let angle = a * cos(2 * Double.pi * Double(geometry.coordinates(of: site)[1]) / 6 + 0.3)
      u[site, 0] = ComplexMatrix(n: 1) { _, _ in .init(cos(angle), sin(angle)) }
    }
    #expect(u.gaugeDeviations(.landau)[0].theta < 1e-30)
    let propagator = try GluonPropagator(u)
    let expected = a * a / 4 * 24
    #expect(abs(propagator[[0, 1], 0, 0] - expected) < 1e-6 * expected)
    #expect(abs(propagator.scalar([0, -1]) - expected) < 1e-6 * expected)
    #expect(propagator.scalar([1, 1]) < 1e-12 * expected)
    #expect(abs(propagator.longitudinal([0, 1], nu: 0)) < 1e-10 * expected)
  }

  @Test("in Landau gauge the propagator of SU(3) is transverse and depends on no basis of colour")
  func transverse() throws {
    var u: LinkField<Double> = try links([4, 3, 4], .su3)
    let before = try GluonPropagator(u)
    #expect(abs(before.longitudinal([1, 0, 1], nu: 0)) > 1e-6)
    _ = try GaugeFixing(.landau, tolerance: 1e-26).fix(&u)
    let after = try GluonPropagator(u)
    for k in [[1, 0, 0], [1, 2, 0], [3, 1, 2]] {
      for nu in 0..<3 { #expect(abs(after.longitudinal(k, nu: nu)) < 1e-11) }
      #expect(after.scalar(k) > 0)
    }
    // A constant transformation keeps the gauge and the propagator.
    var g = SiteField<Double>(layout: u.layout, group: u.group)
    g.setHaarRandom(seed: 2)
    let first = g[0]
    for site in 0..<u.geometry.volume { g[site] = first }
    let rotated = try GluonPropagator(u.transformed(by: g))
    #expect(abs(rotated.scalar([1, 1, 0]) - after.scalar([1, 1, 0])) < 1e-12)
  }
}
