import Compute

/// Writes a file under a temporary name in the same folder and gives it its own name when all of
/// it is on the disk; on failure nothing is left and what stood under the name still does.
///
/// - Parameters:
///   - path: the final name. A symbolic link is followed, so that the link itself stays.
///   - body: writes the content.
/// - Throws: what `body` throws; `.cannotCreate` where the folder or the name cannot be written
///   (a folder, a device or a pipe stands there); `.inputOutput` where writing fails.
public func writeFileAtomically(
  _ path: String, _ body: (inout BufferedFileWriter) throws(ConfigurationError) -> Void
) throws(ConfigurationError) {
  func failure(_ reason: FileFailure, _ expected: String, _ found: String) -> ConfigurationError {
    ConfigurationError(failure: reason, file: path, expected: expected, found: found)
  }
  try replaceFile(path, failure: failure) { descriptor throws(ConfigurationError) in
    var writer = BufferedFileWriter(file: path, descriptor: descriptor)
    try body(&writer)
    try writer.flush()
  }
}

extension ConfigurationError {
  init(failure: FileFailure, file: String, expected: String, found: String) {
    let kind: Kind =
      switch failure {
      case .missing: .missing
      case .notRegular: .damaged
      case .cannotCreate: .cannotCreate
      case .inputOutput: .inputOutput
      }
    self.init(kind, file: file, expected: expected, found: found)
  }
}
