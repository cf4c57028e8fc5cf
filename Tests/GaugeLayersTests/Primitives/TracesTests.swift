import Autodiff
import ComplexModule
import GaugeLayers
import Lattice
import RealModule
import TestSupport
import Testing

@Suite("Traces and other invariants", .serialized)
struct TracesTests {
  @Test("values in plain arithmetic", arguments: PrimitiveCase.all)
  func values(_ c: PrimitiveCase) throws {
    let (v, w) = (try c.sites(3, seed: 1), try c.sites(3, seed: 2))
    let n = Double(c.group.n)
    let x = Tape().constant(v)
    let (plain, whole) = (x.traces().value, x.traces(normalised: false).value)
    let (re, im) = (x.realTraces().value, x.imaginaryTraces().value)
    let (size, square, cube) = (
      x.traceMagnitudes().value, try x.tracePowers(2).value, try x.tracePowers(3).value
    )
    let product = try x.realTracesOfProducts(with: x.tape.constant(w)).value
    for member in 0..<c.batch {
      for site in 0..<v.geometry.volume {
        for k in 0..<3 {
          let m = v[site, k, member]
          let t = m.trace
          func near(_ found: Double, _ expected: Double) -> Bool {
            abs(found - expected) < 1e-13 * max(1, abs(expected))
          }
          #expect(near(plain[site, k, member], t.real / n))
          #expect(near(plain[site, 3 + k, member], t.imaginary / n))
          #expect(near(whole[site, 3 + k, member], t.imaginary))
          #expect(near(re[site, k, member], t.real / n))
          #expect(near(im[site, k, member], t.imaginary / n))
          #expect(near(size[site, k, member], t.length / n))
          #expect(near(square[site, k, member], (m * m).trace.real / n))
          #expect(near(cube[site, k, member], (m * (m * m)).trace.real / n))
          #expect(near(product[site, k, member], (m * w[site, k, member]).trace.real))
        }
      }
    }
  }

  @Test("derivatives", arguments: PrimitiveCase.all)
  func gradients(_ c: PrimitiveCase) throws {
    let w = try c.sites(2)
    let reports = [
      try checkGradients(at: w) { _, w in try w.traces().loss() },
      try checkGradients(at: w) { _, w in try w.realTraces(normalised: false).loss() },
      try checkGradients(at: w) { _, w in try w.imaginaryTraces().loss() },
      try checkGradients(at: w, step: 0.005) { _, w in try w.traceMagnitudes().loss() },
      try checkGradients(at: w) { _, w in try w.tracePowers(1).loss() },
      try checkGradients(at: w) { _, w in try w.tracePowers(2).loss() },
      try checkGradients(at: w) { _, w in try w.tracePowers(5).loss() },
      try checkGradients(at: w, try c.sites(2, seed: 3)) { _, v, w in
        try v.realTracesOfProducts(with: w).loss()
      },
      try checkGradients(at: w) { _, w in try w.realTracesOfProducts(with: w).loss() },
    ]
    for report in reports { #expect(report.holds(1e-9), "\(report)") }
  }

  @Test("they do not feel a gauge transformation", arguments: PrimitiveCase.all)
  func invariance(_ c: PrimitiveCase) throws {
    let (w, g) = (try c.sites(2), try c.transformation())
    func all(_ w: SiteField<Double>) throws -> ScalarField<Double> {
      let x = Tape().constant(w)
      return try Variable.concatenating([
        x.traces(), x.traceMagnitudes(), x.tracePowers(3), x.realTracesOfProducts(with: x),
      ]).value
    }
    let before = try all(w)
    let scale = 1e-10 * before.sumOfProducts(before).squareRoot()
    #expect(try all(w.transformed(by: g)).largestDifference(before) < scale)
    #expect(
      try all(w.shifted(by: c.displacement)).largestDifference(
        before, shiftedBy: c.displacement) < scale)
  }

  @Test func aTraceThatVanishesHasNoDerivativeOfItsMagnitude() throws {
    let w = SiteField<Double>(
      zeros: try .shared(Geometry([3, 2]), batch: 1, laneCount: 8), group: .su2, channels: 1)
    let tape = Tape()
    let x = tape.variable(w)
    let gradient = tape.gradients(of: try x.traceMagnitudes().loss())[x]
    #expect(gradient.largestDifference(w) == 0)
  }

  @Test(
    "reference loops and Polyakov loops", .enabled(if: ReferenceVectors.areEnabled),
    arguments: ReferenceVectors.names)
  func reference(_ name: String) throws {
    let v = try ReferenceVectors(name)
    let links = Tape().constant(try v.links("hot_U"))
    for (key, loops) in [("hot_W1x1", links.plaquettes()), ("hot_poly", links.polyakovLoops())] {
      let traces = loops.traces().value
      let channels = loops.value.channels
      for site in 0..<v.geometry.volume {
        for k in 0..<channels {
          let expected = v.number(v[key], k, site)
          #expect(abs(traces[site, k] - expected.real) < 1e-12)
          #expect(abs(traces[site, channels + k] - expected.imaginary) < 1e-12)
        }
      }
    }
  }

  @Test("single precision agrees", arguments: PrimitiveCase.all)
  func singlePrecision(_ c: PrimitiveCase) throws {
    func gradient<S>(_ w: SiteField<S>) throws -> SiteField<S> {
      let tape = Tape()
      let x = tape.variable(w)
      let all = try Variable.concatenating([
        x.traces(), x.traceMagnitudes(), x.tracePowers(3), x.realTracesOfProducts(with: x),
      ])
      return tape.gradients(of: try all.loss())[x]
    }
    let (double, single) = (
      try gradient(c.sites(2, Double.self)), try gradient(c.sites(2, Float.self))
    )
    for site in 0..<double.geometry.volume {
      for k in 0..<2 {
        let expected = double[site, k, c.batch - 1]
        #expect(
          (single[site, k, c.batch - 1] - expected).frobeniusNorm
            < 1e-5 * max(1, expected.frobeniusNorm))
      }
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let c = PrimitiveCase(group: .su2, extents: [3, 2])
    let w = Tape().constant(try c.sites(2))
    #expect(throws: LayerError.self) { try w.tracePowers(0) }
    #expect(throws: LayerError.channels(layer: "traces of products", expected: 2, found: 3)) {
      try w.realTracesOfProducts(with: w.tape.constant(try c.sites(3)))
    }
    let other = PrimitiveCase(group: .su3, extents: [3, 2])
    #expect(
      throws: LayerError.lattice(
        layer: "traces of products", expected: "SU(2) on 3x2, batch 1",
        found: "SU(3) on 3x2, batch 1")
    ) { try w.realTracesOfProducts(with: w.tape.constant(try other.sites(2))) }
  }
}
