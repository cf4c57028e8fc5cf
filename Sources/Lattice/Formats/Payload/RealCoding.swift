/// Widens stored numbers of either width and byte order to doubles, exactly.
func decodeReals(
  _ bytes: UnsafeRawBufferPointer, bits: Int, byteOrder: ByteOrder,
  to numbers: UnsafeMutablePointer<Double>
) {
  if bits == 64 {
    let words = bytes.bindMemory(to: UInt64.self)
    if byteOrder == .big {
      for k in 0..<words.count { numbers[k] = Double(bitPattern: UInt64(bigEndian: words[k])) }
    } else {
      for k in 0..<words.count { numbers[k] = Double(bitPattern: UInt64(littleEndian: words[k])) }
    }
  } else {
    let words = bytes.bindMemory(to: UInt32.self)
    if byteOrder == .big {
      for k in 0..<words.count {
        numbers[k] = Double(Float(bitPattern: UInt32(bigEndian: words[k])))
      }
    } else {
      for k in 0..<words.count {
        numbers[k] = Double(Float(bitPattern: UInt32(littleEndian: words[k])))
      }
    }
  }
}

/// Stores doubles in either width and byte order; 32 bits round to nearest.
func encodeReals(
  _ numbers: UnsafeBufferPointer<Double>, bits: Int, byteOrder: ByteOrder,
  to bytes: UnsafeMutableRawBufferPointer
) {
  if bits == 64 {
    let words = bytes.bindMemory(to: UInt64.self)
    if byteOrder == .big {
      for k in 0..<numbers.count { words[k] = numbers[k].bitPattern.bigEndian }
    } else {
      for k in 0..<numbers.count { words[k] = numbers[k].bitPattern.littleEndian }
    }
  } else {
    let words = bytes.bindMemory(to: UInt32.self)
    if byteOrder == .big {
      for k in 0..<numbers.count { words[k] = Float(numbers[k]).bitPattern.bigEndian }
    } else {
      for k in 0..<numbers.count { words[k] = Float(numbers[k]).bitPattern.littleEndian }
    }
  }
}

/// Completes SU(3) matrices of which two rows are stored: row 2 = conj(row 0 x row 1).
///
/// - Parameters:
///   - rows: [matrix][2][3][re, im].
///   - numbers: receives [matrix][3][3][re, im].
func completeThirdRows(
  _ rows: UnsafePointer<Double>, count: Int, to numbers: UnsafeMutablePointer<Double>
) {
  for matrix in 0..<count {
    let a = rows + 12 * matrix
    let b = a + 6
    let out = numbers + 18 * matrix
    for k in 0..<12 { out[k] = a[k] }
    for k in 0..<3 {
      let i = 2 * ((k + 1) % 3)
      let j = 2 * ((k + 2) % 3)
      let re = (a[i] * b[j] - a[i + 1] * b[j + 1]) - (a[j] * b[i] - a[j + 1] * b[i + 1])
      let im = (a[i] * b[j + 1] + a[i + 1] * b[j]) - (a[j] * b[i + 1] + a[j + 1] * b[i])
      out[12 + 2 * k] = re
      out[13 + 2 * k] = -im
    }
  }
}

/// Leaves the third row of SU(3) matrices out: the inverse of `completeThirdRows`.
func dropThirdRows(
  _ numbers: UnsafePointer<Double>, count: Int, to rows: UnsafeMutablePointer<Double>
) {
  for matrix in 0..<count {
    for k in 0..<12 { rows[12 * matrix + k] = numbers[18 * matrix + k] }
  }
}
