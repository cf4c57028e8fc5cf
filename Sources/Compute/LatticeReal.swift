/// A floating-point type that fields can be made of: `Double` or `Float`.
public protocol LatticeReal: BinaryFloatingPoint, SIMDScalar, Sendable, Codable
where RawSignificand: FixedWidthInteger {
  /// The 64-byte vector that kernels work on: 8 doubles or 16 floats.
  associatedtype Lanes: LaneVector where Lanes.Scalar == Self

  /// The name used on the command line and in headers: `f64` or `f32`.
  static var precisionName: String { get }
}

extension Double: LatticeReal {
  public typealias Lanes = SIMD8<Double>
  public static var precisionName: String { "f64" }
}

extension Float: LatticeReal {
  public typealias Lanes = SIMD16<Float>
  public static var precisionName: String { "f32" }
}
