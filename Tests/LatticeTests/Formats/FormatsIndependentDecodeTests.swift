import Foundation
import Lattice
import Testing

/// Our own files read by plain byte arithmetic that shares no code with the readers.
@Suite struct FormatsIndependentDecode {
  /// The numbers of `[site][mu][row][col][re, im]` from big-endian doubles.
  private func bigEndianDoubles(_ bytes: ArraySlice<UInt8>) -> [Double] {
    let b = Array(bytes)
    return stride(from: 0, to: b.count, by: 8).map { start in
      var word: UInt64 = 0
      for k in 0..<8 { word = word * 256 + UInt64(b[start + k]) }
      return Double(bitPattern: word)
    }
  }

  /// What stands at (x, y, z, t, mu, row, col) of a field, without `exportSites`.
  private func expected(_ field: LinkField<Double>) -> [Double] {
    let e = field.geometry.extents
    var list: [Double] = []
    for t in 0..<e[3] {
      for z in 0..<e[2] {
        for y in 0..<e[1] {
          for x in 0..<e[0] {
            for mu in 0..<4 {
              for z in field[field.geometry.site(at: [x, y, z, t]), mu].elements {
                list += [z.real, z.imaginary]
              }
            }
          }
        }
      }
    }
    return list
  }

  @Test func nersc() throws {
    let folder = try TemporaryFolder()
    let field = try randomField([2, 3, 4, 5], .su3, as: Double.self)
    try ConfigurationWriter.write(field, to: folder.file("c"), format: .nersc)
    let content = try bytes(of: folder.file("c"))
    let marker = Array("END_HEADER\n".utf8)
    let end = content.indices.first { content[$0...].starts(with: marker) }! + marker.count
    let header = String(decoding: content[..<end], as: UTF8.self)
    #expect(bigEndianDoubles(content[end...]) == expected(field))
    var sum: UInt32 = 0
    for k in stride(from: end, to: content.count, by: 4) {
      sum &+= content[k..<(k + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }
    func value(_ key: String) -> String? {
      header.split(separator: "\n").first { $0.hasPrefix(key + " = ") }
        .map { String($0.dropFirst(key.count + 3)) }
    }
    #expect(UInt32(value("CHECKSUM") ?? "", radix: 16) == sum)
    #expect(abs(Double(value("PLAQUETTE") ?? "")! - field.plaquette()) < 1e-12)
    #expect(abs(Double(value("LINK_TRACE") ?? "")! - field.linkTrace()) < 1e-12)
    #expect(value("DIMENSION_2") == "3")
    #expect(value("FLOATING_POINT") == "IEEE64BIG")
    #expect(value("DATATYPE") == "4D_SU3_GAUGE_3x3")
  }

  @Test func ildg() throws {
    let folder = try TemporaryFolder()
    let field = try randomField([2, 3, 4, 5], .su3, as: Double.self)
    var options = ConfigurationWriter.Options()
    options.metadata = ["beta": "6.0 <&>", "lfn": "lfn://test/1"]
    try ConfigurationWriter.write(
      field, to: folder.file("c"), format: .ildg, options: options)
    let content = try bytes(of: folder.file("c"))
    var records: [(type: String, flags: Int, body: ArraySlice<UInt8>)] = []
    var p = 0
    while p < content.count {
      #expect(Array(content[p..<(p + 6)]) == [0x45, 0x67, 0x89, 0xab, 0, 1])
      let flags = Int(content[p + 6]) << 8 | Int(content[p + 7])
      let length = content[(p + 8)..<(p + 16)].reduce(0) { $0 << 8 | Int($1) }
      let type = String(
        decoding: content[(p + 16)..<(p + 144)].prefix { $0 != 0 }, as: UTF8.self)
      records.append((type, flags, content[(p + 144)..<(p + 144 + length)]))
      p += 144 + (length + 7) / 8 * 8
    }
    #expect(p == content.count)
    #expect(
      records.map(\.type) == [
        "scidac-private-file-xml", "scidac-file-xml", "scidac-private-record-xml",
        "scidac-record-xml", "ildg-format", "ildg-data-lfn", "ildg-binary-data",
        "scidac-checksum",
      ])
    #expect(records.map(\.flags) == [0x8000, 0x4000, 0x8000, 0, 0, 0, 0, 0x4000])
    #expect(bigEndianDoubles(records[6].body) == expected(field))
    let format = String(decoding: records[4].body, as: UTF8.self)
    for text in [
      "<version>1.0</version>", "<field>su3gauge</field>", "<precision>64</precision>",
      "<lx>2</lx>", "<ly>3</ly>", "<lz>4</lz>", "<lt>5</lt>",
      "xmlns=\"http://www.lqcd.org/ildg\"",
    ] {
      #expect(format.contains(text))
    }
    let information = String(decoding: records[3].body, as: UTF8.self)
    #expect(information.contains("beta = \"6.0 &lt;&amp;&gt;\""))
    let read = try ConfigurationReader.info(folder.file("c"))
    #expect(read.records == records.map(\.type))
  }

  /// Links alone in a LIME record, behind records that are passed over.
  @Test(arguments: [32, 64])
  func bareLIME(_ bits: Int) throws {
    let field = try randomField([3, 2, 4], .su2, as: Double.self)
    func record(_ type: String, _ body: [UInt8]) -> [UInt8] {
      var head: [UInt8] = [0x45, 0x67, 0x89, 0xab, 0, 1, 0xc0, 0, 0, 0, 0, 0]
      for shift in [24, 16, 8, 0] { head.append(UInt8(body.count >> shift & 255)) }
      head += Array(type.utf8) + [UInt8](repeating: 0, count: 128 - type.utf8.count)
      return head + body + [UInt8](repeating: 0, count: (8 - body.count % 8) % 8)
    }
    var payload: [UInt8] = []
    for value in numbers(field) {
      payload +=
        bits == 32
        ? withUnsafeBytes(of: Float(value).bitPattern.bigEndian) { Array($0) }
        : withUnsafeBytes(of: value.bitPattern.bigEndian) { Array($0) }
    }
    let source = MemorySource(
      record("some-log", Array("text".utf8)) + record("ildg-binary-data", payload)
        + record("more", []))
    let read = try ConfigurationReader.decode(
      source, as: Double.self, group: .su2, extents: [3, 2, 4])
    #expect(
      sameBits(numbers(read.field), numbers(field).map { bits == 32 ? Double(Float($0)) : $0 }))
    #expect(read.info.format == .lime && read.info.storedBits == bits)
    #expect(read.info.records == ["some-log", "ildg-binary-data", "more"])
    let other = configurationError {
      _ = try ConfigurationReader.decode(
        source, as: Double.self, group: .su3, extents: [3, 2, 4])
    }
    #expect(other?.exitStatus == 65)
  }

  /// A C-order and a Fortran-order array of the same links, made by hand.
  @Test(arguments: ["<c16", ">c16", "<c8", ">c8"], [false, true])
  func npy(_ type: String, _ isFortran: Bool) throws {
    let folder = try TemporaryFolder()
    let field = try randomField([2, 3, 4], .su2, as: Double.self)
    let isSingle = type.hasSuffix("c8")
    let isBig = type.hasPrefix(">")
    var payload: [UInt8] = []
    func append(_ value: Double) {
      var b =
        isSingle
        ? withUnsafeBytes(of: Float(value).bitPattern.bigEndian) { Array($0) }
        : withUnsafeBytes(of: value.bitPattern.bigEndian) { Array($0) }
      if !isBig { b.reverse() }
      payload += b
    }
    let shape = [3, 2, 3, 4, 2, 2]
    let total = shape.reduce(1, *)
    for index in 0..<total {
      var rest = index
      var place = [Int](repeating: 0, count: 6)
      for axis in isFortran ? Array(0..<6) : (0..<6).reversed() {
        place[axis] = rest % shape[axis]
        rest /= shape[axis]
      }
      let site = field.geometry.site(at: Array(place[1...3]))
      let z = field[site, place[0]][place[4], place[5]]
      append(z.real)
      append(z.imaginary)
    }
    for version in [UInt8(1), 2, 3] {
      let order = isFortran ? "True" : "False"
      let text = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': (3, 2, 3, 4, 2, 2), }\n"
      var head: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0, UInt8(text.utf8.count), 0]
      if version > 1 { head += [0, 0] }
      try write(head + Array(text.utf8) + payload, to: folder.file("c"))
      let read = try ConfigurationReader.read(folder.file("c"), as: Double.self)
      let wanted = numbers(field).map { isSingle ? Double(Float($0)) : $0 }
      #expect(sameBits(numbers(read.field), wanted))
      #expect(read.info.byteOrder == (isBig ? .big : .little))
    }
  }
}
