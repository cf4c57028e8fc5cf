import Compute

/// What a comparison of derivatives with differences found.
public struct GradientReport: Sendable, CustomStringConvertible {
  /// One direction of one input.
  public struct Row: Sendable {
    /// Which input.
    public let input: Int
    /// The derivative along the direction by the adjoints.
    public let adjoint: Double
    /// The same by central differences.
    public let difference: Double
    /// What the differences can be trusted to.
    public let differenceError: Double
    /// What rounding of the loss alone makes of a derivative that vanishes.
    public let noise: Double
  }

  public let rows: [Row]
  /// The largest `|adjoint - difference|` over the largest derivative of the same input.
  public let relativeError: Double
  /// Inputs of which every derivative vanished: their adjoints have not been tested.
  public let untestedInputs: [Int]

  /// Whether the derivatives agree to a tolerance, and those of all inputs were tested.
  public func holds(_ tolerance: Double = 1e-8) -> Bool {
    relativeError <= tolerance && untestedInputs.isEmpty
  }

  public var description: String {
    let lines = rows.map {
      "input \($0.input): adjoint \($0.adjoint), difference \($0.difference) +- \($0.differenceError)"
    }
    let silent = untestedInputs.map { "input \($0): no derivative was other than 0" }
    return (["largest relative error \(relativeError)"] + silent + lines).joined(separator: "\n")
  }
}

/// Compares the adjoints of a function with central differences along random directions.
///
/// Every input is moved on its own. Differences are extrapolated to step 0 (Ridders), so that they are
/// good to ten digits in double precision; run it in double precision only.
///
/// - Parameters:
///   - inputs: where the derivatives are taken. The function must be smooth there.
///   - directions: how many directions are tried for each input.
///   - step: the first and largest step.
///   - function: the loss, a tensor of one element, from variables on the tape given.
public func checkGradients<each Input: PerturbableValue, Failure: Error>(
  at inputs: repeat each Input, directions: Int = 3, step: Double = 0.02, seed: UInt64 = 1,
  of function: (Tape, repeat Variable<each Input>) throws(Failure) -> Variable<Tensor<Double>>
) throws(Failure) -> GradientReport {
  let tape = Tape()
  let leaves = (repeat tape.variable(each inputs))
  let loss = try function(tape, repeat each leaves)
  let cotangents = tape.gradients(of: loss)

  var rows = [GradientReport.Row]()
  var count = 0
  for _ in repeat each inputs { count += 1 }
  for target in 0..<count {
    for k in 0..<directions {
      let seed = seed &+ UInt64(target * directions + k)
      func value(_ distance: Double) throws(Failure) -> Double {
        let tape = Tape()
        var position = -1
        func shifted<Value: PerturbableValue>(_ input: Value) -> Variable<Value> {
          position += 1
          guard position == target else { return tape.constant(input) }
          return tape.constant(input.moved(along: input.randomDirection(seed: seed), by: distance))
        }
        return try function(tape, repeat shifted(each inputs)).value.values[0]
      }
      var position = -1
      var adjoint = 0.0
      func contract<Value: PerturbableValue>(_ input: Value, _ leaf: Variable<Value>) {
        position += 1
        guard position == target else { return }
        adjoint = Value.derivative(cotangents[leaf], along: input.randomDirection(seed: seed))
      }
      repeat contract(each inputs, each leaves)
      let difference = try ExtrapolatedDerivative(firstStep: step, levels: 6, value)
      rows.append(
        .init(
          input: target, adjoint: adjoint, difference: difference.value,
          differenceError: difference.error,
          noise: 64 * difference.largestValue * .ulpOfOne / difference.step))
    }
  }
  var (worst, silent) = (0.0, [Int]())
  for target in 0..<count {
    let own = rows.filter { $0.input == target }
    let scale = own.map { max(abs($0.adjoint), abs($0.difference)) }.max() ?? 0
    let isSilent = own.allSatisfy { max(abs($0.adjoint), abs($0.difference)) <= $0.noise }
    if isSilent { silent.append(target) }
    for row in own where !isSilent {
      let error = abs(row.adjoint - row.difference) / scale
      worst = error.isFinite ? max(worst, error) : .infinity
    }
  }
  return GradientReport(rows: rows, relativeError: worst, untestedInputs: silent)
}
