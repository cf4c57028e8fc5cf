#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension RandomStream {
  /// Independent numbers of mean 0 and variance 1 by the transformation of Box and Muller.
  ///
  /// - Parameter stream: which of many sequences of this seed and purpose.
  public func normals(_ count: Int, stream: UInt32 = 0) -> [Double] {
    var result = [Double]()
    result.reserveCapacity(count + 1)
    for pair in 0..<((count + 1) / 2) {
      let (a, b) = uniforms(UInt32(truncatingIfNeeded: pair), stream)
      let radius = (-2 * log(a)).squareRoot()
      result.append(radius * cos(2 * .pi * b))
      result.append(radius * sin(2 * .pi * b))
    }
    return Array(result.prefix(count))
  }
}
