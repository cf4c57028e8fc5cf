import Autodiff
import GaugeLayers
import Lattice
import TestSupport
import Testing

@Suite("Exponential layer", .serialized)
struct LinkExponentsTests {
  @Test("derivatives with respect to links, channels and weights", arguments: PrimitiveCase.all)
  func gradients(_ c: PrimitiveCase) throws {
    let (u, w) = (try c.links(), try c.sites(2))
    let beta = weights([c.extents.count, 2])
    let report = try checkGradients(at: u, w, beta) { _, u, w, beta in
      try linkLoss(u.exponentiated(with: w, beta: beta))
    }
    #expect(report.holds(1e-9), "\(report)")
    let own = try checkGradients(at: u, weights([c.extents.count, c.extents.count])) {
      _, u, beta in
      try linkLoss(u.exponentiated(with: u.polyakovLoops(), beta: beta))
    }
    #expect(own.holds(1e-9), "\(own)")
  }

  @Test("covariance", arguments: PrimitiveCase.all)
  func covariance(_ c: PrimitiveCase) throws {
    let (u, w, g) = (try c.links(), try c.sites(2), try c.transformation())
    let beta = weights([c.extents.count, 2])
    func layer(_ u: LinkField<Double>, _ w: SiteField<Double>) throws -> LinkField<Double> {
      let tape = Tape()
      return try tape.constant(u).exponentiated(
        with: tape.constant(w), beta: tape.constant(beta)
      ).value
    }
    let before = try layer(u, w)
    let after = try layer(u.transformed(by: g), w.transformed(by: g))
    let expected = before.transformed(by: g)
    for member in 0..<c.batch {
      #expect(after.largestDifference(member: member) { expected[$0, $1, member] } < 1e-10)
    }
    let shifted = try layer(u.shifted(by: c.displacement), w.shifted(by: c.displacement))
    let moved = before.shifted(by: c.displacement)
    #expect(shifted.largestDifference { moved[$0, $1] } < 1e-10)
  }

  @Test(
    "the reference layer", .enabled(if: ReferenceVectors.areEnabled),
    arguments: ReferenceVectors.names)
  func reference(_ name: String) throws {
    let v = try ReferenceVectors(name)
    let tape = Tape()
    let array = v["lexp_beta"]
    let beta = try Tensor<Double>(shape: array.shape, values: array.re)
    let w = try v.sites("lcb_K2sym_out", channels: array.shape[1])
    let result = try tape.constant(v.links("hot_U")).exponentiated(
      with: tape.constant(w), beta: tape.constant(beta))
    let expected = v["lexp_out"]
    #expect(result.value.largestDifference { v.matrix(expected, $1, $0) } < 1e-12)
  }

  @Test func threadsDoNotShow() throws {
    let c = PrimitiveCase.large
    let (u, w, beta) = (try c.links(), try c.sites(3), weights([2, 3]))
    #expect(
      try isIndependentOfThreads {
        let tape = Tape()
        let (x, b) = (tape.variable(w), tape.variable(beta))
        let moved = try tape.constant(u).exponentiated(with: x, beta: b)
        let gradients = tape.gradients(of: moved, cotangent: u.randomDirection(seed: 2))
        return gradients[b].values + gradients[x].numbers
      })
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let c = PrimitiveCase(group: .su2, extents: [3, 2])
    let tape = Tape()
    let (u, w) = (tape.constant(try c.links()), tape.constant(try c.sites(3)))
    #expect(
      throws: LayerError.shape(
        layer: "link exponents", name: "beta", expected: [2, 3], found: [3, 2])
    ) { try u.exponentiated(with: w, beta: tape.constant(weights([3, 2]))) }
    let other = tape.constant(try PrimitiveCase(group: .su2, extents: [4, 2]).sites(3))
    #expect(
      throws: LayerError.lattice(
        layer: "exponential layer", expected: "SU(2) on 3x2, batch 1",
        found: "SU(2) on 4x2, batch 1")
    ) { try u.exponentiated(with: other, beta: tape.constant(weights([2, 3]))) }
  }
}
