#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a file could not be read or written; every file format makes an error of its own of it.
package enum FileFailure: Sendable {
  /// It does not exist or may not be read.
  case missing
  /// A folder, pipe, socket or device stands under its name.
  case notRegular
  /// The folder or the name cannot be written.
  case cannotCreate
  /// Reading or writing failed on the way.
  case inputOutput
}

/// The system's text for the last error, in lower case.
package func systemErrorText() -> String {
  let number = errno
  var text = [CChar](repeating: 0, count: 256)
  // Glibc and Darwin disagree about strerror_r; strerror itself is fine for one short message.
  guard let message = strerror(number) else { return "error \(number)" }
  strncpy(&text, message, 255)
  return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    .lowercased()
}
