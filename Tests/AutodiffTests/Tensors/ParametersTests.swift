import Autodiff
import Testing

@Suite struct ParametersTests {
  @Test func orderIsThatOfNames() throws {
    let one = Tensor<Double>(1)
    let a = try Parameters(["layer2.bias": one, "layer10.weight": one, "a": one])
    let b = try Parameters(["a": one, "layer2.bias": one, "layer10.weight": one])
    #expect(a == b)
    #expect(a.names == ["a", "layer10.weight", "layer2.bias"])
    #expect(a.map(\.name) == a.names)
    #expect(a.position(of: "layer2.bias") == 2 && a.position(of: "b") == nil)
  }

  @Test func namesAreChecked() throws {
    var parameters = try Parameters(["a.b": Tensor<Double>(1)])
    for name in ["", ".", "a.", ".a", "a..b", "a\n", "__metadata__"] {
      #expect(throws: AutodiffError.self) { try parameters.add(name, Tensor(1)) }
    }
    #expect(throws: AutodiffError.duplicateParameter("a.b")) {
      try parameters.add("a.b", Tensor(2))
    }
    #expect(throws: AutodiffError.parameterNames(expected: nil, found: "c")) {
      try parameters.update("c", Tensor(2))
    }
    #expect(throws: AutodiffError.shapeMismatch(name: "a.b", expected: [], found: [1])) {
      try parameters.update("a.b", Tensor(shape: [1]))
    }
    try parameters.update("a.b", Tensor(5))
    #expect(parameters["a.b"]?.values == [5])
  }

  @Test func countsZerosAndSums() throws {
    let block = try Parameters(["w": Tensor<Float>(shape: [2, 3], repeating: 2)])
    var all = Parameters<Float>()
    try all.add(block, prefix: "x.y")
    try all.add(block, prefix: "z")
    #expect(all.names == ["x.y.w", "z.w"] && all.elementCount == 12)
    var gradients = all.zeros()
    #expect(gradients["z.w"]?.values == [Float](repeating: 0, count: 6))
    try gradients.add(all)
    try gradients.add(all)
    gradients.scale(by: 0.25)
    #expect(gradients["z.w"]?.values == [Float](repeating: 1, count: 6))
    #expect(throws: AutodiffError.parameterNames(expected: "x.y.w", found: "w")) {
      try all.requireLayout(of: block)
    }
  }
}
