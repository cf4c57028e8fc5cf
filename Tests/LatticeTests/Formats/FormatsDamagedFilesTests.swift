import Foundation
import Lattice
import Testing

/// Truncations and flipped bits either throw, or leave the links as they are.
@Suite struct FormatsDamagedFiles {
  /// A small file of each format that carries a checksum, in bytes, with its links.
  private func sample(_ format: ConfigurationFormat) throws -> ([UInt8], [Double]) {
    let folder = try TemporaryFolder()
    let field = try randomField([2, 2, 3, 2], .su3, as: Double.self)
    try ConfigurationWriter.write(field, to: folder.file("c"), format: format)
    return (try bytes(of: folder.file("c")), numbers(field))
  }

  private func read(_ content: [UInt8]) throws(ConfigurationError) -> [Double] {
    numbers(
      try ConfigurationReader.decode(
        MemorySource(content), as: Double.self, group: nil, extents: nil
      ).field)
  }

  @Test(arguments: [ConfigurationFormat.nersc, .ildg, .scidac, .npy])
  func everyTruncationIsAnError(_ format: ConfigurationFormat) throws {
    let (content, _) = try sample(format)
    for length in stride(from: 0, to: content.count, by: 7) {
      let error = configurationError { _ = try read(Array(content[..<length])) }
      #expect(error?.exitStatus == 65, "cut to \(length) bytes")
    }
    for cut in 1...16 {
      let error = configurationError { _ = try read(content.dropLast(cut)) }
      #expect(error?.exitStatus == 65, "\(cut) bytes cut")
    }
  }

  @Test(arguments: [ConfigurationFormat.nersc, .ildg, .scidac])
  func everyFlippedBitIsFoundOrHarmless(_ format: ConfigurationFormat) throws {
    let (content, links) = try sample(format)
    let header = content.count - links.count * 8
    var silent = 0
    for index in content.indices {
      // All bits of the texts, one of every number's bytes.
      for bit in index < header || format != .nersc ? Array(0..<8) : [index % 8] {
        if index >= header + 512, index < content.count - 512, bit != index % 8 { continue }
        var damaged = content
        damaged[index] ^= 1 << UInt8(bit)
        do {
          silent += sameBits(try read(damaged), links) ? 0 : 1
        } catch {
          let status = (error as ConfigurationError).exitStatus
          #expect(status == 65 || status == 64, "byte \(index), bit \(bit): \(error)")
          #expect(!error.description.contains("\n"))
        }
      }
    }
    #expect(silent == 0)
  }

  @Test func numbersThatAreNotFiniteAreRefused() throws {
    let folder = try TemporaryFolder()
    var field = try randomField([2, 2, 2], .su2, as: Double.self)
    field[3, 1].elements[2].imaginary = .nan
    try ConfigurationWriter.write(field, to: folder.file("c"), format: .npy)
    let error = configurationError {
      _ = try ConfigurationReader.read(folder.file("c"), as: Double.self)
    }
    #expect(error?.exitStatus == 65)
    #expect(error?.description.contains("infinity or NaN") == true)
  }

  @Test func linksThatAreNotUnitaryAreAWarning() throws {
    let folder = try TemporaryFolder()
    var field = try randomField([2, 2, 2], .su2, as: Double.self)
    field[3, 1].elements[2].imaginary = 7
    try ConfigurationWriter.write(field, to: folder.file("c"), format: .scidac)
    let read = try ConfigurationReader.read(folder.file("c"), as: Double.self)
    #expect(read.info.warnings.contains { $0.contains("not unitary") })
  }

  @Test func theHeaderIsComparedWithTheRequest() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("c")
    try ConfigurationWriter.write(
      randomField([2, 3, 4], .su2, as: Double.self), to: path, format: .scidac)
    _ = try ConfigurationReader.read(path, as: Double.self, group: .su2, extents: [2, 3, 4])
    for (group, extents) in [
      (GaugeGroup.su3, [2, 3, 4]), (.su2, [4, 3, 2]), (.su2, [2, 3, 4, 1]),
    ] {
      let error = configurationError {
        _ = try ConfigurationReader.read(path, as: Double.self, group: group, extents: extents)
      }
      #expect(error?.exitStatus == 65)
      #expect(error?.description.contains("asked for") == true)
    }
  }

  @Test func theNameSaysNothing() throws {
    let folder = try TemporaryFolder()
    let field = try randomField([2, 2, 2, 2], .su3, as: Double.self)
    let path = folder.file("c.ildg")
    try ConfigurationWriter.write(field, to: path, format: .nersc)
    #expect(try ConfigurationReader.info(path).format == .nersc)
    try write(Array("this is no configuration".utf8), to: path)
    let error = configurationError { _ = try ConfigurationReader.info(path) }
    #expect(error?.exitStatus == 65)
  }

  @Test func whatIsNoFileIsATypedError() throws {
    let folder = try TemporaryFolder()
    func status(_ path: String) -> Int32? {
      configurationError { _ = try ConfigurationReader.read(path, as: Double.self) }?.exitStatus
    }
    #expect(status(folder.file("none")) == 66)
    #expect(status(folder.path) == 65)
    #expect(status("/dev/null") == 65)
    #expect(status("") == 66)
    mkfifo(folder.file("pipe"), 0o600)
    #expect(status(folder.file("pipe")) == 65)
    try write([], to: folder.file("empty"))
    #expect(status(folder.file("empty")) == 65)
  }
}
