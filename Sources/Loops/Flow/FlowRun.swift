import Compute
import Lattice
import RealModule

/// How the flow time is divided.
public enum FlowStepping: Sendable, Equatable {
  /// Steps of one length; the last is shorter where the time is no multiple of it.
  case fixed(Double)
  /// Steps whose error estimate stays below a tolerance, none longer than `longest`.
  case adaptive(tolerance: Double, longest: Double)
}

/// Errors of a flow.
public enum FlowError: Error, Equatable, Sendable, CustomStringConvertible {
  case number(name: String, found: Double)
  case lost(time: Double, step: Double)
  /// A step or interval that divides the time into more parts than a flow can have.
  case divisions(name: String, expected: Int, found: Double)

  public var description: String {
    switch self {
    case .number(let name, let found): "\(name) must be a positive finite number, found \(found)"
    case .lost(let time, let step):
      "the flow lost all accuracy at t = \(time) with step \(step): try a tenth of it"
    case .divisions(let name, let expected, let found):
      "\(name) must divide the flow time into at most \(expected) parts, found \(found)"
    }
  }
}

extension GradientFlow {
  /// What a flow did.
  public struct Run: Sendable {
    /// Observables at the times that were asked for, of every batch member: [member][time].
    public internal(set) var rows: [[FlowRow]]
    /// Steps taken, rejected ones not counted.
    public internal(set) var steps = 0
    /// Steps that were repeated with a shorter length.
    public internal(set) var rejectedSteps = 0
    /// The largest error estimate of a step that was examined: all of an adaptive run, the first of a
    /// fixed one, where the flow is fastest.
    public internal(set) var largestStepError = 0.0
  }

  /// Flows links from time 0 to `time`.
  ///
  /// - Parameters:
  ///   - interval: flow time between two rows; nil measures after every step. Steps are shortened to
  ///     end at its multiples. Rows at 0 and at `time` are always there.
  ///   - progress: called after every step with the time reached; returns whether to go on.
  /// - Throws: `FlowError` for numbers that are not positive, for too many steps, and for a flow that
  ///   diverged.
  public func run<Scalar: LatticeReal>(
    _ field: inout LinkField<Scalar>, to time: Double, _ stepping: FlowStepping,
    measuringEvery interval: Double? = nil, progress: (Double) -> Bool = { _ in true }
  ) throws(FlowError) -> Run {
    try Self.require(time, "time")
    if let interval {
      try Self.require(interval, "interval")
      try Self.requireDivision(of: time, by: interval, "interval")
    }
    var run = Run(rows: FlowRow.measure(field, at: 0).map { [$0] })
    var accumulator = AlgebraField<Scalar>(layout: field.layout, group: field.group)
    let rowTimes = interval.map { Self.multiples(of: $0, upTo: time) }
    var nextRow = 0
    var t = 0.0

    func finishStep(at reached: Double) -> Bool {
      t = reached
      run.steps += 1
      if let rowTimes {
        if nextRow < rowTimes.count, t == rowTimes[nextRow] {
          nextRow += 1
          append(field, t, to: &run)
        }
      } else {
        append(field, t, to: &run)
      }
      return progress(t)
    }

    switch stepping {
    case .fixed(let step):
      try Self.require(step, "step")
      try Self.requireDivision(of: time, by: step, "step")
      // Rows lie among the ends of steps.
      let ends = Self.merged(Self.multiples(of: step, upTo: time), rowTimes ?? [])
      for end in ends {
        if run.steps == 0 {
          var start = field
          run.largestStepError = stepWithError(
            &field, by: end - t, accumulator: &accumulator, start: &start)
          guard run.largestStepError.isFinite else { throw .lost(time: t, step: step) }
        } else {
          self.step(&field, by: end - t, accumulator: &accumulator)
        }
        if !finishStep(at: end) { break }
      }
    case .adaptive(let tolerance, let longest):
      try Self.require(tolerance, "tolerance")
      try Self.require(longest, "longest step")
      var step = min(longest, 0.01)
      var start = field
      while t < time {
        let target = min(time, rowTimes.map { $0[min(nextRow, $0.count - 1)] } ?? time)
        let isLast = t + step * (1 + 1e-9) >= target
        let length = isLast ? target - t : step
        let error = stepWithError(&field, by: length, accumulator: &accumulator, start: &start)
        if error.isFinite, error <= tolerance {
          run.largestStepError = max(run.largestStepError, error)
          if !finishStep(at: isLast ? target : t + length) { break }
        } else {
          field = start
          accumulator = AlgebraField(layout: field.layout, group: field.group)
          run.rejectedSteps += 1
          guard length > 1e-12 * time else { throw .lost(time: t, step: length) }
        }
        // The error of the second-order solution is of third order.
        let factor = error > 0 ? 0.95 * Double.root(tolerance / error, 3) : 5
        let proposed = length * min(5, max(0.1, error.isFinite ? factor : 0.1))
        // A step cut short at a row does not make the next ones short.
        step = min(longest, isLast && error <= tolerance ? max(step, proposed) : proposed)
      }
    }
    return run
  }

  private func append<Scalar>(_ field: LinkField<Scalar>, _ t: Double, to run: inout Run) {
    for (member, row) in FlowRow.measure(field, at: t).enumerated() {
      run.rows[member].append(row)
    }
  }

  private static func require(_ value: Double, _ name: String) throws(FlowError) {
    guard value.isFinite, value > 0 else { throw .number(name: name, found: value) }
  }

  private static func requireDivision(
    of time: Double, by step: Double, _ name: String
  ) throws(FlowError) {
    let limit = 10_000_000
    guard time / step <= Double(limit) else {
      throw .divisions(name: name, expected: limit, found: time / step)
    }
  }

  /// step, 2 step, ... and `end`, each as exact as a product.
  static func multiples(of step: Double, upTo end: Double) -> [Double] {
    let count = Int((end / step * (1 - 1e-12)).rounded(.up))
    return (1...max(1, count)).map { $0 == max(1, count) ? end : Double($0) * step }
  }

  /// Both ascending lists in one, times that differ by rounding taken from the second.
  static func merged(_ a: [Double], _ b: [Double]) -> [Double] {
    let kept = a.filter { x in !b.contains { abs($0 - x) <= 1e-9 * x } }
    return (kept + b).sorted()
  }
}
