/// A permutation of points: `images[i]` is where point i goes.
public struct Permutation: GroupElement {
  public let images: [Int]

  /// - Throws: `GroupError.invalidParameter` where `images` is no permutation of `0..<images.count`.
  public init(_ images: [Int]) throws(GroupError) {
    guard images.sorted() == Array(0..<images.count) else {
      throw .invalidParameter(
        name: "the images", expected: "a permutation of 0..<\(images.count)", found: "\(images)")
    }
    self.images = images
  }

  private init(unchecked images: [Int]) { self.images = images }

  public static func * (a: Self, b: Self) -> Self {
    precondition(a.images.count == b.images.count, "factors have different numbers of points")
    return Self(unchecked: b.images.map { a.images[$0] })
  }

  public var inverse: Self {
    var result = images
    for (i, image) in images.enumerated() { result[image] = i }
    return Self(unchecked: result)
  }

  /// Cycles, `(0 1 2)(3 4)`.
  public var label: String {
    var seen = [Bool](repeating: false, count: images.count)
    var text = ""
    for start in images.indices where !seen[start] && images[start] != start {
      var cycle = [start]
      seen[start] = true
      var point = images[start]
      while point != start {
        seen[point] = true
        cycle.append(point)
        point = images[point]
      }
      text += "(" + cycle.map(String.init).joined(separator: " ") + ")"
    }
    return text.isEmpty ? "identity" : text
  }

  /// The cyclic permutation `i -> i + 1` of n points.
  static func cycle(_ n: Int) -> Permutation {
    Permutation(unchecked: (0..<n).map { ($0 + 1) % n })
  }

  /// All permutations of n points in lexical order.
  static func lexical(_ n: Int) -> [[Int]] {
    var result: [[Int]] = [[]]
    for _ in 0..<n {
      result = result.flatMap { start in
        (0..<n).filter { !start.contains($0) }.map { start + [$0] }
      }
    }
    return result
  }
}
