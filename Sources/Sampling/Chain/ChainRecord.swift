/// What is measured after every update.
public struct ChainRecord: Sendable, Equatable {
  /// Counted from 1, thermalisation included.
  public var update: Int
  public var plaquette: Double
  /// Mean over planes without time.
  public var plaquetteSpatial: Double?
  /// Mean over planes with time, the last direction.
  public var plaquetteTemporal: Double
  /// (1/2 pi) sum arg P; U(1) in two dimensions only.
  public var topologicalCharge: Double?
  /// What became of the trajectory; nil for the heat bath.
  public var trajectory: TrajectoryRecord?
}

/// What became of a trajectory of hybrid Monte Carlo.
public struct TrajectoryRecord: Sendable, Equatable {
  /// H after less H before.
  public var energyChange: Double
  public var isAccepted: Bool
  /// Steps of the trajectory.
  public var steps: Int
  /// How far links were, over sqrt(N), from where they began after the trajectory and its way
  /// back; nil where that was not tried.
  public var reversibilityViolation: Double?
}
