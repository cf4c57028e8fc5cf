import Compute

/// All bytes of a regular file.
func readFile(_ path: String) throws(SafetensorsError) -> [UInt8] {
  let (descriptor, size) = try openRegularFile(path) {
    SafetensorsError(failure: $0, file: path, expected: $1, found: $2)
  }
  defer { closeFile(descriptor) }
  var failure: SafetensorsError?
  let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    let found = readFully(descriptor, into: UnsafeMutableRawBufferPointer(buffer), at: 0)
    count = found ?? 0
    if count < size {
      failure = SafetensorsError(
        .inputOutput, file: path, expected: "\(size) bytes",
        found: found.map { "\($0)" } ?? systemErrorText())
    }
  }
  if let failure { throw failure }
  return bytes
}

/// Writes a file under a temporary name and renames it when all of it is on the disk, as
/// `replaceFile` does.
func writeFileAtomically(_ path: String, _ bytes: [UInt8]) throws(SafetensorsError) {
  func failure(_ reason: FileFailure, _ expected: String, _ found: String) -> SafetensorsError {
    SafetensorsError(failure: reason, file: path, expected: expected, found: found)
  }
  try replaceFile(path, failure: failure) { descriptor throws(SafetensorsError) in
    guard bytes.withUnsafeBytes({ writeFully(descriptor, $0) }) else {
      throw SafetensorsError(
        .inputOutput, file: path, expected: "room for \(bytes.count) bytes",
        found: systemErrorText())
    }
  }
}

extension SafetensorsError {
  init(failure: FileFailure, file: String, expected: String, found: String) {
    let kind: Kind =
      switch failure {
      case .missing, .notRegular: .missing
      case .cannotCreate: .cannotCreate
      case .inputOutput: .inputOutput
      }
    self.init(kind, file: file, expected: expected, found: found)
  }
}
