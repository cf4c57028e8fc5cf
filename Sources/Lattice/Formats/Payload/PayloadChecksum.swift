import CZlib

/// The checksums of the known formats, fed with the stored bytes in their order.
struct PayloadChecksum {
  enum Kind: Equatable {
    case none
    /// The 32-bit words in the file's byte order, summed modulo 2^32.
    case nersc(ByteOrder)
    /// Exclusive or of the k-th word rotated left by k mod 29, and by k mod 31.
    case milc(ByteOrder)
    /// Exclusive or of zlib's crc32 of a site, rotated left by the site's rank mod 29 and mod 31.
    case scidac
  }

  let kind: Kind
  /// The NERSC sum, MILC's sum29 or SciDAC's suma.
  private(set) var a: UInt32 = 0
  /// MILC's sum31 or SciDAC's sumb.
  private(set) var b: UInt32 = 0
  private var rotation29: UInt32 = 0
  private var rotation31: UInt32 = 0

  init(_ kind: Kind) { self.kind = kind }

  /// Takes in the bytes of whole sites.
  mutating func add(_ bytes: UnsafeRawBufferPointer, bytesPerSite: Int) {
    switch kind {
    case .none: break
    case .nersc(let order):
      let words = bytes.bindMemory(to: UInt32.self)
      var sum = a
      if order == .big {
        for word in words { sum &+= UInt32(bigEndian: word) }
      } else {
        for word in words { sum &+= UInt32(littleEndian: word) }
      }
      a = sum
    case .milc(let order):
      for word in bytes.bindMemory(to: UInt32.self) {
        fold(order == .big ? UInt32(bigEndian: word) : UInt32(littleEndian: word))
      }
    case .scidac:
      guard let base = bytes.baseAddress else { return }
      for start in stride(from: 0, to: bytes.count, by: bytesPerSite) {
        let site = (base + start).assumingMemoryBound(to: UInt8.self)
        fold(UInt32(truncatingIfNeeded: crc32(0, site, uInt(bytesPerSite))))
      }
    }
  }

  @inline(__always)
  private mutating func fold(_ word: UInt32) {
    a ^= word << rotation29 | word >> (32 - rotation29)
    b ^= word << rotation31 | word >> (32 - rotation31)
    rotation29 = rotation29 == 28 ? 0 : rotation29 + 1
    rotation31 = rotation31 == 30 ? 0 : rotation31 + 1
  }
}

/// The checksum that a file holds.
struct StoredChecksum {
  let kind: PayloadChecksum.Kind
  let a: UInt32
  let b: UInt32

  static let absent = StoredChecksum(kind: .none, a: 0, b: 0)

  /// Compares what is stored with what the links give.
  ///
  /// - Throws: `.damaged` where they differ.
  func verify(
    _ found: PayloadChecksum, info: inout ConfigurationInfo
  ) throws(ConfigurationError) {
    let names: [String]
    switch kind {
    case .none:
      info.checksum = .absent
      return
    case .nersc: names = ["nersc"]
    case .milc: names = ["milc29", "milc31"]
    case .scidac: names = ["scidac-a", "scidac-b"]
    }
    guard a == found.a, names.count == 1 || b == found.b else {
      let stored = names.count == 1 ? hexadecimal(a) : "\(hexadecimal(a)) \(hexadecimal(b))"
      let computed =
        names.count == 1 ? hexadecimal(found.a) : "\(hexadecimal(found.a)) \(hexadecimal(found.b))"
      throw ConfigurationError(
        .damaged, file: info.file, expected: "checksum \(stored) as the file says",
        found: "\(computed) in its links")
    }
    info.checksum = .ok
    info.checksums[names[0]] = hexadecimal(found.a)
    if names.count == 2 { info.checksums[names[1]] = hexadecimal(found.b) }
  }
}

/// Lower-case hexadecimal without leading zeros, as QIO and NERSC headers print checksums.
func hexadecimal(_ value: UInt32) -> String { String(value, radix: 16) }
