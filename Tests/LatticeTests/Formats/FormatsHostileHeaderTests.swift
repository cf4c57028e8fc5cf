import Foundation
import Lattice
import Testing

/// Headers that promise too much, contradict themselves or are none.
@Suite struct FormatsHostileHeaders {
  private func status(
    _ content: [UInt8], group: GaugeGroup? = nil, extents: [Int]? = nil
  ) -> Int32? {
    configurationError {
      _ = try ConfigurationReader.decode(
        MemorySource(content), as: Double.self, group: group, extents: extents)
    }?.exitStatus
  }

  static let extents = [
    "0", "1", "-4", "1000000000", "9223372036854775807", "99999999999999999999", "x", "",
  ]

  @Test(arguments: extents)
  func nersc(_ extent: String) {
    let header = """
      BEGIN_HEADER
      DATATYPE = 4D_SU3_GAUGE_3x3
      DIMENSION_1 = \(extent)
      DIMENSION_2 = 1000000000
      DIMENSION_3 = 1000000000
      DIMENSION_4 = \(extent)
      FLOATING_POINT = IEEE64BIG
      END_HEADER

      """
    #expect(status(Array(header.utf8)) == 65)
  }

  @Test func nerscHeaders() {
    for text in [
      "BEGIN_HEADER", "BEGIN_HEADER\n", "BEGIN_HEADER\nEND_HEADER\n", "BEGIN_HEADERS\nEND_HEADER\n",
      "BEGIN_HEADER\nnothing\nEND_HEADER\n", "BEGIN_HEADER\nA = 1\nA = 2\nEND_HEADER\n",
      "BEGIN_HEADER\nDATATYPE = 4D_SU99999999999999999999_GAUGE_3x3\nEND_HEADER\n",
      "BEGIN_HEADER\nDATATYPE = 4D_SU3_GAUGE_4x4\nEND_HEADER\n",
      "BEGIN_HEADER\n" + String(repeating: "A = 1\n", count: 20_000) + "END_HEADER\n",
    ] {
      #expect(status(Array(text.utf8)) == 65)
    }
  }

  private func record(_ type: String, _ body: [UInt8], length: UInt64? = nil) -> [UInt8] {
    let size = length ?? UInt64(body.count)
    var head: [UInt8] = [0x45, 0x67, 0x89, 0xab, 0, 1, 0xc0, 0]
    for k in (0..<8).reversed() { head.append(UInt8(truncatingIfNeeded: size >> UInt64(8 * k))) }
    head += Array(type.utf8) + [UInt8](repeating: 0, count: 128 - type.utf8.count)
    return head + body + [UInt8](repeating: 0, count: (8 - body.count % 8) % 8)
  }

  @Test(arguments: [UInt64.max, 1 << 63, UInt64(Int64.max), UInt64.max - 7, 1 << 40, 1000])
  func limeLengths(_ length: UInt64) {
    let content = record("ildg-binary-data", [1, 2, 3], length: length)
    #expect(status(content, group: .su3, extents: [4, 4, 4, 4]) == 65)
  }

  @Test(arguments: extents)
  func ildgExtents(_ extent: String) {
    let xml =
      "<ildgFormat><field>su3gauge</field><precision>64</precision><lx>\(extent)</lx><ly>1000000000"
      + "</ly><lz>1000000000</lz><lt>\(extent)</lt></ildgFormat>"
    let content = record("ildg-format", Array(xml.utf8)) + record("ildg-binary-data", [0])
    #expect(status(content) == 65)
    let dims = "<scidacFile><spacetime>4</spacetime><dims>\(extent) 2 2 2</dims></scidacFile>"
    #expect(
      status(
        record("scidac-private-file-xml", Array(dims.utf8)) + record("scidac-binary-data", [0]))
        == 65)
  }

  @Test func contradictions() {
    func ildg(_ field: String, _ precision: Int, _ bytes: Int, _ more: [UInt8] = []) -> Int32? {
      let xml =
        "<field>\(field)</field><precision>\(precision)</precision><lx>2</lx><ly>2</ly><lz>2</lz>"
        + "<lt>2</lt>"
      return status(
        record("ildg-format", Array(xml.utf8)) + more
          + record("ildg-binary-data", [UInt8](repeating: 0, count: bytes)))
    }
    let size = 16 * 4 * 18 * 8
    #expect(ildg("su3gauge", 64, size) == nil)
    #expect(ildg("su3gauge", 32, size) == 65)
    #expect(ildg("su2gauge", 64, size) == 65)
    #expect(ildg("su3gauge", 16, size) == 65)
    #expect(ildg("gauge", 64, size) == 65)
    #expect(ildg("su3gauge", 64, size - 8) == 65)
    let dims = "<spacetime>4</spacetime><dims>2 2 4 2</dims>"
    #expect(
      ildg("su3gauge", 64, size, record("scidac-private-file-xml", Array(dims.utf8))) == 65)
    let colors = "<precision>D</precision><colors>2</colors>"
    #expect(
      ildg("su3gauge", 64, size, record("scidac-private-record-xml", Array(colors.utf8))) == 65)
    let group = "<group>SU(2)</group><n>2</n><dimension>4</dimension><extents>2 2 2 2</extents>"
    #expect(ildg("su3gauge", 64, size, record("latticegauge-group", Array(group.utf8))) == 65)
  }

  @Test func deepXML() {
    let deep = Array(String(repeating: "<lx>", count: 200_000).utf8)
    #expect(status(record("ildg-format", deep) + record("ildg-binary-data", [0])) == 65)
  }

  @Test func manyRecords() {
    let records = [[UInt8]](repeating: record("a", []), count: 10_001).flatMap { $0 }
    #expect(status(records) == 65)
  }

  @Test func milc() {
    func header(_ extents: [Int32], order: UInt8 = 0) -> [UInt8] {
      var bytes: [UInt8] = [0x87, 0x4e, 0, 0]
      for extent in extents {
        for k in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: extent >> Int32(8 * k))) }
      }
      return bytes + [UInt8](repeating: 0, count: 64) + [order] + [UInt8](repeating: 0, count: 11)
    }
    for extent in [Int32.min, -4, -1, 0, 1, Int32.max] {
      #expect(status(header([extent, 4, 4, 4])) == 65)
      #expect(status(header([extent, extent, extent, extent])) == 65)
    }
    let payload = [UInt8](repeating: 0, count: 16 * 4 * 18 * 4)
    #expect(status(header([2, 2, 2, 2]) + payload) == nil)
    #expect(status(header([2, 2, 2, 2], order: 1) + payload) == 65)
    #expect(status(Array(header([2, 2, 2, 2]).prefix(50))) == 65)
  }

  @Test(arguments: [
    "{'descr': '<c16', 'fortran_order': False, 'shape': (2, 1000000000, 1000000000, 3, 3), }",
    "{'descr': '<c16', 'fortran_order': False, 'shape': (2, -4, 4, 3, 3), }",
    "{'descr': '<c16', 'fortran_order': False, 'shape': (2, 1, 4, 3, 3), }",
    "{'descr': '<c16', 'fortran_order': False, 'shape': (2, 4, 4, 17, 17), }",
    "{'descr': '<c16', 'fortran_order': False, 'shape': (3, 4, 4, 3, 3), }",
    "{'descr': '<c16', 'fortran_order': False, 'shape': (99999999999999999999, 4, 4, 3, 3), }",
    "{'descr': '<c16', 'fortran_order': False, 'shape': (), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 4, 4, 3, 3), }",
    "{'descr': '', 'fortran_order': False, 'shape': (2, 4, 4, 3, 3), }",
    "{'descr': '<c16', 'fortran_order': Maybe, 'shape': (2, 4, 4, 3, 3), }",
    "{'descr': '<c16', 'fortran_order': False, 'shape': (2, 4, 4, 3", "{'descr': ", "", "'shape'",
  ])
  func npy(_ text: String) {
    let head: [UInt8] = [0x93] + Array("NUMPY".utf8)
    let size = [UInt8(text.utf8.count & 255), UInt8(text.utf8.count >> 8)]
    #expect(status(head + [1, 0] + size + Array(text.utf8)) == 65)
    #expect(status(head + [2, 0, 255, 255, 255, 255] + Array(text.utf8)) == 65)
    #expect(status(head + [9, 0] + size + Array(text.utf8)) == 65)
    #expect(status(head) == 65)
  }

  @Test func text() {
    let count = 4 * 2 * 2
    let good = [String](repeating: "1.0", count: count).joined(separator: "\n")
    func read(_ text: String) -> Int32? {
      status(Array(text.utf8), group: .u1, extents: [2, 2])
    }
    #expect(read(good) == nil)
    #expect(read(good + "\n") == nil)
    #expect(read(good + "\n1.0") == 65)
    #expect(read(String(good.dropLast(4))) == 65)
    #expect(read(good.replacingOccurrences("1.0\n1.0", "1.0\n1..0")) == 65)
    #expect(read(good.replacingOccurrences("1.0\n1.0", "1.0\n1e999")) == 65)
    #expect(read(String(repeating: "1", count: 500) + "\n" + good) == 65)
    #expect(status(Array(good.utf8)) == 64)
    #expect(status(Array(good.utf8), group: .u1, extents: [2, 1]) == 64)
    #expect(status(Array(good.utf8), group: .u1, extents: [65536, 65535]) == 65)
  }
}

extension String {
  fileprivate func replacingOccurrences(_ a: String, _ b: String) -> String {
    guard let range = self.range(of: a) else { return self }
    return replacingCharacters(in: range, with: b)
  }
}
