import Autodiff
import EquivariantLayers
import Groups

/// A picture of 9 x 9 sites and the one that is to be made of it.
struct PictureTask {
  enum Target: String, CaseIterable { case square, rectangle, random }

  static let extent = 9
  let input: Tensor<Double>
  let target: Tensor<Double>
  let noise: Double
  let seed: UInt64

  init(_ target: Target, noise: Double, seed: UInt64) throws {
    (self.noise, self.seed) = (noise, seed)
    input = try Self.box(halfWidths: (2, 2))
    switch target {
    case .square: self.target = try Self.box(halfWidths: (3, 3))
    case .rectangle: self.target = try Self.box(halfWidths: (3, 1))
    case .random:
      self.target = try Self.normal(1, seed: seed << 16, stream: 1 << 31)
    }
  }

  /// Ones around the centre.
  private static func box(halfWidths: (Int, Int)) throws -> Tensor<Double> {
    let centre = extent / 2
    let values = (0..<(extent * extent)).map { site in
      abs(site / extent - centre) <= halfWidths.0 && abs(site % extent - centre) <= halfWidths.1
        ? 1.0 : 0
    }
    return try Tensor(shape: [1, 1, extent, extent], values: values)
  }

  private static func normal(
    _ count: Int, seed: UInt64, stream: UInt32
  ) throws -> Tensor<Double> {
    try .initialised(shape: [count, 1, extent, extent], fanIn: 1, seed: seed, stream: stream)
  }

  /// The elements that keep both pictures.
  func symmetry(under group: LatticeGroup) throws -> Subgroup {
    let fields = try FieldType.scalar(group)
    return try group.group.subgroup(
      elements: (0..<group.order).filter { g in
        try fields.transformed(input, by: g) == input
          && fields.transformed(target, by: g) == target
      })
  }

  /// Noisy copies of both pictures, others for every set and number.
  func batch(
    set: Int, number: Int, count: Int
  ) throws -> (x: Tensor<Double>, y: Tensor<Double>) {
    func noisy(_ picture: Tensor<Double>, _ stream: Int) throws -> Tensor<Double> {
      let noise = try Self.normal(
        count, seed: (seed << 16 + UInt64(set)) | 1 << 63, stream: UInt32(stream))
      let values = noise.values.enumerated().map {
        picture.values[$0.offset % picture.count] + self.noise * $0.element
      }
      return try Tensor(shape: noise.shape, values: values)
    }
    return (try noisy(input, 2 * number), try noisy(target, 2 * number + 1))
  }
}
