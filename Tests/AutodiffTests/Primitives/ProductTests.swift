import Autodiff
import Compute
import Testing

@Suite struct ProductTests {
  static let sizes = [[1, 1, 1], [3, 5, 2], [9, 17, 7], [8, 8, 16], [65, 3, 33], [2, 40, 9]]

  @Test(arguments: sizes) func matrixProduct(size: [Int]) throws {
    let (m, k, n) = (size[0], size[1], size[2])
    let (a, b) = (scattered([m, k], 1), scattered([k, n], 2))
    let tape = Tape()
    let value = try tape.variable(a).matrixProduct(tape.variable(b)).value
    #expect(value.shape == [m, n])
    for i in 0..<m {
      for j in 0..<n {
        let expected = (0..<k).reduce(0.0) { $0 + a[i, $1] * b[$1, j] }
        #expect(abs(value[i, j] - expected) < 1e-13)
      }
    }
    let report = try checkGradients(at: a, b) { _, x, y in try loss(x.matrixProduct(y)) }
    #expect(report.holds(1e-9), "\(size): \(report)")
  }

  @Test(arguments: [[], [1], [2, 3], [3, 1, 2], [2, 1, 3, 2]], [(1, 1), (5, 3), (9, 17)])
  func dense(leading: [Int], size: (Int, Int)) throws {
    let (depth, columns) = size
    let (a, w, b) = (
      scattered(leading + [depth], 1), scattered([columns, depth], 2), scattered([columns], 3)
    )
    let tape = Tape()
    let (x, weight) = (tape.variable(a), tape.variable(w))
    let value = try x.dense(weight: weight, bias: tape.variable(b)).value
    #expect(value.shape == leading + [columns])
    for place in places(leading) {
      for o in 0..<columns {
        let expected = (0..<depth).reduce(b[o]) { $0 + w[o, $1] * a[place: place + [$1]] }
        #expect(abs(value[place: place + [o]] - expected) < 1e-13)
      }
    }
    let report = try checkGradients(at: a, w, b) { _, x, w, b in
      try loss(x.dense(weight: w, bias: b))
    }
    #expect(report.holds(1e-9), "\(leading) \(size): \(report)")
    let withoutBias = try checkGradients(at: a, w) { _, x, w in try loss(x.dense(weight: w)) }
    #expect(withoutBias.holds(1e-9), "\(withoutBias)")
  }

  @Test func shapesThatDoNotFitAreNamed() throws {
    let tape = Tape()
    let (a, b) = (tape.variable(scattered([2, 3])), tape.variable(scattered([4, 5])))
    let expected = AutodiffError.operands(
      of: "a matrix product", expected: "[m, k] and [k, n]", found: [[2, 3], [4, 5]])
    #expect(throws: expected) { try a.matrixProduct(b) }
    #expect("\(expected)".contains("[2, 3], [4, 5]"))
    #expect(throws: AutodiffError.self) { try a.dense(weight: b) }
    #expect(throws: AutodiffError.self) { try tape.variable(Tensor(1.0)).dense(weight: b) }
    #expect(throws: AutodiffError.self) {
      try a.dense(weight: tape.variable(scattered([4, 3])), bias: tape.variable(scattered([3])))
    }
  }

  @Test func emptyInputsHaveEmptyResults() throws {
    let tape = Tape()
    let (x, w) = (tape.variable(scattered([0, 3])), tape.variable(scattered([2, 3], 1)))
    let y = try x.dense(weight: w, bias: tape.variable(scattered([2])))
    #expect(y.value.shape == [0, 2])
    let gradients = tape.gradients(of: y.sum())
    #expect(gradients[w].values == [Double](repeating: 0, count: 6) && gradients[x].count == 0)
    // A sum of no terms.
    let none = Tape()
    let product = try none.variable(scattered([2, 0])).matrixProduct(
      none.variable(scattered([0, 3])))
    #expect(product.value.values == [Double](repeating: 0, count: 6))
  }

  /// So many rows that they are summed in several parts.
  @Test(arguments: [1023, 2048, 5003]) func theDerivativeOfAWeightFromManyRows(rows: Int) throws {
    let (a, b, w) = (scattered([rows, 3], 1), scattered([rows, 2], 2), scattered([2, 3], 3))
    let tape = Tape()
    let weight = tape.variable(w)
    let loss = try tape.constant(a).dense(weight: weight).multiplied(by: tape.constant(b)).sum()
    let gradient = tape.gradients(of: loss)[weight]
    for (o, i) in places([2, 3]).map({ ($0[0], $0[1]) }) {
      let expected = exactSum((0..<rows).map { a[$0, i] * b[$0, o] })
      #expect(abs(gradient[o, i] - expected) < 1e-11)
    }
  }

  @Test func resultsDoNotDependOnThreads() throws {
    func check<Scalar: LatticeReal>(_: Scalar.Type) throws {
      let a = scattered([5003, 13], 1, of: Scalar.self)
      let (w, b) = (scattered([37, 13], 2, of: Scalar.self), scattered([37], 3, of: Scalar.self))
      let results = try onThreads {
        let tape = Tape()
        let (x, weight, bias) = (tape.variable(a), tape.variable(w), tape.variable(b))
        let loss = try x.dense(weight: weight, bias: bias).squared().mean()
        let gradients = tape.gradients(of: loss)
        return [loss.value, gradients[x], gradients[weight], gradients[bias]]
      }
      #expect(results[0] == results[1] && results[0] == results[2])
    }
    try check(Double.self)
    try check(Float.self)
  }
}
