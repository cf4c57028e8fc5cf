import Autodiff
import Compute
import GaugeLayers
import Lattice
import TestSupport
import Testing

/// Networks against the layers called one by one.
@Suite struct GaugeNetworkTests {
  static let cases = [
    PrimitiveCase(group: .u1, extents: [3, 4], batch: 3),
    PrimitiveCase(group: .su2, extents: [3, 2, 3]),
    PrimitiveCase(group: .su3, extents: [2, 3], batch: 2),
    PrimitiveCase(group: .su3, extents: [2, 2, 3, 2]),
  ]

  @Test("a network is its layers one after the other", arguments: cases)
  func composition(_ c: PrimitiveCase) throws {
    let d = c.extents.count
    let network = try GaugeNetwork<Double>(.everything(c.group, dimension: d))
    let p = try movedParameters(network)
    let tape = Tape()
    func weight(_ name: String) -> Variable<Tensor<Double>> { tape.constant(p[name]!) }
    let found = try network(tape.constant(try c.links()), tape.constant(p)).value

    var u = tape.constant(try c.links())
    u = try u.stoutSmeared(rho: weight("1.stout.rho1")).stoutSmeared(rho: weight("1.stout.rho2"))
    var w = u.plaquettes()
    u = try u.exponentiated(with: w, beta: weight("3.exponential.weight"))
    let paths = try ["+x +y -x -y", "+x +x +y -x -x -y"].map { try LatticePath($0, dimension: d) }
    w = try .concatenating([w, u.polyakovLoops(), try u.loops(paths)])
    w = try w.convolution(
      links: u, weight: weight("6.convolution.weight"),
      kernel: TransportKernel(size: 2, isSymmetric: true))
    w = try w.gated(by: .softplus, bias: weight("7.activation.bias"))
    w = try w.adding(w.bilinear(w, weight: weight("8.bilinear.weight")))
    w = try w.traceNormalised()
    w = try w.adding(
      w.convolutionBilinear(
        links: u, weight: weight("10.convolutionBilinear.weight"), kernel: TransportKernel(size: 2))
    )
    let s: Variable<ScalarField<Double>> = try w.traces().dense(
      weight: weight("12.dense.weight"), bias: weight("12.dense.bias")
    ).applying(.tanh)
    let x: Variable<Tensor<Double>> = s.meanOverSites()
    let expected = try x.dense(weight: weight("14.dense.weight"), bias: weight("14.dense.bias"))
      .value
    #expect(found.shape == [c.batch, 2])
    #expect(zip(found.values, expected.values).allSatisfy { abs($0 - $1) < 1e-13 })
  }

  @Test("other invariants, a sum, and values at sites")
  func invariants() throws {
    let c = PrimitiveCase(group: .su3, extents: [3, 4], batch: 2)
    let tape = Tape()
    let u = tape.constant(try c.links())
    func value(_ layers: [LayerDescription]) throws -> Tensor<Double> {
      let network = try GaugeNetwork<Double>(.of(layers, group: .su3))
      return try network(u, tape.constant(try network.initialParameters(seed: 1))).value
    }
    let w: Variable<SiteField<Double>> = u.plaquettes()
    let magnitudes: Variable<Tensor<Double>> = w.traceMagnitudes().sumOverSites()
    #expect(
      try value([layer(.plaquettes), layer(.traceMagnitudes), layer(.sum)]) == magnitudes.value)
    let powers: Variable<Tensor<Double>> = try w.tracePowers(3).siteValues()
    let found = try value([layer(.plaquettes), layer(.tracePowers) { $0.power = 3 }])
    #expect(found == powers.value && found.shape == [2, 1, 12])
    let normed: Variable<Tensor<Double>> = try w.traceNormalised(.perMember).traces().siteValues()
    #expect(
      try value([
        layer(.plaquettes), layer(.traceNorm) { $0.scope = .perMember }, layer(.trace),
      ]) == normed.value)
    let active: Variable<Tensor<Double>> = w.traces().applying(.gelu).meanOverSites()
    #expect(
      try value([
        layer(.plaquettes), layer(.trace), layer(.activation) { $0.function = .gelu }, layer(.mean),
      ]) == active.value)
    #expect(
      try value([
        layer(.plaquettes), layer(.trace), layer(.mean), layer(.activation) { $0.function = .relu },
      ]) == w.traces().meanOverSites().applying(.relu).value)
  }

  /// Values and all derivatives of a network, as numbers.
  private func bits<S: LatticeReal>(
    _ description: NetworkDescription, _ c: PrimitiveCase, _: S.Type
  ) throws -> [Double] {
    let network = try GaugeNetwork<S>(description)
    let tape = Tape()
    let (u, p) = (tape.variable(try c.links(S.self)), tape.variable(try movedParameters(network)))
    let y = try network(u, p)
    let g = tape.gradients(of: y, cotangent: y.value.randomDirection(seed: 2))
    var numbers = y.value.values.map { Double($0) }
    for (_, tensor) in g[p] { numbers += tensor.values.map { Double($0) } }
    return numbers + g[u].numbers
  }

  @Test("checkpoints change no bit", arguments: cases)
  func checkpoints(_ c: PrimitiveCase) throws {
    let plain = NetworkDescription.everything(c.group, dimension: c.extents.count)
    var kept = plain
    for index in kept.layers.indices {
      let kinds: [LayerDescription.Kind] = [.convolution, .bilinear, .convolutionBilinear]
      if kinds.contains(kept.layers[index].layer) { kept.layers[index].checkpoint = true }
    }
    #expect(kept != plain)
    #expect(try bits(plain, c, Double.self) == bits(kept, c, Double.self))
    #expect(try bits(plain, c, Float.self) == bits(kept, c, Float.self))
  }

  @Test func threadsDoNotShow() throws {
    let c = PrimitiveCase(group: .su2, extents: [16, 16], batch: 32)
    let network = NetworkDescription.everything(.su2, dimension: 2)
    #expect(try isIndependentOfThreads { try bits(network, c, Float.self) })
  }

  @Test func membersOfABatchDoNotFeelEachOther() throws {
    let c = PrimitiveCase(group: .su3, extents: [3, 2], batch: 5)
    let network = try GaugeNetwork<Double>(.everything(.su3, dimension: 2))
    let (u, p) = (try c.links(), try movedParameters(network))
    let tape = Tape()
    let all = try network(tape.constant(u), tape.constant(p)).value
    for member in 0..<5 {
      let one = try network(tape.constant(try u.alone(member)), tape.constant(p)).value
      for k in 0..<2 { #expect(abs(all[member, k] - one[0, k]) < 1e-13) }
    }
  }

  @Test func otherLinksAndParametersAreRefused() throws {
    let network = try GaugeNetwork<Double>(.everything(.su2, dimension: 2))
    let p = try network.initialParameters(seed: 1)
    let tape = Tape()
    func error(_ group: GaugeGroup, _ extents: [Int]) throws -> String {
      let u = try LinkField<Double>.hot(extents, group)
      let error = try #require(throws: LayerError.self) {
        try network(tape.constant(u), tape.constant(p))
      }
      return "\(error)"
    }
    let expected = "the network: expected a field of SU(2) in 2 dimensions, found one of "
    #expect(try error(.su3, [4, 4]) == expected + "SU(3) in 2")
    #expect(try error(.su2, [2, 2, 2]) == expected + "SU(2) in 3")
    let other = try GaugeNetwork<Double>(.of([layer(.plaquettes), layer(.trace)]))
    #expect(throws: AutodiffError.self) {
      try network(
        tape.constant(try LinkField<Double>.hot([4, 4], .su2)),
        tape.constant(try other.initialParameters(seed: 1)))
    }
  }
}
