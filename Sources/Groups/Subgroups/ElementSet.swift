/// A set of elements of a group, one bit each.
public struct ElementSet: Sendable, Hashable {
  private var words: [UInt64] = []

  public init() {}

  public init(_ elements: some Sequence<Int>) {
    for g in elements { insert(g) }
  }

  public func contains(_ g: Int) -> Bool {
    g >= 0 && g >> 6 < words.count && words[g >> 6] >> UInt64(g & 63) & 1 == 1
  }

  public mutating func insert(_ g: Int) {
    precondition(g >= 0, "elements have numbers from 0")
    while words.count <= g >> 6 { words.append(0) }
    words[g >> 6] |= 1 << UInt64(g & 63)
  }

  public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// The elements, ascending.
  public var elements: [Int] {
    var result: [Int] = []
    for (i, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        result.append(64 * i + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return result
  }

  public func isSubset(of other: ElementSet) -> Bool {
    words.indices.allSatisfy {
      words[$0] & ~($0 < other.words.count ? other.words[$0] : 0) == 0
    }
  }

  public func intersection(_ other: ElementSet) -> ElementSet {
    var result = ElementSet()
    result.words = zip(words, other.words).map { $0 & $1 }
    while result.words.last == 0 { result.words.removeLast() }
    return result
  }
}
