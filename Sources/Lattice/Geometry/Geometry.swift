/// Errors of lattice geometry.
public enum GeometryError: Error, Equatable, Sendable, CustomStringConvertible {
  case dimension(Int)
  case extent(direction: Int, found: Int)
  case tooManySites([Int])
  case batch(Int)

  public var description: String {
    switch self {
    case .dimension(let d):
      "a lattice needs 2 to \(Geometry.maximumDimension) dimensions, found \(d)"
    case .extent(let direction, let found):
      "every extent must be 2 or more, found \(found) in direction \(direction)"
    case .tooManySites(let extents):
      "a lattice may have up to 2^32 - 1 sites, found \(extents.map(String.init).joined(separator: "x"))"
    case .batch(let found):
      "a batch needs 1 to 2^31 members, found \(found)"
    }
  }
}

/// A hypercubic lattice: extents of the directions x, y, z, ..., the last being time.
///
/// Sites in serial order run x fastest: `site = x + X (y + Y (z + ...))`.
public struct Geometry: Hashable, Sendable, CustomStringConvertible {
  /// Directions are kept in 5 bits of the random counters and links in small tables.
  public static let maximumDimension = 8

  /// Extents, x first, time last.
  public let extents: [Int]
  /// Number of sites.
  public let volume: Int

  /// - Throws: `GeometryError` for fewer than 2 or more than 8 dimensions, an extent below 2, or
  ///   2^32 sites and more.
  public init(_ extents: [Int]) throws(GeometryError) {
    guard (2...Self.maximumDimension).contains(extents.count) else {
      throw .dimension(extents.count)
    }
    var volume = 1
    for (direction, extent) in extents.enumerated() {
      guard extent >= 2 else { throw .extent(direction: direction, found: extent) }
      let (product, overflow) = volume.multipliedReportingOverflow(by: extent)
      guard !overflow, product < 1 << 32 else { throw .tooManySites(extents) }
      volume = product
    }
    self.extents = extents
    self.volume = volume
  }

  /// Number of directions.
  public var dimension: Int { extents.count }

  /// The planes (mu, nu), mu < nu, in lexicographic order.
  public var planes: [(mu: Int, nu: Int)] {
    (0..<dimension).flatMap { mu in ((mu + 1)..<dimension).map { (mu, $0) } }
  }

  /// The place of the plane of two directions in `planes`, whichever of them comes first.
  @inlinable @inline(__always)
  public static func planeIndex(_ mu: Int, _ nu: Int, dimension d: Int) -> Int {
    let (a, b) = (min(mu, nu), max(mu, nu))
    return a &* (2 &* d &- a &- 1) / 2 &+ b &- a &- 1
  }

  /// The coordinates of a site in serial order.
  public func coordinates(of site: Int) -> [Int] {
    var rest = site
    return extents.map { extent in
      defer { rest /= extent }
      return rest % extent
    }
  }

  /// The serial index of a site; coordinates are taken modulo the extents.
  public func site(at coordinates: [Int]) -> Int {
    var index = 0
    for (x, extent) in zip(coordinates, extents).reversed() {
      index = index * extent + ((x % extent) + extent) % extent
    }
    return index
  }

  /// The serial index of the site `steps` away in a direction.
  public func neighbour(of site: Int, direction: Int, steps: Int = 1) -> Int {
    var x = coordinates(of: site)
    x[direction] += steps
    return self.site(at: x)
  }

  public var description: String { extents.map(String.init).joined(separator: "x") }
}
