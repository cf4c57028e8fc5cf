import Autodiff
import Testing

@Suite struct GradientClippingTests {
  private func gradients(_ a: [Double], _ b: [Double]) throws -> Gradients<Double> {
    try Gradients([
      "a": Tensor(shape: [a.count], values: a), "b": Tensor(shape: [b.count], values: b),
    ])
  }

  @Test func globalNorm() throws {
    var g = try gradients([3, 0], [0, 4])
    #expect(try g.clip(globalNorm: 1) == 5)
    let factor = 1 / (5 + 1e-6)
    #expect(g["a"]?.values == [3 * factor, 0] && g["b"]?.values == [0, 4 * factor])
    var small = try gradients([0.3], [0.4])
    try small.clip(globalNorm: 1)
    #expect(small == (try gradients([0.3], [0.4])))
    #expect(try gradients([0], [0]).globalNorm() == 0)
    #expect(abs(try gradients([3e200], [4e200]).globalNorm() / 5e200 - 1) < 1e-15)
    #expect(
      abs(try gradients([3 * 0x1p-1060], [4 * 0x1p-1060]).globalNorm() / (5 * 0x1p-1060) - 1)
        < 1e-12)
  }

  @Test func normDoesNotDependOnOrder() throws {
    let values = (0..<1000).map { 1 / Double(3 * $0 + 1) }
    let forward = try gradients(values, [1e-9]).globalNorm()
    #expect(forward == (try gradients([1e-9], values.reversed()).globalNorm()))
  }

  @Test func value() throws {
    var g = try gradients([3, -0.5], [-7])
    try g.clip(value: 1)
    #expect(g == (try gradients([1, -0.5], [-1])))
  }

  @Test func notANumberIsRefused() throws {
    for bad in [Double.nan, .infinity, -.infinity] {
      var g = try gradients([1], [2, bad])
      #expect(throws: AutodiffError.nonFinite(name: "b", index: 1)) { try g.clip(globalNorm: 1) }
      #expect(throws: AutodiffError.nonFinite(name: "b", index: 1)) { try g.clip(value: 1) }
      #expect(g["a"]?.values == [1])
    }
    var g = try gradients([1], [2])
    #expect(throws: AutodiffError.self) { try g.clip(globalNorm: 0) }
    #expect(throws: AutodiffError.self) { try g.clip(value: .nan) }
  }
}
