import Compute

/// A tensor as it stands in a file: the type of its elements, its shape and its bytes.
public struct StoredTensor: Sendable, Equatable {
  /// The types of elements, by their names in files.
  public enum ElementType: String, Sendable, CaseIterable {
    case bool = "BOOL"
    case uint8 = "U8"
    case int8 = "I8"
    case float8E5M2 = "F8_E5M2"
    case float8E4M3 = "F8_E4M3"
    case float8E8M0 = "F8_E8M0"
    case int16 = "I16"
    case uint16 = "U16"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int32 = "I32"
    case uint32 = "U32"
    case float32 = "F32"
    case complex64 = "C64"
    case int64 = "I64"
    case uint64 = "U64"
    case float64 = "F64"

    /// The bytes of one element.
    public var size: Int {
      switch self {
      case .bool, .uint8, .int8, .float8E5M2, .float8E4M3, .float8E8M0: 1
      case .int16, .uint16, .float16, .bfloat16: 2
      case .int32, .uint32, .float32: 4
      case .complex64, .int64, .uint64, .float64: 8
      }
    }
  }

  public let elementType: ElementType
  public let shape: [Int]
  /// The elements in row-major order, little-endian.
  public let bytes: [UInt8]

  /// - Throws: `.shape`, or `.elementCount`, in bytes, where they do not fill the shape.
  public init(elementType: ElementType, shape: [Int], bytes: [UInt8]) throws(AutodiffError) {
    guard let size = product(of: shape + [elementType.size]) else { throw .shape(shape) }
    guard bytes.count == size else {
      throw .elementCount(shape: shape, expected: size, found: bytes.count)
    }
    self.elementType = elementType
    self.shape = shape
    self.bytes = bytes
  }

  /// A tensor in its own precision.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public init<Scalar: LatticeReal>(_ tensor: Tensor<Scalar>) {
    let isDouble = Scalar.significandBitCount > 23
    elementType = isDouble ? .float64 : .float32
    shape = tensor.shape
    bytes =
      isDouble
      ? littleEndianBytes(tensor.values) { Double($0).bitPattern }
      : littleEndianBytes(tensor.values) { Float($0).bitPattern }
  }

  /// Integers, with the type I64.
  ///
  /// - Throws: `.shape`, or `.elementCount` where they do not fill the shape.
  public init(shape: [Int], integers: [Int64]) throws(AutodiffError) {
    try self.init(
      elementType: .int64, shape: shape,
      bytes: littleEndianBytes(integers) { UInt64(bitPattern: $0) })
  }

  /// The integers of a tensor of the type I64, else nil.
  public var integers: [Int64]? {
    guard elementType == .int64 else { return nil }
    return (0..<bytes.count / 8).map { Int64(bitPattern: word($0, as: UInt64.self)) }
  }

  /// The elements of the types F16, BF16, F32 and F64 as a tensor, else nil.
  ///
  /// - Parameter rounding: whether F64 may be rounded to single precision; nil is returned
  ///   otherwise. All other conversions are exact.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func tensor<Scalar: LatticeReal>(
    as type: Scalar.Type, rounding: Bool = false
  ) -> Tensor<Scalar>? {
    let count = bytes.count / elementType.size
    let values: [Scalar]
    switch elementType {
    case .float64:
      guard rounding || Scalar.significandBitCount >= 52 else { return nil }
      values = (0..<count).map { Scalar(Double(bitPattern: word($0, as: UInt64.self))) }
    case .float32:
      values = (0..<count).map { Scalar(Float(bitPattern: word($0, as: UInt32.self))) }
    case .bfloat16:
      values = (0..<count).map {
        Scalar(Float(bitPattern: UInt32(word($0, as: UInt16.self)) << 16))
      }
    case .float16:
      values = (0..<count).map { Scalar(Float(halfPrecision: word($0, as: UInt16.self))) }
    default: return nil
    }
    return Tensor(unchecked: shape, values)
  }

  /// The little-endian word at a place counted in words.
  private func word<Word: FixedWidthInteger>(_ index: Int, as type: Word.Type) -> Word {
    bytes.withUnsafeBytes {
      Word(
        littleEndian: $0.loadUnaligned(
          fromByteOffset: index * MemoryLayout<Word>.size, as: Word.self))
    }
  }
}

/// The bytes of words, the lowest first.
private func littleEndianBytes<Value, Word: FixedWidthInteger>(
  _ values: [Value], _ word: (Value) -> Word
) -> [UInt8] {
  let size = MemoryLayout<Word>.size
  return [UInt8](unsafeUninitializedCapacity: values.count * size) { buffer, count in
    let memory = UnsafeMutableRawBufferPointer(buffer)
    for (i, value) in values.enumerated() {
      memory.storeBytes(of: word(value).littleEndian, toByteOffset: i * size, as: Word.self)
    }
    count = values.count * size
  }
}

extension Float {
  /// The number with the given bits of IEEE 754 binary16; `Float16` does not exist everywhere.
  init(halfPrecision bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1f)
    let fraction = UInt32(bits & 0x3ff)
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * 0x1p-24
      self = sign == 0 ? magnitude : -magnitude
    case 31: self = Float(bitPattern: sign | 0x7f80_0000 | fraction << 13)
    default: self = Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}
