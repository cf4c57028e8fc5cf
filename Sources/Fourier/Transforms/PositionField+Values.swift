import Compute
import Lattice

extension PositionField {
  /// Fields of given numbers, `[member][channel][site]`, x fastest.
  ///
  /// - Throws: `FourierError.parameter` for no channels or an empty batch, `FourierError.shape` for another number
  ///   of values.
  public init(
    _ geometry: Geometry, channels: Int, batch: Int, values: [Scalar]
  ) throws(FourierError) {
    try self.init(geometry, channels: channels, batch: batch)
    let volume = geometry.volume
    guard values.count == batch * channels * volume else {
      throw .shape(
        expected: "\(batch * channels * volume) values", found: "\(values.count)")
    }
    values.withUnsafeBufferPointer { values in
      for row in 0..<(batch * channels) {
        pointer(row % channels, row / channels).update(
          from: values.baseAddress! + row * volume, count: volume)
      }
    }
  }

  /// All numbers, `[member][channel][site]`, x fastest.
  public var values: [Scalar] {
    let volume = geometry.volume
    return [Scalar](unsafeUninitializedCapacity: batch * channels * volume) { target, filled in
      for row in 0..<(batch * channels) {
        (target.baseAddress! + row * volume).update(
          from: pointer(row % channels, row / channels), count: volume)
      }
      filled = batch * channels * volume
    }
  }
}
