import Autodiff
import GaugeLayers
import Lattice
import TestSupport
import Testing

/// The size of channels in deep stacks with the weights that a network begins with.
@Suite struct InitialisationTests {
  static let groups: [GaugeGroup] = [.su2, .su3]

  private enum Norm { case none, traceNorm }

  /// Mean |W|^2 / N over channels and sites after every layer of eight channels, for Haar-random links.
  private func sizes(
    _ layers: [LayerDescription], _ group: GaugeGroup, seed: UInt64
  ) throws -> [Double] {
    let network = try GaugeNetwork<Double>(
      .of([layer(.plaquettes)] + layers + [layer(.trace)], group: group))
    let tape = Tape()
    let links = try LinkField<Double>.hot([6, 6], group, seed: seed)
    let flows = try network.stages(
      tape.constant(links), tape.constant(try network.initialParameters(seed: seed)))
    return flows.compactMap { flow in
      guard case .matrices(let w) = flow.channels else { return nil }
      let count = Double(w.value.channels * w.value.geometry.volume * group.n)
      return w.value.realInnerProduct(w.value) / count
    }
  }

  /// The sizes after each of eight merged layers for twelve seeds: [layer][seed].
  private func mergedSizes(_ group: GaugeGroup, _ norm: Norm) throws -> [[Double]] {
    let one = [merged(8, size: 2)] + (norm == .none ? [] : [layer(.traceNorm)])
    let stack = Array(repeating: one, count: 8).flatMap { $0 }
    let all = try (1...12).map { try sizes(stack, group, seed: $0) }
    #expect(all.allSatisfy { abs($0[0] - 1) < 1e-12 }, "plaquettes are unitary")
    return (1...8).map { depth in all.map { $0[one.count * depth] } }
  }

  @Test("one merged layer keeps the size of loops, stacks explode or vanish", arguments: groups)
  func mergedLayers(_ group: GaugeGroup) throws {
    let q = try mergedSizes(group, .none)
    let mean = q[0].reduce(0, +) / 12
    // The spread of a seed is about 0.25.
    #expect(mean > 0.7 && mean < 1.3, "\(q[0])")
    // q -> q^2: the ratio of two seeds is squared by every layer.
    let spread = q.map { $0.max()! / $0.min()! }
    #expect(spread[0] < 10 && spread[7] > 1e6, "\(spread)")
  }

  @Test("a trace norm keeps stacks of merged layers at N^2", arguments: groups)
  func traceNorm(_ group: GaugeGroup) throws {
    let q = try mergedSizes(group, .traceNorm)
    let expected = Double(group.n * group.n)
    for (depth, sizes) in q.enumerated() {
      #expect(
        sizes.allSatisfy { $0 > expected / 4 && $0 < expected * 4 },
        "layer \(depth + 1): \(sizes)")
    }
  }

  @Test("stacks of convolutions keep the size", arguments: groups)
  func convolutions(_ group: GaugeGroup) throws {
    let stack = Array(
      repeating: layer(.convolution) { ($0.channels, $0.size) = (8, 2) }, count: 8)
    let last = try (1...12).map { try #require(try sizes(stack, group, seed: $0).last) }
    let mean = last.reduce(0, +) / 12
    #expect(mean > 0.5 && mean < 2, "\(last)")
  }
}
