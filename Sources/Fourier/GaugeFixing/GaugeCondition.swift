import Lattice

/// Which directions a gauge condition sums over.
public enum GaugeCondition: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  /// All of them.
  case landau
  /// All but time, the last one: every time slice by itself.
  case coulomb

  public var description: String { rawValue }

  /// The directions mu of the functional sum_x sum_mu Re tr U_mu(x).
  public func directions(dimension: Int) -> Range<Int> {
    switch self {
    case .landau: 0..<dimension
    case .coulomb: 0..<(dimension - 1)
    }
  }
}
