import Compute

/// The quasi-Newton method of limited memory, for losses that are calculated on all data at once.
///
/// The direction is `-H g` with H built from the last changes of parameters s and gradients y by the
/// two-loop recursion; its length satisfies the strong conditions of Wolfe. All arithmetic is in double
/// precision. J. Nocedal and S. Wright, Numerical Optimization, Springer 2006, algorithms 7.4 and 7.5.
///
/// Where a stochastic rule has found the valley of a small network, some hundred iterations reach its
/// bottom to rounding.
public struct LBFGS<Scalar: LatticeReal>: Sendable {
  /// Changes that are remembered.
  public let memory: Int
  /// Iterations made.
  public private(set) var stepCount = 0
  /// Whether no step along the direction, nor along the gradient, lowered the loss: rounding is reached.
  public private(set) var isStalled = false
  private var history: [Change] = []
  // Where the last step ended: the next one begins there.
  private var last: Point?

  private struct Change: Sendable {
    let s: [Double]
    let y: [Double]
    let product: Double

    init(s: [Double], y: [Double]) {
      (self.s, self.y, product) = (s, y, dot(s, y))
    }
  }

  /// A place with its loss and gradient.
  private struct Point: Sendable {
    let x: [Double]
    let loss: Double
    let gradient: [Double]
  }

  /// - Throws: `.setting` for a memory below 1.
  public init(memory: Int = 100) throws(AutodiffError) {
    try requireCount("the memory", memory, atLeast: 1)
    self.memory = memory
  }

  /// One iteration.
  ///
  /// - Parameter evaluate: the loss and its derivatives, the same for the same parameters.
  /// - Returns: the loss after it.
  /// - Throws: `.nonFinite` where loss or derivatives are not finite to begin with, or what `evaluate`
  ///   throws; the parameters have not changed then.
  public mutating func step(
    _ parameters: inout Parameters<Scalar>,
    evaluate: (Parameters<Scalar>) throws -> (loss: Double, gradients: Gradients<Scalar>)
  ) throws -> Double {
    let layout = parameters
    func point(_ x: [Double]) throws -> Point {
      let place = layout.replacingValues(x)
      let (loss, gradients) = try evaluate(place)
      // Where parameters are rounded, the place that was looked at is the rounded one.
      return Point(x: place.flatValues, loss: loss, gradient: gradients.flatValues)
    }
    let values = parameters.flatValues
    let start = if let last, last.x == values { last } else { try point(values) }
    guard start.loss.isFinite, start.gradient.allSatisfy(\.isFinite) else {
      throw AutodiffError.nonFinite(name: "loss", index: 0)
    }
    stepCount += 1
    var next = try search(from: start, along: direction(start.gradient), point)
    if next == nil, !history.isEmpty {
      history = []
      next = try search(from: start, along: direction(start.gradient), point)
    }
    guard let next else {
      isStalled = true
      return start.loss
    }
    // Rounded as a saved state is, so that a continuation does the same.
    let change = Change(
      s: rounded(difference(next.x, start.x)),
      y: rounded(difference(next.gradient, start.gradient)))
    if change.product > 0 {
      history.append(change)
      if history.count > memory { history.removeFirst() }
    }
    last = next
    parameters = layout.replacingValues(next.x)
    return next.loss
  }

  private func rounded(_ x: [Double]) -> [Double] { x.map { Double(Scalar($0)) } }

  /// -H g
  private func direction(_ gradient: [Double]) -> [Double] {
    var q = gradient.map { -$0 }
    guard let last = history.last else {
      // The first step has length 1 at most.
      let norm = dot(q, q).squareRoot()
      return norm > 1 ? q.map { $0 / norm } : q
    }
    var factors = [Double]()
    for change in history.reversed() {
      let a = dot(change.s, q) / change.product
      factors.append(a)
      add(&q, -a, change.y)
    }
    let scale = last.product / dot(last.y, last.y)
    for i in q.indices { q[i] *= scale }
    for (change, a) in zip(history, factors.reversed()) {
      add(&q, a - dot(change.y, q) / change.product, change.s)
    }
    return q
  }

  /// A point along a direction where the loss is lower and the slope flatter; nil if none is found.
  private func search(
    from start: Point, along direction: [Double], _ point: ([Double]) throws -> Point
  ) throws -> Point? {
    let slope = dot(start.gradient, direction)
    guard slope < 0 else { return nil }
    var (low, lowSlope, lowLength) = (start, slope, 0.0)
    var high: (loss: Double, slope: Double, length: Double)?
    var length = 1.0
    for _ in 0..<25 {
      var x = start.x
      add(&x, length, direction)
      let here = try point(x)
      let hereSlope = dot(here.gradient, direction)
      let isFinite = here.loss.isFinite && hereSlope.isFinite
      if !isFinite || here.loss > start.loss + 1e-4 * length * slope || here.loss >= low.loss {
        high = (isFinite ? here.loss : .infinity, hereSlope, length)
      } else {
        if abs(hereSlope) <= -0.9 * slope { return here }
        if hereSlope * ((high?.length ?? .infinity) - lowLength) >= 0 {
          high = (low.loss, lowSlope, lowLength)
        }
        (low, lowSlope, lowLength) = (here, hereSlope, length)
      }
      if let high {
        if high.length == lowLength { break }
        length = Self.between(low.loss, lowSlope, lowLength, high.loss, high.slope, high.length)
      } else {
        length *= 4
      }
    }
    // The conditions may not be met within rounding; a lower loss is a step all the same.
    return lowLength > 0 && low.loss < start.loss ? low : nil
  }

  /// The minimum of the cubic through two values and slopes, well inside the interval.
  private static func between(
    _ f: Double, _ df: Double, _ a: Double, _ g: Double, _ dg: Double, _ b: Double
  ) -> Double {
    let middle = (a + b) / 2
    guard g.isFinite else { return a + (b - a) / 10 }
    let d1 = df + dg - 3 * (f - g) / (a - b)
    let root = d1 * d1 - df * dg
    guard root >= 0 else { return middle }
    let d2 = root.squareRoot() * (b > a ? 1 : -1)
    let t = b - (b - a) * (dg + d2 - d1) / (dg - df + 2 * d2)
    let (lower, upper) = (min(a, b), max(a, b))
    let margin = 0.05 * (upper - lower)
    return t.isFinite && t > lower + margin && t < upper - margin ? t : middle
  }

  /// What a continuation needs, as tensors like the parameters: `s0` and `y0` are the oldest change.
  public func state(like parameters: Parameters<Scalar>) -> OptimiserState<Scalar> {
    var slots = [String: Parameters<Scalar>]()
    for (k, change) in history.enumerated() {
      slots["s\(k)"] = parameters.replacingValues(change.s)
      slots["y\(k)"] = parameters.replacingValues(change.y)
    }
    return OptimiserState(
      kind: Self.kind, settings: ["memory": Double(memory), "stalled": isStalled ? 1 : 0],
      stepCount: stepCount, slots: slots)
  }

  /// Continues from a saved state.
  ///
  /// - Throws: `.state` for a state of another kind, memory or number of changes.
  public init(_ state: OptimiserState<Scalar>) throws(AutodiffError) {
    guard state.kind == Self.kind else {
      throw .state(what: "an optimiser", expected: Self.kind, found: state.kind)
    }
    let memory = state.settings["memory"].flatMap { Int(exactly: $0) } ?? 0
    try self.init(memory: memory)
    stepCount = state.stepCount
    isStalled = state.settings["stalled"] == 1
    guard state.slots.count % 2 == 0, state.slots.count / 2 <= memory else {
      throw .state(
        what: "the changes", expected: "\(2 * memory) tensors or fewer",
        found: "\(state.slots.count)")
    }
    for k in 0..<(state.slots.count / 2) {
      guard let s = state.slots["s\(k)"], let y = state.slots["y\(k)"] else {
        throw .state(what: "the change", expected: "s\(k) and y\(k)", found: "neither or one")
      }
      history.append(Change(s: s.flatValues, y: y.flatValues))
    }
  }

  /// The name under which states are saved.
  public static var kind: String { "lbfgs" }
}

private func dot(_ x: [Double], _ y: [Double]) -> Double {
  var sum = 0.0
  for i in x.indices { sum += x[i] * y[i] }
  return sum
}

private func add(_ x: inout [Double], _ factor: Double, _ y: [Double]) {
  for i in x.indices { x[i] += factor * y[i] }
}

private func difference(_ x: [Double], _ y: [Double]) -> [Double] {
  zip(x, y).map { $0 - $1 }
}

extension Parameters {
  /// All elements in the order of names, in double precision.
  var flatValues: [Double] { flatMap { $0.tensor.values.map { Double($0) } } }

  /// The same names and shapes with other elements, rounded to the precision.
  func replacingValues(_ values: [Double]) -> Parameters {
    var result = self
    var start = 0
    for position in indices {
      result.withUnsafeMutableValues(at: position) { elements in
        for i in elements.indices { elements[i] = Scalar(values[start + i]) }
        start += elements.count
      }
    }
    return result
  }
}
