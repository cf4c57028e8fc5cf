import Autodiff
import GaugeLayers
import Lattice
import TestSupport
import Testing

@Suite("Layers of numbers at every site", .serialized)
struct ScalarChannelsTests {
  @Test("values in plain arithmetic", arguments: PrimitiveCase.all)
  func values(_ c: PrimitiveCase) throws {
    let (s, w, b) = (try c.scalars(3), weights([2, 3]), weights([2], seed: 12))
    let tape = Tape()
    let (x, weight, bias) = (tape.constant(s), tape.constant(w), tape.constant(b))
    let y = try x.dense(weight: weight, bias: bias).value
    let plain = try x.dense(weight: weight).adding(bias: bias).value
    #expect(y.channels == 2)
    for member in 0..<c.batch {
      for site in 0..<s.geometry.volume {
        for o in 0..<2 {
          let expected = (0..<3).reduce(b[o]) { $0 + w[o, $1] * s[site, $1, member] }
          #expect(abs(y[site, o, member] - expected) < 1e-13)
          #expect(abs(plain[site, o, member] - expected) < 1e-13)
        }
      }
    }
  }

  @Test("derivatives", arguments: PrimitiveCase.all)
  func gradients(_ c: PrimitiveCase) throws {
    let (s, w, b) = (try c.scalars(3), weights([2, 3]), weights([2], seed: 12))
    let dense = try checkGradients(at: s, w, b) { _, s, w, b in
      try s.dense(weight: w, bias: b).loss()
    }
    #expect(dense.holds(1e-9), "\(dense)")
    let bias = try checkGradients(at: s, weights([3])) { _, s, b in
      try s.adding(bias: b).loss()
    }
    #expect(bias.holds(1e-9), "\(bias)")
  }

  @Test func threadsDoNotShow() throws {
    let s = try PrimitiveCase.large.scalars(6)
    let (w, b) = (weights([4, 6]), weights([4]))
    #expect(
      try isIndependentOfThreads {
        let tape = Tape()
        let (x, weight, bias) = (tape.variable(s), tape.variable(w), tape.variable(b))
        let y = try x.dense(weight: weight, bias: bias)
        let gradients = tape.gradients(of: try y.loss())
        return gradients[weight].values + gradients[bias].values
          + gradients[x].numbers
      })
  }

  @Test("single precision agrees", arguments: PrimitiveCase.all)
  func singlePrecision(_ c: PrimitiveCase) throws {
    func gradient<S>(_ s: ScalarField<S>) throws -> [Double] {
      let tape = Tape()
      let (w, b) = (tape.variable(weights([2, 3], S.self)), tape.variable(weights([2], S.self)))
      let gradients = tape.gradients(of: try tape.constant(s).dense(weight: w, bias: b).loss())
      return (gradients[w].values + gradients[b].values).map { Double($0) }
    }
    let (double, single) = (
      try gradient(c.scalars(3, Double.self)), try gradient(c.scalars(3, Float.self))
    )
    for (x, y) in zip(double, single) { #expect(abs(x - y) < 1e-5 * max(1, abs(x))) }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let tape = Tape()
    let s = tape.constant(try PrimitiveCase(group: .su2, extents: [3, 2]).scalars(3))
    #expect(
      throws: LayerError.shape(
        layer: "dense", name: "weight", expected: [-1, 3], found: [2, 4])
    ) { try s.dense(weight: tape.constant(weights([2, 4]))) }
    #expect(
      throws: LayerError.shape(layer: "dense", name: "bias", expected: [2], found: [3])
    ) { try s.dense(weight: tape.constant(weights([2, 3])), bias: tape.constant(weights([3]))) }
    #expect(
      throws: LayerError.shape(layer: "bias", name: "bias", expected: [3], found: [2])
    ) { try s.adding(bias: tape.constant(weights([2]))) }
  }
}
