/// Which directions of a lattice are open and which periodic.
///
/// In an open direction the links that leave the last slice do not exist, and neither does a
/// plaquette or any other loop that would need one: Luscher and Schaefer, JHEP 07 (2011) 036,
/// arXiv:1105.4749. Fields store such links as zero matrices.
public struct Boundary: Sendable, Hashable, CustomStringConvertible {
  /// Whether a direction is open, one value a direction.
  public let isOpen: [Bool]

  public init(isOpen: [Bool]) { self.isOpen = isOpen }

  /// Periodic in every direction.
  public static func periodic(_ dimension: Int) -> Boundary {
    Boundary(isOpen: Array(repeating: false, count: dimension))
  }

  /// From one word a direction, `periodic` or `open`.
  ///
  /// - Throws: `BoundaryError` for another word or another number of them.
  public init(words: [String], dimension: Int) throws(BoundaryError) {
    guard words.count == dimension else {
      throw .count(expected: dimension, found: words.count)
    }
    var isOpen = [Bool]()
    for (direction, word) in words.enumerated() {
      switch word {
      case "periodic": isOpen.append(false)
      case "open": isOpen.append(true)
      default: throw .word(direction: direction, found: word)
      }
    }
    self.isOpen = isOpen
  }

  /// Number of directions.
  public var dimension: Int { isOpen.count }

  /// Whether any direction is open.
  public var anyOpen: Bool { isOpen.contains(true) }

  /// One word a direction, `periodic` or `open`.
  public var words: [String] { isOpen.map { $0 ? "open" : "periodic" } }

  /// The words with commas between them, as the command line takes them.
  public var description: String { words.joined(separator: ",") }

  /// Whether the link in direction mu at a site exists.
  public func hasLink(_ mu: Int, at site: Int, in geometry: Geometry) -> Bool {
    !isOpen[mu] || geometry.coordinates(of: site)[mu] < geometry.extents[mu] - 1
  }

  /// The number of places for a shape that reaches over `spans[mu]` links in every direction: the
  /// product over directions of L - span where open, L where periodic.
  ///
  /// A link of direction mu spans 1 in mu, a plaquette 1 in both of its directions.
  public func placements(spans: [Int], in geometry: Geometry) -> Int {
    precondition(
      spans.count == dimension && geometry.dimension == dimension,
      "a boundary needs the dimension of the lattice")
    var count = 1
    for mu in 0..<dimension {
      count *= isOpen[mu] ? max(0, geometry.extents[mu] - spans[mu]) : geometry.extents[mu]
    }
    return count
  }

  /// The number of links of one direction.
  public func linkCount(_ mu: Int, in geometry: Geometry) -> Int {
    placements(spans: (0..<dimension).map { $0 == mu ? 1 : 0 }, in: geometry)
  }

  /// The number of plaquettes of every plane mu < nu in lexicographic order.
  public func plaquetteCounts(in geometry: Geometry) -> [Int] {
    geometry.planes.map { mu, nu in
      placements(spans: (0..<dimension).map { $0 == mu || $0 == nu ? 1 : 0 }, in: geometry)
    }
  }
}

/// Words that name no boundary.
public enum BoundaryError: Error, Equatable, Sendable, CustomStringConvertible {
  case count(expected: Int, found: Int)
  case word(direction: Int, found: String)

  public var description: String {
    switch self {
    case .count(let expected, let found):
      "expected periodic or open for each of \(expected) directions, found \(found) of them"
    case .word(let direction, let found):
      "expected periodic or open in direction \(direction), found '\(found)'"
    }
  }
}
