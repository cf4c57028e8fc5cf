import Autodiff
import Testing

@Suite struct TensorTests {
  @Test func elementsLieRowMajor() throws {
    var tensor = try Tensor<Double>(shape: [2, 3, 4], values: (0..<24).map { Double($0) })
    #expect(tensor[1, 2, 3] == 23)
    #expect(tensor[1, 0, 2] == 14)
    let copy = tensor
    tensor[0, 1, 1] = -1
    #expect(tensor.values[5] == -1 && copy.values[5] == 5)
    #expect(try tensor.reshaped(to: [6, 4])[1, 1] == -1)
    #expect(Tensor<Float>(3).shape == [] && Tensor<Float>(3)[] == 3)
    #expect(try Tensor<Float>(shape: [2, 0]).count == 0)
  }

  @Test func shapesAreChecked() throws {
    #expect(throws: AutodiffError.shape([2, -1])) { try Tensor<Double>(shape: [2, -1]) }
    #expect(throws: AutodiffError.shape([.max, 2])) {
      try Tensor<Double>(shape: [.max, 2], values: [])
    }
    #expect(throws: AutodiffError.elementCount(shape: [2, 2], expected: 4, found: 3)) {
      try Tensor<Double>(shape: [2, 2], values: [1, 2, 3])
    }
    let tensor = try Tensor<Double>(shape: [4])
    #expect(throws: AutodiffError.self) { try tensor.reshaped(to: [3]) }
    #expect(throws: AutodiffError.self) { try tensor.zip(Tensor(shape: [2, 2]), +) }
  }

  @Test func elementwise() throws {
    var a = try Tensor<Float>(shape: [3], values: [1, -2, 3])
    let b = try Tensor<Float>(shape: [3], values: [4, 5, 6])
    #expect(a.map { $0 * $0 }.values == [1, 4, 9])
    #expect(try a.zip(b, *).values == [4, -10, 18])
    try a.add(b)
    a.scale(by: 2)
    #expect(a.values == [10, 6, 18])
    #expect(a.firstNonFinite() == nil)
    a[1] = .infinity
    #expect(a.firstNonFinite() == 1)
    a[0] = .nan
    #expect(a.firstNonFinite() == 0)
  }
}
