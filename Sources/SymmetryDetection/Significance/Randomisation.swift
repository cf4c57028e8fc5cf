import Compute
import Groups

/// Joint null draws: one group element for each bin, the same for all observables.
///
/// Where the law of the ensemble is invariant under K and bins are independent, the data and each draw
/// Y_b -> g_b Y_b with independent uniform g_b in K have one law, so that the rank of the observed statistic
/// among the draws is uniform: p = (1 + number of draws at least as large)/(1 + number of draws) is exact.
///
/// Source: E. L. Lehmann and J. P. Romano, Testing Statistical Hypotheses, chapter 15; for few large bins of
/// dependent data I. A. Canay, J. P. Romano and A. M. Shaikh, Econometrica 85 (2017) 1013.
struct Randomisation {
  let blocks: [PreparedBlock]
  let binCount: Int
  private let elementCount: Int
  /// For every block the matrices of the elements, one after the other.
  private let matrices: [[Double]]
  private let stream: RandomStream

  /// - Parameter number: what keeps the draws of different hypotheses apart.
  init(
    _ blocks: [(block: IrrepBlock, prepared: PreparedBlock)], _ subgroup: Subgroup, seed: UInt64
  ) {
    self.blocks = blocks.map(\.prepared)
    binCount = blocks[0].prepared.binCount
    elementCount = subgroup.order
    matrices = blocks.map { entry in
      subgroup.elements.flatMap { entry.block.irrep.matrix($0).elements }
    }
    stream = RandomStream(seed: seed, purpose: .symmetryRandomisation)
  }

  /// The scores of every block in a range of draws: [draw][block].
  func scores(draws: Range<Int>) -> [Double] {
    var result = [Double](repeating: 0, count: draws.count * blocks.count)
    var elements = [Int](repeating: 0, count: binCount + 3)
    let width = blocks.reduce(0) { max($0, $1.copies * $1.dimension) }
    var sum = [Double](repeating: 0, count: width)
    for draw in draws {
      elements.withUnsafeMutableBufferPointer { fill($0, draw: draw) }
      for (k, block) in blocks.enumerated() {
        let f = sum.withUnsafeMutableBufferPointer { sum in
          elements.withUnsafeBufferPointer { elements in
            block.whitened.withUnsafeBufferPointer { bins in
              matrices[k].withUnsafeBufferPointer { matrices in
                Self.add(
                  bins.baseAddress!, matrices.baseAddress!, elements.baseAddress!, binCount,
                  block.copies, block.dimension, sum.baseAddress!)
                return block.f(sum: sum.baseAddress!)
              }
            }
          }
        }
        result[(draw - draws.lowerBound) * blocks.count + k] = block.score(f)
      }
    }
    return result
  }

  /// The scores of the data.
  var observed: [Double] { blocks.map { $0.score($0.observed) } }

  private func fill(_ elements: UnsafeMutableBufferPointer<Int>, draw: Int) {
    let count = UInt64(elementCount)
    for quarter in 0..<((binCount + 3) / 4) {
      let words = stream.words(UInt32(draw), UInt32(quarter), 0, 0)
      for i in 0..<4 where quarter * 4 + i < binCount {
        elements[quarter * 4 + i] = Int((UInt64(words[i]) * count) >> 32)
      }
    }
  }

  /// sum_b Y_b D(g_b)^T.
  @inline(never)
  private static func add(
    _ bins: UnsafePointer<Double>, _ matrices: UnsafePointer<Double>,
    _ elements: UnsafePointer<Int>, _ binCount: Int, _ copies: Int, _ d: Int,
    _ sum: UnsafeMutablePointer<Double>
  ) {
    let width = copies * d
    for i in 0..<width { sum[i] = 0 }
    for b in 0..<binCount {
      let matrix = matrices + elements[b] * d * d
      let bin = bins + b * width
      for a in 0..<copies {
        for i in 0..<d {
          var x = 0.0
          for j in 0..<d { x += matrix[i * d + j] * bin[a * d + j] }
          sum[a * d + i] += x
        }
      }
    }
  }
}
