/// A guess at the order in which a file runs through the sites and the directions.
struct SiteOrder {
  /// Directions, the fastest first.
  let fastestFirst: [Int]
  /// All even sites before all odd ones.
  let isCheckerboard: Bool
  /// The place of direction mu among the links of a site.
  let placeOfDirection: [Int]
  private let strides: [Int]
  private let half: Int

  init(fastestFirst: [Int], isCheckerboard: Bool, placeOfDirection: [Int], geometry: Geometry) {
    self.fastestFirst = fastestFirst
    self.isCheckerboard = isCheckerboard
    self.placeOfDirection = placeOfDirection
    var strides = [Int](repeating: 0, count: geometry.dimension)
    var stride = 1
    for mu in fastestFirst {
      strides[mu] = stride
      stride *= geometry.extents[mu]
    }
    self.strides = strides
    half = geometry.volume / 2
  }

  /// The place of a site in the file.
  func rank(_ coordinates: [Int]) -> Int {
    var rank = 0
    for (x, stride) in zip(coordinates, strides) { rank += x * stride }
    guard isCheckerboard else { return rank }
    return rank / 2 + (coordinates.reduce(0, +) % 2 == 0 ? 0 : half)
  }

  /// All orders worth a try, the usual one first.
  static func candidates(_ geometry: Geometry) -> [SiteOrder] {
    let d = geometry.dimension
    let usual = Array(0..<d)
    let sites = d <= 4 ? permutations(usual) : [usual, usual.reversed()]
    let rotated = (0..<d).map { ($0 + 1) % d }
    var directions = [usual, Array(usual.reversed()), rotated]
    if d == 2 { directions.removeLast() }
    var result: [SiteOrder] = []
    for places in directions {
      for order in sites {
        for isCheckerboard in [false, true] {
          // Halving the rank counts the sites of one colour only where the fastest extent is even.
          if isCheckerboard && !geometry.extents.allSatisfy({ $0 % 2 == 0 }) { continue }
          result.append(
            SiteOrder(
              fastestFirst: order, isCheckerboard: isCheckerboard, placeOfDirection: places,
              geometry: geometry))
        }
      }
    }
    return result
  }

  /// All orders of the elements, the given one first.
  static func permutations<Element>(_ elements: [Element]) -> [[Element]] {
    guard elements.count > 1 else { return [elements] }
    return elements.indices.flatMap { index in
      var rest = elements
      let first = rest.remove(at: index)
      return permutations(rest).map { [first] + $0 }
    }
  }

  /// Names of the directions: x, y, z, t, the last being time.
  static func names(_ dimension: Int) -> [String] {
    switch dimension {
    case 2: ["x", "t"]
    case 3: ["x", "y", "t"]
    case 4: ["x", "y", "z", "t"]
    default: (0..<dimension).map { "x\($0)" }
    }
  }

  /// In words, slowest first.
  func text(_ axes: [StoredLinks.Axis]) -> String {
    let names = Self.names(fastestFirst.count)
    let sites = fastestFirst.reversed().map { names[$0] }.joined(separator: " ")
    let words = axes.map { axis in
      axis == .site ? (isCheckerboard ? "parity \(sites)" : sites) : axis.rawValue
    }
    let order = placeOfDirection.indices.sorted { placeOfDirection[$0] < placeOfDirection[$1] }
    let mu =
      order == Array(order.indices)
      ? "" : ", mu = " + order.map { names[$0] }.joined(separator: " ")
    return words.joined(separator: " ") + mu + " (fastest last)"
  }
}
