import Compute
import Lattice
import Testing

/// What is written comes back bit for bit.
@Suite struct FormatsRoundTrip {
  struct Lattice: Sendable, CustomTestStringConvertible {
    let extents: [Int]
    let group: GaugeGroup
    var testDescription: String { "\(group) \(extents)" }
  }

  static let lattices: [Lattice] =
    (1...5).map { Lattice(extents: [2, 3, 4, 5], group: GaugeGroup(n: $0)!) }
    + [[4, 6], [3, 5, 2], [2, 2, 2, 2], [2, 3, 2, 3, 2], [16, 2, 4, 8]].map {
      Lattice(extents: $0, group: .su3)
    } + [Lattice(extents: [7, 3], group: .u1), Lattice(extents: [2, 3, 4], group: .su(5))]

  @Test(arguments: lattices, [ConfigurationFormat.nersc, .ildg, .scidac, .npy])
  func keepsEveryBitOfADoubleField(_ lattice: Lattice, _ format: ConfigurationFormat) throws {
    let folder = try TemporaryFolder()
    let field = try randomField(lattice.extents, lattice.group, as: Double.self)
    let path = folder.file("c")
    let covered = format == .scidac || format == .npy
    if !covered && (lattice.group != .su3 || lattice.extents.count != 4) {
      let error = configurationError {
        try ConfigurationWriter.write(field, to: path, format: format)
      }
      #expect(error?.exitStatus == 64)
      #expect(folder.contents.isEmpty)
      return
    }
    try ConfigurationWriter.write(field, to: path, format: format)
    let read = try ConfigurationReader.read(path, as: Double.self)
    #expect(sameBits(numbers(read.field), numbers(field)))
    #expect(read.info.group == lattice.group)
    #expect(read.info.extents == lattice.extents)
    #expect(read.info.format == format)
    #expect(read.info.storedBits == 64)
    #expect(read.info.checksum == (format == .npy ? .absent : .ok))
    #expect(folder.contents == ["c"])
  }

  @Test(arguments: [ConfigurationFormat.nersc, .ildg, .scidac, .npy], [32, 64])
  func widensAndRounds(_ format: ConfigurationFormat, _ bits: Int) throws {
    let folder = try TemporaryFolder()
    let single = try randomField([2, 3, 4, 5], .su3, as: Float.self)
    let double = try randomField([2, 3, 4, 5], .su3, as: Double.self)
    var options = ConfigurationWriter.Options()
    options.bits = bits
    try ConfigurationWriter.write(single, to: folder.file("s"), format: format, options: options)
    let widened = try ConfigurationReader.read(folder.file("s"), as: Double.self)
    #expect(sameBits(numbers(widened.field), numbers(single)))
    let back = try ConfigurationReader.read(folder.file("s"), as: Float.self)
    #expect(sameBits(numbers(back.field), numbers(single)))
    try ConfigurationWriter.write(double, to: folder.file("d"), format: format, options: options)
    let read = try ConfigurationReader.read(folder.file("d"), as: Double.self)
    let expected = numbers(double).map { bits == 64 ? $0 : Double(Float($0)) }
    #expect(sameBits(numbers(read.field), expected))
  }

  @Test(arguments: [ByteOrder.big, .little], [32, 64])
  func keepsBothByteOrdersOfNERSC(_ order: ByteOrder, _ bits: Int) throws {
    let folder = try TemporaryFolder()
    let field = try randomField([2, 4, 3, 6], .su3, as: Double.self)
    var options = ConfigurationWriter.Options()
    options.bits = bits
    options.byteOrder = order
    options.metadata = ["ensemble_id": "test", "BOUNDARY_4": "PERIODIC", "CHECKSUM": "0"]
    try ConfigurationWriter.write(field, to: folder.file("c"), format: .nersc, options: options)
    let read = try ConfigurationReader.read(folder.file("c"), as: Double.self)
    let expected = numbers(field).map { bits == 64 ? $0 : Double(Float($0)) }
    #expect(sameBits(numbers(read.field), expected))
    #expect(read.info.byteOrder == order)
    #expect(read.info.header["ENSEMBLE_ID"] == "test")

    // A header that leaves the byte order out is understood by its checksum.
    let old = "IEEE\(bits)\(order == .big ? "BIG" : "LITTLE")\n"
    var content = try bytes(of: folder.file("c"))
    let start = content.indices.first { content[$0...].starts(with: Array(old.utf8)) }!
    content.replaceSubrange(start..<(start + old.utf8.count), with: Array("IEEE\(bits)\n".utf8))
    try write(content, to: folder.file("bare"))
    let bare = try ConfigurationReader.read(folder.file("bare"), as: Double.self)
    #expect(sameBits(numbers(bare.field), expected))
    #expect(bare.info.byteOrder == order)
  }

  @Test(arguments: [(32, 2e-7), (64, 5e-15)])
  func completesTwoRows(_ bits: Int, _ tolerance: Double) throws {
    let folder = try TemporaryFolder()
    let field = try randomField([2, 4, 3, 6], .su3, as: Double.self)
    var options = ConfigurationWriter.Options()
    options.bits = bits
    options.twoRow = true
    try ConfigurationWriter.write(field, to: folder.file("c"), format: .nersc, options: options)
    let read = try ConfigurationReader.read(folder.file("c"), as: Double.self)
    #expect(read.info.twoRow)
    #expect(
      zip(numbers(read.field), numbers(field)).allSatisfy { abs($0 - $1) <= tolerance })
  }

  @Test func writesAnyMemberOfABatch() throws {
    let folder = try TemporaryFolder()
    let field = try randomField([2, 3, 4, 2], .su3, batch: 3, as: Double.self)
    for format in [ConfigurationFormat.nersc, .ildg, .scidac, .npy] {
      try ConfigurationWriter.write(field, member: 2, to: folder.file("c"), format: format)
      let read = try ConfigurationReader.read(folder.file("c"), as: Double.self)
      #expect(sameBits(numbers(read.field), numbers(field, member: 2)))
    }
  }

  @Test func isTheSameFileEveryTime() throws {
    let folder = try TemporaryFolder()
    let field = try randomField([2, 3, 4, 2], .su3, as: Double.self)
    for format in [ConfigurationFormat.nersc, .ildg, .scidac, .npy] {
      try ConfigurationWriter.write(field, to: folder.file("a"), format: format)
      try ConfigurationWriter.write(field, to: folder.file("b"), format: format)
      #expect(try bytes(of: folder.file("a")) == bytes(of: folder.file("b")))
    }
  }
}
