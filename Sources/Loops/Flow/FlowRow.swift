import Compute
import Lattice

/// Observables of the links at one flow time.
public struct FlowRow: Sendable, Hashable {
  public let time: Double
  /// E from plaquettes: 2 sum_{mu<nu} Re tr(1 - P), mean over sites.
  public let energyPlaquette: Double
  /// E from the clover field strength, its parts from planes without and with time, and the charge.
  public let clover: CloverObservables

  /// The observables of every batch member.
  public static func measure<Scalar>(_ field: LinkField<Scalar>, at time: Double) -> [FlowRow] {
    let n = Double(field.group.n)
    return zip(field.planePlaquettesOfMembers(), field.cloverObservablesOfMembers()).map {
      planes, clover in
      FlowRow(
        time: time, energyPlaquette: planes.reduce(0) { $0 + 2 * n * (1 - $1) }, clover: clover)
    }
  }
}

/// The reference scales t0 and w0 of a flow.
///
/// t0 is where t^2 E(t) reaches 0.3 for SU(3), 0.1125 (N^2 - 1) / N for other N (Luescher,
/// arXiv:1006.4518), w0^2 where t d/dt (t^2 E) does (BMW collaboration, arXiv:1203.4469). Neither exists
/// for U(1).
public struct FlowScales: Sendable, Hashable {
  /// t0 / a^2; nil where the flow did not reach it.
  public let t0: Double?
  /// w0 / a; nil where the flow did not reach it.
  public let w0: Double?

  /// The value that t^2 E has at t0; nil for U(1).
  public static func threshold(_ group: GaugeGroup) -> Double? {
    let n = Double(group.n)
    return group.n == 1 ? nil : 0.1125 * (n * n - 1) / n
  }

  /// From the clover energy of the rows of a flow.
  public init(_ rows: [FlowRow], group: GaugeGroup) {
    self.init(times: rows.map(\.time), energies: rows.map(\.clover.energy), group: group)
  }

  /// From E(t) at increasing times.
  public init(times: [Double], energies: [Double], group: GaugeGroup) {
    guard let threshold = Self.threshold(group), times.count >= 4 else {
      t0 = nil
      w0 = nil
      return
    }
    let f = zip(times, energies).map { $0 * $0 * $1 }
    t0 = Self.crossing(times, f, threshold)
    let slopes = times.indices.map { times[$0] * Self.slope(times, f, at: $0) }
    w0 = Self.crossing(times, slopes, threshold).map { $0.squareRoot() }
  }

  /// The first time at which values rise to a level, by the cubic through four points about it.
  private static func crossing(_ x: [Double], _ y: [Double], _ level: Double) -> Double? {
    guard let k = y.indices.dropFirst().first(where: { y[$0] >= level && y[$0 - 1] < level })
    else { return nil }
    let first = min(max(0, k - 2), x.count - 4)
    let points = first..<(first + 4)
    var (low, high) = (x[k - 1], x[k])
    for _ in 0..<200 where high - low > 1e-15 * high {
      let middle = (low + high) / 2
      let value = points.reduce(0) { $0 + y[$1] * weight(x, points, $1, at: middle) }
      if value < level { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// Lagrange's polynomial of point j.
  private static func weight(
    _ x: [Double], _ points: Range<Int>, _ j: Int, at t: Double
  ) -> Double {
    points.reduce(1) { $1 == j ? $0 : $0 * (t - x[$1]) / (x[j] - x[$1]) }
  }

  /// The derivative at a point by the quartic (or cubic) through its neighbours.
  private static func slope(_ x: [Double], _ y: [Double], at k: Int) -> Double {
    let width = min(5, x.count)
    let first = min(max(0, k - 2), x.count - width)
    let points = first..<(first + width)
    return points.reduce(0) { sum, j in
      let others = points.filter { $0 != j }
      // The derivative of a product of linear factors.
      let derivative = others.reduce(0.0) { total, i in
        total
          + others.reduce(1 / (x[j] - x[i])) {
            $1 == i ? $0 : $0 * (x[k] - x[$1]) / (x[j] - x[$1])
          }
      }
      return sum + y[j] * derivative
    }
  }
}
