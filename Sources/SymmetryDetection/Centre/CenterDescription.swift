/// Placeholder replaced below.
public struct CenterDescription: Sendable, Hashable, Codable {}
