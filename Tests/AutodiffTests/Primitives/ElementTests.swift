import Autodiff
import Compute
import Testing

@Suite struct ElementTests {
  static let shapes = [[], [1], [17], [3, 5], [2, 3, 1, 2, 2]]

  @Test(arguments: shapes) func adjointsOfArithmetic(shape: [Int]) throws {
    let (a, b) = (scattered(shape, 1), scattered(shape, 2))
    let functions: [(String, (Real, Real) throws -> Real)] = [
      ("adding", { try $0.adding($1) }), ("subtracting", { try $0.subtracting($1) }),
      ("multiplied", { try $0.multiplied(by: $1) }),
      ("scaled", { try $0.scaled(by: -1.7).multiplied(by: $1.negated()) }),
      ("constant", { try $0.adding(0.3).multiplied(by: $1.squared()) }),
    ]
    for (name, function) in functions {
      let report = try checkGradients(at: a, b) { _, x, y in try loss(function(x, y)) }
      #expect(report.holds(1e-9), "\(name) \(shape): \(report)")
    }
  }

  @Test func values() throws {
    let tape = Tape()
    let (a, b) = (scattered([3, 7], 1), scattered([3, 7], 2))
    let (x, y) = (tape.variable(a), tape.variable(b))
    #expect(try x.adding(y).value == a.zip(b, +))
    #expect(try x.subtracting(y).value == a.zip(b, -))
    #expect(try x.multiplied(by: y).value == a.zip(b, *))
    #expect(x.scaled(by: 3).value == a.map { 3 * $0 })
    #expect(x.adding(3).value == a.map { $0 + 3 })
    #expect(x.negated().value == a.map { -$0 } && x.squared().value == a.map { $0 * $0 })
    let other = tape.constant(scattered([7, 3]))
    let expected = AutodiffError.shapeMismatch(
      name: "the second factor", expected: [3, 7], found: [7, 3])
    #expect(throws: expected) { try x.multiplied(by: other) }
    #expect("\(expected)".contains("[3, 7]") && "\(expected)".contains("[7, 3]"))
    #expect(throws: AutodiffError.self) { try x.adding(other) }
    #expect(throws: AutodiffError.self) { try x.subtracting(other) }
  }

  @Test(arguments: Activation.allCases) func adjointsOfActivations(activation: Activation) throws {
    for shape in Self.shapes {
      // Away from 0, where rectifiers bend, and over several units.
      let a = scattered(shape, 3).map { 3 * $0 + ($0 < 0 ? -0.2 : 0.2) }
      let report = try checkGradients(at: a) { _, x in try loss(x.applying(activation)) }
      #expect(report.holds(1e-9), "\(activation) \(shape): \(report)")
      let leaky = try checkGradients(at: a) { _, x in try loss(x.leakyRelu(slope: 0.3)) }
      #expect(leaky.holds(1e-9), "\(leaky)")
    }
  }

  @Test func activationsHaveTheirMethods() throws {
    let x = Tape().variable(scattered([40], 4))
    #expect(x.relu().value == x.applying(.relu).value)
    #expect(x.leakyRelu(slope: 0.01).value == x.applying(.leakyRelu).value)
    #expect(x.tanh().value == x.applying(.tanh).value)
    #expect(x.sigmoid().value == x.applying(.sigmoid).value)
    #expect(x.softplus().value == x.applying(.softplus).value)
    #expect(x.gelu().value == x.applying(.gelu).value)
    #expect(x.applying(.identity).value == x.value)
    let inSingle = Tape().variable(scattered([40], 4, of: Float.self))
    for activation in Activation.allCases {
      for (a, b) in zip(inSingle.applying(activation).value.values, x.value.values) {
        #expect(abs(Double(a) - activation.value(b)) < 1e-6)
      }
      #expect(Activation(rawValue: activation.rawValue) == activation)
    }
  }

  @Test func resultsDoNotDependOnThreads() throws {
    let (a, b) = (scattered([100_003], 1), scattered([100_003], 2))
    let results = try onThreads {
      let tape = Tape()
      let (x, y) = (tape.variable(a), tape.variable(b))
      let value = try loss(x.multiplied(by: y).gelu().adding(x.tanh()))
      let gradients = tape.gradients(of: value)
      return [value.value, gradients[x], gradients[y]]
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }
}
