import Autodiff
import Testing

@Suite struct ParametersPrecisionTests {
  @Test func namesAndShapesStayAndNumbersAreRounded() throws {
    let parameters = try Parameters<Double>([
      "b.weight": Tensor(shape: [2, 2], values: [0.1, -1e-3, 1e30, .nan]), "a": Tensor(0.5),
    ])
    let single = Parameters<Float>(parameters)
    #expect(single.names == ["a", "b.weight"] && single["b.weight"]!.shape == [2, 2])
    #expect(Array(single["b.weight"]!.values[..<3]) == [0.1, -1e-3, 1e30])
    #expect(single["b.weight"]!.values[3].isNaN && single["a"]!.values == [0.5])
    #expect(Parameters<Double>(single)["b.weight"]!.values[0] == Double(Float(0.1)))
  }
}
