import Autodiff
import Compute
import GaugeChecks
import Lattice
import Testing

/// Expects that an adjoint is that of a map of plain arrays: <c, df/ds> = <adjoint(x, c), v> along x + s v.
///
/// - Parameters:
///   - count: of the input, which is drawn from a normal distribution.
///   - points: inputs to try beside these.
///   - forward: f.
///   - adjoint: the derivative of <c, f(x)> with respect to x, of x and the cotangent c.
@discardableResult
public func expectAdjointMatches(
  _ name: String, count: Int, at points: [[Double]] = [], seed: UInt64 = 1,
  tolerance: Double = 1e-8, forward: @escaping ([Double]) throws -> [Double],
  adjoint: @escaping ([Double], _ cotangent: [Double]) throws -> [Double],
  sourceLocation: SourceLocation = #_sourceLocation
) -> SuiteReport {
  expectHolds(
    CheckSuite.adjoint(
      of: name, count: count, at: points, seed: seed, tolerance: tolerance, forward: forward,
      adjoint: adjoint), sourceLocation)
}

/// Expects that the adjoint of numbers of links is right: G of every link, with
/// d<c, f>/ds = -sum tr(X G) along U -> exp(s X) U.
@discardableResult
public func expectAdjointMatches<Field: PlainReadable, Force: PlainConvertible>(
  _ name: String, _ plan: CheckPlan = CheckPlan(),
  forward: @escaping (Field) throws -> [Double],
  adjoint: @escaping (Field, _ cotangent: [Double]) throws -> Force,
  sourceLocation: SourceLocation = #_sourceLocation
) -> SuiteReport {
  expectHolds(
    CheckSuite.adjoint(of: name, plan, forward: forward, adjoint: adjoint), sourceLocation)
}

/// Expects that the adjoints of a function on a tape agree with differences, each input on its own.
///
/// - Parameter function: a layer or a loss, a tensor of any shape.
@discardableResult
public func expectAdjointMatches<each Input: PerturbableValue>(
  _ name: String, at inputs: repeat each Input, seed: UInt64 = 1, tolerance: Double = 1e-8,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ function: (Tape, repeat Variable<each Input>) throws -> Variable<Tensor<Double>>
) -> SuiteReport {
  expectHolds(
    CheckSuite.tape(
      of: name, at: repeat each inputs, seed: seed, tolerance: tolerance, function: function),
    sourceLocation)
}

/// Expects that a gradient is that of a real function of a plain array.
///
/// - Parameter count: of the input, which is drawn from a normal distribution.
@discardableResult
public func expectGradientMatches(
  _ name: String, count: Int, at points: [[Double]] = [], seed: UInt64 = 1,
  tolerance: Double = 1e-8, value: @escaping ([Double]) throws -> Double,
  gradient: @escaping ([Double]) throws -> [Double],
  sourceLocation: SourceLocation = #_sourceLocation
) -> SuiteReport {
  expectHolds(
    CheckSuite.gradient(
      of: name, count: count, at: points, seed: seed, tolerance: tolerance, value: value,
      gradient: gradient), sourceLocation)
}

/// Expects that the gradient of a real function of links is right: G of every link, with
/// dl/ds = -sum tr(X G) along U -> exp(s X) U.
@discardableResult
public func expectGradientMatches<Field: PlainReadable, Force: PlainConvertible>(
  _ name: String, _ plan: CheckPlan = CheckPlan(), value: @escaping (Field) throws -> Double,
  gradient: @escaping (Field) throws -> Force, sourceLocation: SourceLocation = #_sourceLocation
) -> SuiteReport {
  expectHolds(CheckSuite.force(of: name, plan, value: value, force: gradient), sourceLocation)
}
