import Autodiff
import ComplexModule
import GaugeLayers
import Lattice
import TestSupport
import Testing

@Suite("Activations of fields", .serialized)
struct ActivationsTests {
  static let smooth = Activation.allCases.filter { $0 != .relu && $0 != .leakyRelu }

  @Test("values are those of the function", arguments: PrimitiveCase.all)
  func values(_ c: PrimitiveCase) throws {
    let (s, w, b) = (try c.scalars(2), try c.sites(2), weights([2]))
    let tape = Tape()
    for activation in Activation.allCases {
      let found = tape.constant(s).applying(activation).value
      let gated = try tape.constant(w).gated(by: activation, bias: tape.constant(b)).value
      for member in 0..<c.batch {
        #expect(
          gated.largestDifference(member: member) { site, k in
            let matrix = w[site, k, member]
            return Complex(activation.value(matrix.trace.real + b[k])) * matrix
          } < 1e-12)
        for site in 0..<s.geometry.volume {
          for k in 0..<2 {
            let expected = activation.value(s[site, k, member])
            #expect(abs(found[site, k, member] - expected) < 1e-14)
          }
        }
      }
    }
  }

  @Test("derivatives", arguments: PrimitiveCase.all)
  func gradients(_ c: PrimitiveCase) throws {
    let (s, w, b) = (try c.scalars(2), try c.sites(2), weights([2]))
    for activation in Self.smooth {
      let plain = try checkGradients(at: s, directions: 2) { _, s in
        try s.applying(activation).loss()
      }
      #expect(plain.holds(1e-9), "\(activation): \(plain)")
      let gated = try checkGradients(at: w, b, directions: 2, step: 0.01) { _, w, b in
        try w.gated(by: activation, bias: b).loss()
      }
      #expect(gated.holds(1e-9), "\(activation): \(gated)")
    }
    // The rectifiers away from 0, where they have a corner.
    for activation in [Activation.relu, .leakyRelu] {
      var clear = s
      for member in 0..<c.batch {
        for site in 0..<s.geometry.volume {
          for k in 0..<2 {
            let x = s[site, k, member]
            clear[site, k, member] = x + (x < 0 ? -0.3 : 0.3)
          }
        }
      }
      let report = try checkGradients(at: clear, step: 0.01) { _, s in
        try s.applying(activation).loss()
      }
      #expect(report.holds(1e-9), "\(activation): \(report)")
    }
  }

  @Test("covariance of gates", arguments: PrimitiveCase.all)
  func covariance(_ c: PrimitiveCase) throws {
    let (w, b, g) = (try c.sites(2), weights([2]), try c.transformation())
    for activation in Activation.allCases {
      func gated(_ w: SiteField<Double>) throws -> SiteField<Double> {
        let tape = Tape()
        return try tape.constant(w).gated(by: activation, bias: tape.constant(b)).value
      }
      let before = try gated(w)
      #expect(
        try gated(w.transformed(by: g)).largestDifference(before.transformed(by: g)) < 1e-10)
      #expect(
        try gated(w.shifted(by: c.displacement)).largestDifference(
          before.shifted(by: c.displacement)) < 1e-10)
    }
  }

  @Test(
    "the reference layer", .enabled(if: ReferenceVectors.areEnabled),
    arguments: ReferenceVectors.names)
  func reference(_ name: String) throws {
    let v = try ReferenceVectors(name)
    let expected = v["lact_relu_ReTr_out"]
    let channels = expected.shape[0]
    let w = Tape().constant(try v.sites("lcb_K2sym_out", channels: channels))
    let found = try w.gated(by: .relu).value
    #expect(found.largestDifference { v.matrix(expected, $1, $0) } < 1e-12)
  }

  @Test("single precision agrees", arguments: PrimitiveCase.all)
  func singlePrecision(_ c: PrimitiveCase) throws {
    func gradient<S>(_ w: SiteField<S>) throws -> SiteField<S> {
      let tape = Tape()
      let x = tape.variable(w)
      return tape.gradients(of: try x.gated(by: .tanh).loss())[x]
    }
    let (double, single) = (
      try gradient(c.sites(2, Double.self)), try gradient(c.sites(2, Float.self))
    )
    for site in 0..<double.geometry.volume {
      #expect((double[site, 1] - single[site, 1]).frobeniusNorm < 1e-4)
    }
  }

  @Test func threadsDoNotShow() throws {
    let w = try PrimitiveCase.large.sites(4)
    let b = weights([4])
    #expect(
      try isIndependentOfThreads {
        let tape = Tape()
        let (x, bias) = (tape.variable(w), tape.variable(b))
        let y = try x.gated(by: .gelu, bias: bias)
        let gradients = tape.gradients(of: try y.loss())
        return y.value.numbers + gradients[x].numbers + gradients[bias].values
      })
  }

  @Test func aBiasThatDoesNotFitIsRefused() throws {
    let tape = Tape()
    let w = tape.constant(try PrimitiveCase(group: .su2, extents: [3, 2]).sites(2))
    #expect(
      throws: LayerError.shape(layer: "bias", name: "bias", expected: [2], found: [3])
    ) { try w.gated(by: .tanh, bias: tape.constant(weights([3]))) }
  }
}
