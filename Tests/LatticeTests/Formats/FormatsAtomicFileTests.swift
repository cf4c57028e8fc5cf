import Foundation
import Lattice
import Testing

/// No partial file bears a final name, and what stood there stays when writing fails.
@Suite struct FormatsAtomicFile {
  private let failure = ConfigurationError(
    .inputOutput, file: "c", expected: "room", found: "no space left on device")

  @Test func keepsTheOldFileWhenWritingFails() throws {
    let folder = try TemporaryFolder()
    try write([1, 2, 3], to: folder.file("c"))
    let error = configurationError {
      try writeFileAtomically(folder.file("c")) { writer throws(ConfigurationError) in
        try writer.write([UInt8](repeating: 7, count: 3 << 20))
        throw failure
      }
    }
    #expect(error == failure)
    #expect(folder.contents == ["c"])
    #expect(try bytes(of: folder.file("c")) == [1, 2, 3])
  }

  @Test func writesPiecesOfAnySize() throws {
    let folder = try TemporaryFolder()
    var expected: [UInt8] = []
    try writeFileAtomically(folder.file("c")) { writer throws(ConfigurationError) in
      for size in [0, 1, 1000, 1 << 20, 5, (1 << 20) - 1, 3 << 20, 17] {
        let piece = (0..<size).map { UInt8(truncatingIfNeeded: $0 &+ size) }
        try writer.write(piece)
        expected += piece
      }
      try writer.write("text\n")
    }
    #expect(try bytes(of: folder.file("c")) == expected + Array("text\n".utf8))
    #expect(folder.contents == ["c"])
  }

  @Test func followsLinksAndLeavesDevicesAlone() throws {
    let folder = try TemporaryFolder()
    try write([1], to: folder.file("c"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: folder.file("c"))
    try writeFileAtomically(folder.file("link")) { writer throws(ConfigurationError) in
      try writer.write("new")
    }
    #expect(try bytes(of: folder.file("c")) == Array("new".utf8))
    for path in [folder.path, "/dev/null", folder.file("none/c"), "", folder.file("c/d"), "a/"] {
      let error = configurationError {
        try writeFileAtomically(path) { writer throws(ConfigurationError) in
          try writer.write("x")
        }
      }
      #expect(error?.exitStatus == 73, "\(path)")
    }
    #expect(folder.contents == ["c", "link"])
  }

  /// Superusers may write everywhere.
  @Test(.enabled(if: geteuid() != 0, "running as superuser"))
  func folderWithoutPermission() throws {
    let folder = try TemporaryFolder()
    chmod(folder.path, 0o500)
    defer { chmod(folder.path, 0o700) }
    let error = configurationError {
      try writeFileAtomically(folder.file("c")) { writer throws(ConfigurationError) in
        try writer.write("x")
      }
    }
    #expect(error?.exitStatus == 73)
  }

  private static let smallDisk = ProcessInfo.processInfo.environment["LATTICEGAUGE_SMALL_DISK"]

  /// The variable names a folder on a file system of less than 8 MB (a tmpfs will do).
  @Test(.enabled(if: smallDisk != nil, "LATTICEGAUGE_SMALL_DISK is not set"))
  func fullDisk() throws {
    let folder = try #require(Self.smallDisk)
    let field = try LinkField<Double>(Geometry([8, 8, 8, 16]), group: .su3)
    let small = try LinkField<Double>(Geometry([2, 2, 2, 2]), group: .su3)
    for format in [ConfigurationFormat.nersc, .ildg, .scidac, .npy] {
      try ConfigurationWriter.write(small, to: folder + "/c", format: format)
      let before = try bytes(of: folder + "/c")
      let error = configurationError {
        try ConfigurationWriter.write(field, to: folder + "/c", format: format)
      }
      #expect(error?.exitStatus == 74)
      #expect(try bytes(of: folder + "/c") == before)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["c"])
    }
  }

  @Test func refusesWhatIsNotWritten() throws {
    let folder = try TemporaryFolder()
    let field = try randomField([2, 2, 2, 2], .su3, as: Double.self)
    func status(
      _ format: ConfigurationFormat, _ change: (inout ConfigurationWriter.Options) -> Void
    )
      -> Int32?
    {
      var options = ConfigurationWriter.Options()
      change(&options)
      return configurationError {
        try ConfigurationWriter.write(
          field, to: folder.file("c"), format: format, options: options)
      }?.exitStatus
    }
    for format in [ConfigurationFormat.milc, .lime, .bridge] {
      #expect(status(format) { _ in } == 64)
    }
    #expect(status(.ildg) { $0.twoRow = true } == 64)
    #expect(status(.scidac) { $0.byteOrder = .little } == 64)
    #expect(status(.nersc) { $0.bits = 16 } == 64)
    #expect(folder.contents.isEmpty)
  }
}
