import Autodiff
import GaugeLayers
import Lattice
import TestSupport
import Testing

/// Derivatives through whole networks, with respect to parameters and links.
@Suite struct NetworkGradientTests {
  static let cases = [GaugeGroup.u1, .su2, .su3].flatMap { group in
    [
      PrimitiveCase(group: group, extents: [3, 2], batch: 2),
      PrimitiveCase(group: group, extents: [2, 3, 2]),
      PrimitiveCase(group: group, extents: [2, 2, 3, 2]),
    ]
  }

  /// Steps are short: magnitudes of traces have a kink where a trace vanishes.
  func check(_ description: NetworkDescription, _ c: PrimitiveCase) throws {
    let network = try GaugeNetwork<Double>(description)
    let report = try checkGradients(
      at: try movedParameters(network), try c.links(), directions: 2, step: 0.001
    ) { _, p, u in
      let y = try network(u, p)
      return dot(y, y.value.randomDirection(seed: 4))
    }
    #expect(report.holds(1e-8), "\(report)")
  }

  @Test("all kinds of gauge-equivariant layers", arguments: cases)
  func everything(_ c: PrimitiveCase) throws {
    try check(.everything(c.group, dimension: c.extents.count), c)
  }

  @Test("a baseline of ordinary convolutions", arguments: cases)
  func baseline(_ c: PrimitiveCase) throws {
    try check(
      .of(
        [
          layer(.linkImages),
          layer(.ordinaryConvolution) { ($0.channels, $0.size, $0.function) = (2, 2, .tanh) },
          layer(.ordinaryConvolution) { ($0.channels, $0.size, $0.dilation) = (2, 2, 2) },
          layer(.activation) { $0.function = .gelu }, layer(.mean), dense(2),
        ], group: c.group, dimension: c.extents.count), c)
  }

  @Test("other invariants, and values at sites", arguments: cases)
  func fields(_ c: PrimitiveCase) throws {
    try check(
      .of(
        [
          layer(.plaquettes), layer(.convolution) { ($0.channels, $0.size) = (2, 3) },
          layer(.traceNorm) { $0.scope = .perSite }, layer(.tracePowers) { $0.power = 2 },
          dense(2, .sigmoid),
        ], group: c.group, dimension: c.extents.count, convention: .arXivV1), c)
    try check(
      .of(
        [
          layer(.plaquettes), merged(2, size: 2), layer(.traceMagnitudes), dense(1), layer(.sum),
        ], group: c.group, dimension: c.extents.count), c)
  }
}
