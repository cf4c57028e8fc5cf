import Autodiff
import Compute
import Foundation

/// Small pictures of four shapes, each upright at a random place, under normal noise.
struct ShapeImages {
  static let extent = 9
  /// Shapes that no rotation turns into each other, nor into themselves.
  static let shapes = [
    ["#....", "#....", "#....", "#....", "#####"], ["#####", "..#..", "..#..", "..#..", "..#.."],
    ["#...#", "#...#", "#...#", "#...#", "#####"], ["####.", "#..#.", "####.", "#....", "#...."],
  ]
  let noise: Double
  let seed: UInt64

  /// Pictures `[count, 1, 9, 9]` and their classes as `[count, 4]` of 0 and 1.
  ///
  /// - Parameter set: no two sets share random numbers.
  func batch(
    set: Int, number: Int, count: Int
  ) throws -> (x: Tensor<Double>, y: Tensor<Double>) {
    let stream = RandomStream(seed: seed << 16 + UInt64(set), purpose: .trainingData)
    let n = Self.extent
    var pictures = try Tensor<Double>.initialised(
      shape: [count, 1, n, n], fanIn: 1, seed: (seed << 16 + UInt64(set)) | 1 << 63,
      stream: UInt32(number)
    ).map { noise * $0 }
    var classes = try Tensor<Double>(shape: [count, Self.shapes.count])
    for sample in 0..<count {
      let words = stream.words(UInt32(number), UInt32(sample), 0, 0)
      let shape = Int(words[0] % UInt32(Self.shapes.count))
      let room = UInt32(n - 4)
      let (top, left) = (Int(words[1] % room), Int(words[2] % room))
      for (i, row) in Self.shapes[shape].enumerated() {
        for (j, pixel) in row.enumerated() where pixel == "#" {
          pictures[sample, 0, top + i, left + j] += 1
        }
      }
      classes[sample, shape] = 1
    }
    return (pictures, classes)
  }
}
