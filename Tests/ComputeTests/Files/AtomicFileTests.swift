import Compute
import Foundation
import Testing

/// Replacing and reading files with an error type of one's own.
@Suite struct AtomicFileTests {
  struct Failure: Error, Equatable {
    let reason: FileFailure
    let expected: String
    let found: String

    init(_ reason: FileFailure, _ expected: String, _ found: String) {
      (self.reason, self.expected, self.found) = (reason, expected, found)
    }
  }

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  private func replace(_ path: String, by bytes: [UInt8]) throws(Failure) {
    try replaceFile(path, failure: Failure.init) { descriptor throws(Failure) in
      #expect(bytes.withUnsafeBytes { writeFully(descriptor, $0) })
    }
  }

  private func contents(_ path: String) throws -> [UInt8] {
    let (descriptor, size) = try openRegularFile(path, failure: Failure.init)
    defer { closeFile(descriptor) }
    var bytes = [UInt8](repeating: 0, count: size + 5)
    // The file ends before the buffer does.
    #expect(bytes.withUnsafeMutableBytes { readFully(descriptor, into: $0, at: 0) } == size)
    return Array(bytes.prefix(size))
  }

  @Test func replacesWhole() throws {
    try inFolder { folder in
      let path = folder + "/c"
      try replace(path, by: [1, 2, 3])
      try replace(path, by: Array(0...255))
      #expect(try contents(path) == Array(0...255))
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/link", withDestinationPath: path)
      try replaceFile(folder + "/link", failure: Failure.init) { descriptor throws(Failure) in
        #expect([5, 6, 7, 8].withUnsafeBytes { writeFully(descriptor, $0) })
        #expect([9].withUnsafeBytes { writeFully(descriptor, $0, at: 16) })
      }
      #expect(try contents(path).count == 32 && contents(path)[16] == 9)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["c", "link"])
    }
  }

  @Test func keepsTheOldFileWhenWritingFails() throws {
    try inFolder { folder in
      let path = folder + "/c"
      try replace(path, by: [1, 2, 3])
      let full = Failure(.inputOutput, "room", "none")
      #expect(throws: full) {
        try replaceFile(path, failure: Failure.init) { descriptor throws(Failure) in
          _ = [7, 7].withUnsafeBytes { writeFully(descriptor, $0) }
          throw full
        }
      }
      #expect(try contents(path) == [1, 2, 3])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["c"])
    }
  }

  @Test func refusals() throws {
    try inFolder { folder in
      func reason(_ body: () throws -> Void) -> FileFailure? {
        #expect(throws: Failure.self, performing: body)?.reason
      }
      for path in [folder, "/dev/null", folder + "/none/c", "", "a/", "a\0b"] {
        #expect(reason { try replace(path, by: [1]) } == .cannotCreate, "\(path)")
      }
      #expect(reason { _ = try contents(folder) } == .notRegular)
      #expect(reason { _ = try contents("/dev/null") } == .notRegular)
      for path in ["", "a\0b", folder + "/none"] {
        #expect(reason { _ = try contents(path) } == .missing, "\(path)")
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty)
    }
  }
}
