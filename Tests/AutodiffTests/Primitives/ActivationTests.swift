import Autodiff
import Foundation
import Testing

@Suite struct ActivationTests {
  /// The definitions by libm, in forms that lose no digits.
  static func exact(_ activation: Activation, _ x: Double) -> (value: Double, derivative: Double) {
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    switch activation {
    case .identity: return (x, 1)
    case .relu: return x > 0 ? (x, 1) : (0, 0)
    case .leakyRelu: return x > 0 ? (x, 1) : (0.01 * x, 0.01)
    case .tanh: return (Foundation.tanh(x), 1 / (cosh(x) * cosh(x)))
    case .sigmoid: return (sigmoid(x), sigmoid(x) * sigmoid(-x))
    case .softplus: return (max(x, 0) + log1p(exp(-abs(x))), sigmoid(x))
    case .gelu:
      let root = (2 / Double.pi).squareRoot()
      let (z, slope) = (root * (x + 0.044715 * x * x * x), root * (1 + 0.134145 * x * x))
      return (
        x * sigmoid(2 * z), sigmoid(2 * z) + 2 * x * sigmoid(2 * z) * sigmoid(-2 * z) * slope
      )
    }
  }

  @Test(arguments: Activation.allCases) func valuesAndDerivatives(activation: Activation) {
    var arguments = [0, 1e-300, -1e-300, 1e-10, -1e-10, 600, -600]
    for k in -400...400 { arguments.append(Double(k) / 10 + 1e-3) }
    // Where gelu takes an exponential, the error of its argument is amplified by 2 z, up to 700.
    let tolerance = activation == .gelu ? 4e-13 : 4e-15
    for x in arguments {
      let (value, derivative) = Self.exact(activation, x)
      let (f, d) = (activation.value(x), activation.derivative(x))
      #expect(abs(f - value) <= tolerance * abs(value), "\(activation) \(x) \(f) \(value)")
      // The derivative of gelu has a zero of its own, where an absolute bound holds.
      let scale = activation == .gelu ? max(abs(derivative), min(1, abs(value))) : abs(derivative)
      #expect(abs(d - derivative) <= tolerance * scale, "\(activation) \(x) \(d) \(derivative)")
    }
  }

  @Test(arguments: Activation.allCases) func theEnds(activation: Activation) {
    #expect(activation.value(Double.nan).isNaN && activation.value(Float.nan).isNaN)
    #expect(activation.value(Float.infinity) == (activation.value(100) <= 1 ? 1 : .infinity))
    if activation != .identity && activation != .leakyRelu && activation != .gelu {
      #expect(activation.value(-Double.infinity) == (activation == .tanh ? -1 : 0))
      #expect(activation.derivative(-Double.infinity) == 0)
    }
    #expect(activation.value(-1e30).isFinite && activation.derivative(-1e30).isFinite)
  }
}
