import ComplexModule
import Compute
import Foundation
import Lattice
import Loops
import RealModule
import TestSupport
import Testing

@Suite("The rectangle action", .serialized)
struct RectangleActionTests {
  static let cases: [(GaugeGroup, [Int])] = [
    (.u1, [6, 4]), (.u1, [10, 3]), (.u1, [2, 3, 2, 4]), (.su2, [2, 2]), (.su2, [3, 2, 4]),
    (.su2, [4, 4, 2, 2]), (.su3, [3, 5]), (.su3, [6, 2, 4]), (.su3, [2, 3, 2, 4]),
    (.su3, [4, 4, 4, 4]), (.su4, [5, 4]), (.su4, [3, 3, 2]), (.su4, [2, 2, 2, 2]),
    (.su(5), [2, 3, 2]),
  ]

  func couplings(_ dimension: Int) -> [Double] {
    (0..<(dimension * (dimension - 1) / 2)).map { 1 - 0.3 * Double($0) }
  }

  @Test("the value is the sum over both orientations of every plane", arguments: cases)
  func value(_ group: GaugeGroup, _ extents: [Int]) throws {
    let d = extents.count
    let u = try LinkField<Double>.hot(extents, group, batch: 3, seed: 21)
    let action = try RectangleAction(couplings: couplings(d), dimension: d)
    let single = try singlePrecision(u)
    for member in 0..<3 {
      var expected = 0.0
      for (mu, nu) in u.geometry.planes {
        for (r, t) in [(2, 1), (1, 2)] {
          let path = try LatticePath.rectangle(mu, nu, r, t, dimension: d)
          expected +=
            action.coupling(mu, nu) * Double(u.geometry.volume)
            * (1 - u.loopTrace(path, member: member)!.real)
        }
      }
      let scale = Double(u.geometry.volume * d * d)
      #expect(abs(action.value(of: u, member: member) - expected) < 1e-13 * scale)
      #expect(abs(action.value(of: single, member: member) - expected) < 1e-6 * scale)
    }
  }

  /// Every staple walked link by link.
  @Test(
    "the force is TA(U S) / N",
    arguments: [
      (GaugeGroup.u1, [3, 2]), (.su2, [2, 2, 2]), (.su3, [3, 2, 4]), (.su3, [2, 3, 2, 2]),
      (.su4, [5, 2]),
    ])
  func staples(_ group: GaugeGroup, _ extents: [Int]) throws {
    let d = extents.count
    let u = try LinkField<Double>.hot(extents, group, seed: 22)
    let plain = ReferenceLattice(u)
    let action = try RectangleAction(couplings: couplings(d), dimension: d)
    let force = action.force(of: u)
    for site in 0..<u.geometry.volume {
      for mu in 0..<d {
        var sum = ComplexMatrix.zero(group.n)
        for nu in 0..<d where nu != mu {
          for up in [true, false] {
            let (out, back) = ((nu, up), (nu, !up))
            let (on, off) = ((mu, true), (mu, false))
            for loop in [
              [on, on, out, off, off, back], [on, out, off, off, back, on],
              [on, out, out, off, back, back],
            ] {
              sum = sum + Complex(action.coupling(mu, nu)) * plain.product(site, loop)
            }
          }
        }
        let expected = Complex(1 / Double(group.n)) * sum.tracelessAntihermitian
        #expect((force[site, mu] - expected).frobeniusNorm < 1e-12)
      }
    }
  }

  @Test("the force is the derivative of the value", arguments: cases)
  func derivative(_ group: GaugeGroup, _ extents: [Int]) throws {
    let d = extents.count
    let u = try LinkField<Double>.hot(extents, group, batch: 3, seed: 23)
    let action = try RectangleAction(couplings: couplings(d), dimension: d)
    for member in [0, 2] { #expect(forceError(action, u, member: member) < 1e-8) }
  }

  @Test("single precision, factors and sums", arguments: cases)
  func single(_ group: GaugeGroup, _ extents: [Int]) throws {
    let d = extents.count
    let u = try LinkField<Double>.hot(extents, group, batch: 3, seed: 24)
    let action = try RectangleAction(couplings: couplings(d), dimension: d)
    let force = action.force(of: u)
    #expect(relativeDifference(action.force(of: try singlePrecision(u)), force, batch: 3) < 1e-5)
    var twice = force
    action.addForce(of: u, times: -3, to: &twice)
    let triple = try RectangleAction(couplings: couplings(d).map { -2 * $0 }, dimension: d)
    #expect(relativeDifference(twice, triple.force(of: u), batch: 3) < 1e-13)
  }

  @Test("gauge covariance", arguments: cases)
  func covariance(_ group: GaugeGroup, _ extents: [Int]) throws {
    let u = try LinkField<Double>.hot(extents, group, seed: 25)
    let action = try RectangleAction(beta: 1.3, dimension: extents.count)
    #expect(covarianceError(action, u) < 1e-12)
  }

  @Test("the same bits for any number of threads", arguments: [1, 19])
  func threads(_ batch: Int) throws {
    for extents in [[16, 4, 4, 4], [4, 12, 4, 4], [10, 6, 4], [2, 3, 2, 4], [40, 8]] {
      let u = try LinkField<Double>.hot(extents, .su2, batch: batch, seed: 26)
      let action = try RectangleAction(beta: 1, dimension: extents.count)
      #expect(isIndependentOfThreads(action, u))
    }
  }

  /// U(1) with P = exp(2 pi i q / (L M)) everywhere: both orientations of the rectangle have twice
  /// the flux.
  @Test("constant flux", arguments: [(6, 4, 1), (5, 3, 2), (8, 2, 3)])
  func constantFlux(_ l: Int, _ m: Int, _ q: Int) throws {
    var u = try LinkField<Double>(try Geometry([l, m]), group: .u1)
    let flux = 2 * Double.pi * Double(q) / Double(l * m)
    for site in 0..<(l * m) {
      let (x, y) = (site % l, site / l)
      u[site, 1] = ComplexMatrix(n: 1) { _, _ in Complex(length: 1, phase: flux * Double(x)) }
      if x == l - 1 {
        u[site, 0] = ComplexMatrix(n: 1) { _, _ in
          Complex(length: 1, phase: -flux * Double(l * y))
        }
      }
    }
    let action = try RectangleAction(beta: 1.7, dimension: 2)
    let expected = 2 * 1.7 * Double(l * m) * (1 - Foundation.cos(2 * flux))
    #expect(abs(action.value(of: u) - expected) < 1e-11)
    let force = action.force(of: u)
    #expect(slope(force, force) < 1e-24)
  }

  /// Links that do not exist are zero, so the plain loops that need one are too.
  @Test(
    "open boundaries: the rectangles that exist, and their force",
    arguments: [
      ([4, 5], [true, false]), ([3, 5, 2], [true, true, false]),
      ([2, 3, 4, 4], [true, false, false, true]),
    ])
  func open(_ extents: [Int], _ isOpen: [Bool]) throws {
    let d = extents.count
    let u = try openField(extents, .su3, isOpen: isOpen)
    let plain = ReferenceLattice(u)
    let action = try RectangleAction(couplings: couplings(d), dimension: d)
    var expected = 0.0
    for site in 0..<u.geometry.volume {
      for mu in 0..<d {
        for nu in 0..<d where nu != mu {
          let loop = plain.product(
            site, [(mu, true), (mu, true), (nu, true), (mu, false), (mu, false), (nu, false)])
          if loop.frobeniusNorm == 0 { continue }
          expected += action.coupling(mu, nu) * (1 - loop.trace.real / 3)
        }
      }
    }
    #expect(abs(action.value(of: u) - expected) < 1e-11)
    #expect(forceError(action, u) < 1e-8)
    let force = action.force(of: u)
    for site in 0..<u.geometry.volume {
      for mu in 0..<d where !u.boundary.hasLink(mu, at: site, in: u.geometry) {
        #expect(force[site, mu].frobeniusNorm == 0)
      }
    }
  }

  @Test("couplings that make no action")
  func errors() throws {
    #expect(throws: ActionError.self) { try RectangleAction(beta: .nan, dimension: 4) }
    #expect(throws: ActionError.planeCount(expected: 3, found: 2)) {
      try RectangleAction(couplings: [1, 2], dimension: 3)
    }
    #expect(throws: ActionError.dimension(action: "rectangle", expected: 3, found: 4)) {
      try RectangleAction(beta: 1, dimension: 3).validate(try Geometry([2, 2, 2, 2]), .su3)
    }
  }
}
