/// Which directions of a file are open: those in which all links that leave the last slice are
/// exactly zero, judged while the links pass by.
struct LeavingLinks {
  private let extents: [Int]
  private let strides: [Int]
  /// Whether no link seen so far speaks against it.
  private(set) var isOpen: [Bool]

  init(_ geometry: Geometry) {
    extents = geometry.extents
    var strides = [Int]()
    var stride = 1
    for extent in geometry.extents {
      strides.append(stride)
      stride *= extent
    }
    self.strides = strides
    isOpen = geometry.extents.map { _ in true }
  }

  /// What the links say, when all of them have passed.
  var boundary: Boundary { Boundary(isOpen: isOpen) }

  /// Looks at a part of the link of a site in serial order, where it matters.
  mutating func see(site: Int, mu: Int, isZero: () -> Bool) {
    guard isOpen[mu], site / strides[mu] % extents[mu] == extents[mu] - 1 else { return }
    if !isZero() { isOpen[mu] = false }
  }

  /// Looks at whole sites as stored, [site][mu] matrices of `bytes.count / (sites d)` bytes.
  mutating func see(
    _ bytes: UnsafeRawBufferPointer, sites: Range<Int>, bits: Int, byteOrder: ByteOrder
  ) {
    guard isOpen.contains(true) else { return }
    let d = extents.count
    let matrix = bytes.count / (sites.count * d)
    for (index, site) in sites.enumerated() {
      for mu in 0..<d {
        see(site: site, mu: mu) {
          let start = (index * d + mu) * matrix
          return Self.areZero(
            UnsafeRawBufferPointer(rebasing: bytes[start..<(start + matrix)]), bits, byteOrder)
        }
      }
    }
  }

  /// Whether all numbers are 0 or -0.
  private static func areZero(
    _ bytes: UnsafeRawBufferPointer, _ bits: Int, _ order: ByteOrder
  ) -> Bool {
    let width = bits / 8
    let signByte = order == .big ? 0 : width - 1
    for (k, byte) in bytes.enumerated()
    where byte & (k % width == signByte ? 0x7f : 0xff) != 0 { return false }
    return true
  }
}
