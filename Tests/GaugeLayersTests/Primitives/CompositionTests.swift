import Autodiff
import ComplexModule
import GaugeLayers
import Lattice
import TestSupport
import Testing

@Suite("Sums, concatenation and products of channels", .serialized)
struct CompositionTests {
  @Test("derivatives for matrices", arguments: PrimitiveCase.all)
  func matrices(_ c: PrimitiveCase) throws {
    let (v, w, s, one) = (
      try c.sites(2, seed: 1), try c.sites(2, seed: 2), try c.scalars(2), try c.scalars(1)
    )
    let reports = [
      try checkGradients(at: v, w) { _, v, w in try (v + w.scaled(by: -3)).loss() },
      try checkGradients(at: v, w) { _, v, w in try v.subtracting(w).loss() },
      try checkGradients(at: v) { _, v in try v.adjoint().loss() },
      try checkGradients(at: v, w) { _, v, w in
        try Variable.concatenating([v, w.adjoint(), v]).channels([5, 2, 0, 2]).loss()
      },
      try checkGradients(at: v, s) { _, v, s in try v.multiplied(by: s).loss() },
      try checkGradients(at: v, one) { _, v, s in try v.multiplied(by: s).loss() },
    ]
    for report in reports { #expect(report.holds(1e-9), "\(report)") }
  }

  @Test("derivatives for numbers", arguments: PrimitiveCase.all)
  func numbers(_ c: PrimitiveCase) throws {
    let (s, t) = (try c.scalars(2, seed: 1), try c.scalars(2, seed: 2))
    let reports = [
      try checkGradients(at: s, t) { _, s, t in try (s + t.scaled(by: 0.5)).loss() },
      try checkGradients(at: s, t) { _, s, t in try s.subtracting(t).loss() },
      try checkGradients(at: s, t) { _, s, t in
        try Variable.concatenating([s, t, s]).channels([5, 2, 0, 2]).loss()
      },
    ]
    for report in reports { #expect(report.holds(1e-9), "\(report)") }
  }

  @Test("values in plain arithmetic, covariant", arguments: PrimitiveCase.all)
  func values(_ c: PrimitiveCase) throws {
    let (v, w, s, g) = (
      try c.sites(2, seed: 1), try c.sites(2, seed: 2), try c.scalars(2), try c.transformation()
    )
    func result(_ v: SiteField<Double>, _ w: SiteField<Double>) throws -> SiteField<Double> {
      let tape = Tape()
      let (v, w) = (tape.constant(v), tape.constant(w))
      let sum = try (v + w.scaled(by: -3)).adjoint().multiplied(by: tape.constant(s))
      return try Variable.concatenating([sum, w.subtracting(v)]).channels([3, 0, 1, 2]).value
    }
    let found = try result(v, w)
    for member in 0..<c.batch {
      #expect(
        found.largestDifference(member: member) { site, k in
          let channel = [1, 0, 1, 0][k]
          let (x, y) = (v[site, channel, member], w[site, channel, member])
          if k == 0 || k == 3 { return y - x }
          return Complex(s[site, channel, member]) * (x - Complex<Double>(3) * y).adjoint
        } < 1e-13)
    }
    let moved = try result(v.transformed(by: g), w.transformed(by: g))
    #expect(moved.largestDifference(found.transformed(by: g)) < 1e-10)
  }

  @Test func aResidualConnectionAddsItsDerivatives() throws {
    let c = PrimitiveCase(group: .su3, extents: [3, 4], batch: 2)
    let w = try c.sites(2)
    let report = try checkGradients(at: w) { _, w in
      let gate: Variable<ScalarField<Double>> = w.realTraces()
      return try (w + w.adjoint().multiplied(by: gate)).loss()
    }
    #expect(report.holds(1e-9), "\(report)")
  }

  /// q = (1/4 pi^2) Re tr(F01 F23 - F02 F13 + F03 F12), F = (P - P^dagger) / 2i, made of primitives.
  @Test(
    "the charge density of plaquettes", .enabled(if: ReferenceVectors.areEnabled),
    arguments: ReferenceVectors.names.filter { $0.contains("x2x") || $0.contains("x3x") })
  func chargeDensity(_ name: String) throws {
    let v = try ReferenceVectors(name)
    func density(_ links: Variable<LinkField<Double>>) throws -> Variable<ScalarField<Double>> {
      let plaquettes = links.plaquettes()
      let f = try plaquettes.subtracting(plaquettes.adjoint())
      let products = try f.channels([0, 1, 2]).realTracesOfProducts(with: f.channels([5, 4, 3]))
      let scale = -1 / (16 * Double.pi * Double.pi)
      let signs = try Tensor<Double>(shape: [1, 3], values: [scale, -scale, scale])
      return try products.dense(weight: links.tape.constant(signs))
    }
    for kind in ["hot", "smooth"] {
      let u = try v.links("\(kind)_U")
      let q = try density(Tape().constant(u)).value
      for site in 0..<v.geometry.volume {
        #expect(abs(q[site] - v.number(v["\(kind)_q_plaq"], 0, site).real) < 1e-12)
      }
      let report = try checkGradients(at: u, directions: 2) { _, u in try density(u).loss() }
      #expect(report.holds(1e-9), "\(report)")
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let c = PrimitiveCase(group: .su2, extents: [3, 2])
    let tape = Tape()
    let (two, three) = (tape.constant(try c.sites(2)), tape.constant(try c.sites(3)))
    #expect(throws: LayerError.channels(layer: "the sum", expected: 2, found: 3)) {
      try two + three
    }
    let larger = tape.constant(try PrimitiveCase(group: .su2, extents: [4, 2]).sites(2))
    #expect(
      throws: LayerError.lattice(
        layer: "concatenation", expected: "SU(2) on 3x2, batch 1",
        found: "SU(2) on 4x2, batch 1")
    ) { try Variable.concatenating([two, larger]) }
    #expect(throws: LayerError.channel(layer: "choice of channels", channel: 2, channels: 2)) {
      try two.channels([0, 2])
    }
    #expect(throws: LayerError.noChannels(layer: "choice of channels")) { try two.channels([]) }
    #expect(
      throws: LayerError.channels(layer: "multiplication by factors", expected: 3, found: 2)
    ) { try three.multiplied(by: tape.constant(try c.scalars(2))) }
  }
}
