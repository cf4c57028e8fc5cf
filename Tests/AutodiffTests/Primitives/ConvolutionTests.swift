import Autodiff
import Compute
import Testing

/// The extents of a convolution.
struct ConvolutionCase: Sendable, CustomTestStringConvertible {
  var lattice: [Int]
  var kernel: [Int]
  var batch = 2
  var input = 2
  var output = 3
  var dilation = 1

  var testDescription: String { "\(lattice) \(kernel) \(batch) \(input)->\(output) \(dilation)" }
}

@Suite struct ConvolutionTests {
  /// Kernels larger than the lattice, of even size, extents 1 and 2, one to four dimensions, channels
  /// that fill no vector, one, and more than one.
  static let cases: [ConvolutionCase] = [
    .init(lattice: [5], kernel: [3]), .init(lattice: [1], kernel: [3]),
    .init(lattice: [2], kernel: [5], batch: 1), .init(lattice: [7], kernel: [2], dilation: 3),
    .init(lattice: [4, 3], kernel: [3, 3]), .init(lattice: [2, 1], kernel: [3, 2]),
    .init(lattice: [3, 5], kernel: [1, 1], input: 1, output: 1),
    .init(lattice: [3, 4], kernel: [2, 3], batch: 1, input: 9, output: 17),
    .init(lattice: [3, 2], kernel: [3, 5], input: 17, output: 8, dilation: 2),
    .init(lattice: [2, 3, 2], kernel: [3, 2, 3]), .init(lattice: [3, 1, 4], kernel: [2, 1, 3]),
    .init(lattice: [2, 3, 1, 2], kernel: [2, 3, 1, 3]),
    .init(lattice: [2, 2, 2, 3], kernel: [3, 3, 3, 3], batch: 1, input: 1, output: 2),
  ]

  /// The definition in plain loops; nil where nothing is left.
  private func expected(
    _ u: Tensor<Double>, _ w: Tensor<Double>, _ b: Tensor<Double>, _ padding: ConvolutionPadding,
    _ dilation: Int
  ) throws -> Tensor<Double>? {
    let (extents, kernel) = (Array(u.shape[2...]), Array(w.shape[2...]))
    let result = zip(extents, kernel).map { padding == .none ? $0 - dilation * ($1 - 1) : $0 }
    guard result.allSatisfy({ $0 > 0 }) else { return nil }
    let shape = [u.shape[0], w.shape[0]] + result
    let values = places(shape).map { place in
      var sum = b[place[1]]
      for channel in 0..<u.shape[1] {
        for j in places(kernel) {
          var source = [place[0], channel]
          var isInside = true
          for axis in kernel.indices {
            let left = padding == .none ? 0 : dilation * (kernel[axis] - 1) / 2
            var x = place[axis + 2] + dilation * j[axis] - left
            if padding == .circular { x = (x % extents[axis] + extents[axis]) % extents[axis] }
            isInside = isInside && x >= 0 && x < extents[axis]
            source.append(x)
          }
          if isInside { sum += w[place: [place[1], channel] + j] * u[place: source] }
        }
      }
      return sum
    }
    return try Tensor(shape: shape, values: values)
  }

  @Test(arguments: cases, ConvolutionPadding.allCases)
  func valuesAndAdjoints(test: ConvolutionCase, padding: ConvolutionPadding) throws {
    let u = scattered([test.batch, test.input] + test.lattice, 1)
    let w = scattered([test.output, test.input] + test.kernel, 2)
    let b = scattered([test.output], 3)
    let tape = Tape()
    func convolution() throws -> Real {
      try tape.constant(u).convolved(
        weight: tape.constant(w), bias: tape.constant(b), padding: padding,
        dilation: test.dilation)
    }
    guard let expected = try expected(u, w, b, padding, test.dilation) else {
      #expect(throws: AutodiffError.self) { try convolution() }
      return
    }
    let value = try convolution().value
    #expect(value.shape == expected.shape)
    #expect(largestDifference(value, expected.values) < 1e-12)
    let report = try checkGradients(at: u, w, b, directions: 2) { _, u, w, b in
      try loss(u.convolved(weight: w, bias: b, padding: padding, dilation: test.dilation))
    }
    #expect(report.holds(1e-9), "\(report)")
    let withoutBias = try checkGradients(at: u, w, directions: 1) { _, u, w in
      try loss(u.convolved(weight: w, padding: padding, dilation: test.dilation))
    }
    #expect(withoutBias.holds(1e-9), "\(withoutBias)")
  }

  @Test(arguments: [[3], [2, 1], [2, 3, 2], [1, 2, 3, 2]]) func pooling(lattice: [Int]) throws {
    let a = scattered([2, 3] + lattice, 1)
    let value = try Tape().variable(a).globalAveragePooled().value
    #expect(value.shape == [2, 3])
    let sites = lattice.reduce(1, *)
    for row in 0..<6 {
      let mean = exactSum(a.values[(row * sites)..<((row + 1) * sites)]) / Double(sites)
      #expect(abs(value.values[row] - mean) < 1e-15)
    }
    let report = try checkGradients(at: a) { _, x in try loss(x.globalAveragePooled()) }
    #expect(report.holds(1e-9), "\(report)")
    #expect(throws: AutodiffError.self) {
      try Tape().variable(scattered([2, 3])).globalAveragePooled()
    }
  }

  @Test func shapesThatDoNotFitAreNamed() throws {
    let tape = Tape()
    let x = tape.variable(scattered([2, 3, 4, 4]))
    func refuses(_ weight: [Int], bias: [Int]? = nil, dilation: Int = 1) -> Bool {
      do {
        _ = try x.convolved(
          weight: tape.variable(scattered(weight)), bias: bias.map { tape.variable(scattered($0)) },
          dilation: dilation)
        return false
      } catch {
        return "\(error)".contains("\(weight)") || dilation < 1
      }
    }
    #expect(!refuses([2, 3, 3, 3]))
    #expect(refuses([2, 2, 3, 3]) && refuses([2, 3, 3]) && refuses([2, 3, 0, 3]))
    #expect(refuses([2, 3, 3, 3], bias: [3]) && refuses([2, 3, 3, 3], dilation: 0))
  }

  /// A network of two layers; the rows of the second weight's derivative are summed in several parts.
  @Test func resultsDoNotDependOnThreads() throws {
    func check<Scalar: LatticeReal>(_: Scalar.Type) throws {
      let u = scattered([40, 3, 8, 9], 1, of: Scalar.self)
      let (v, w) = (
        scattered([5, 3, 3, 3], 2, of: Scalar.self), scattered([18, 5, 3, 2], 3, of: Scalar.self)
      )
      let b = scattered([18], 4, of: Scalar.self)
      let results = try onThreads {
        let tape = Tape()
        let leaves = [u, v, w, b].map { tape.variable($0) }
        let hidden = try leaves[0].convolved(weight: leaves[1]).relu()
        let output = try hidden.convolved(weight: leaves[2], bias: leaves[3], padding: .zero)
        let loss = try output.globalAveragePooled().squared().mean()
        let gradients = tape.gradients(of: loss)
        return [loss.value] + leaves.map { gradients[$0] }
      }
      #expect(results[0] == results[1] && results[0] == results[2])
    }
    try check(Double.self)
    try check(Float.self)
  }
}
