extension Boundary {
  /// The volume that a topological charge is summed over: plaquettes that exist in two dimensions,
  /// else sites off the boundary slices of open directions.
  public func chargeVolume(in geometry: Geometry) -> Int {
    placements(
      spans: Array(repeating: geometry.dimension == 2 ? 1 : 2, count: geometry.dimension),
      in: geometry)
  }
}
