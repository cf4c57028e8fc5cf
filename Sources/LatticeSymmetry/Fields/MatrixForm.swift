import Compute

/// What happens to the vectors of a matrix on the way: where each goes, and which change sign.
struct MatrixForm: @unchecked Sendable {
  private let table: AlignedBuffer<Int32>
  private let count: Int

  /// Of N x N matrices, real part before imaginary; where n is nil of `count` numbers that stay in place.
  init(n: Int?, count: Int, transposes: Bool, conjugates: Bool, sign: Int) {
    self.count = count
    table = AlignedBuffer(uninitialized: 2 * count)
    for k in 0..<count {
      let (element, part) = (k / 2, k % 2)
      let place = n.map { transposes ? element % $0 * $0 + element / $0 : element } ?? 0
      table.pointer[k] = Int32(n == nil ? k : 2 * place + part)
      let isNegative = (sign < 0) != (n != nil && conjugates && part == 1)
      table.pointer[count + k] = isNegative ? 1 : 0
    }
  }

  @inline(__always) var places: UnsafePointer<Int32> { UnsafePointer(table.pointer) }
  @inline(__always) var negatives: UnsafePointer<Int32> { UnsafePointer(table.pointer + count) }
}
