import Compute
import Lattice

/// The working memory of one thread for one block of sites, in the order in which it is used; small
/// enough to stay in the second cache.
struct MixingScratch<V: LaneVector>: @unchecked Sendable {
  typealias Block = UnsafeMutablePointer<V>

  /// Hermitian and anti-hermitian parts of the right channels, [w][component].
  let right: (h: Block, a: Block)
  /// Their cotangents.
  let rightCotangent: (h: Block, a: Block)
  /// Mixed channels of a panel, [row][component].
  let mixed: (h: Block, a: Block)
  let mixedCotangent: (h: Block, a: Block)
  /// The mixed cotangents with channels in the lanes, [row vector][component][lane].
  let transposed: Block
  /// Matrices.
  let matrices: Block
  /// A site's channels, twice, with lanes exchanged.
  let exchanged: Block

  /// Rows that are mixed before they are used: two vectors of them.
  static var panelRows: Int { 2 * V.scalarCount }

  private let buffer: AlignedBuffer<V>

  init(components: Int, paddedRights: Int, rightFieldChannels: Int, backward: Bool) {
    let rights = paddedRights * components
    // A tile may reach beyond the last row.
    let panel = (Self.panelRows + 8) * components
    let matrix = 2 * components
    let sizes = [
      rights, rights, backward ? rights : 0, backward ? rights : 0, panel, panel,
      backward ? panel : 0, backward ? panel : 0,
      backward ? 2 * components * V.scalarCount : 0, 5 * matrix,
      2 * rightFieldChannels * matrix,
    ]
    buffer = AlignedBuffer(repeating: .zero, count: sizes.reduce(0, +))
    var p = buffer.pointer
    func take(_ k: Int) -> Block {
      defer { p += sizes[k] }
      return p
    }
    right = (take(0), take(1))
    rightCotangent = (take(2), take(3))
    mixed = (take(4), take(5))
    mixedCotangent = (take(6), take(7))
    transposed = take(8)
    matrices = take(9)
    exchanged = take(10)
  }

  /// One of five matrices.
  @inline(__always)
  func matrix(_ k: Int, _ stride: Int) -> Block { matrices + k &* stride }
}
