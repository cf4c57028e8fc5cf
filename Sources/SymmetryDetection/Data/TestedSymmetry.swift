/// The kinds of symmetry that are tested, in the order of a report.
public enum TestedSymmetry: String, Sendable, Hashable, Codable, CaseIterable {
  /// Rotations and reflections of the lattice around a site.
  case point
  case translation
  case charge
  case parity
  case time
  /// The centre of the gauge group.
  case center
}
