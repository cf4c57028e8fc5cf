import Compute
import Foundation
import Lattice
import Testing

/// Files of open fields: recognised from their content, named in headers, compared with them.
@Suite struct FormatsOpenBoundary {
  static let cases: [(GaugeGroup, [Int], [Bool])] = [
    (.su3, [2, 3, 4, 5], [false, false, false, true]),
    (.su3, [3, 2, 2, 4], [true, false, true, true]),
    (.su3, [2, 2, 2, 2], [true, true, true, true]),
    (.u1, [5, 3], [true, false]), (.su2, [3, 4, 2], [false, true, true]),
    (.su4, [2, 3, 4], [false, false, true]),
  ]

  func field(_ group: GaugeGroup, _ extents: [Int], _ isOpen: [Bool]) throws -> LinkField<Double> {
    var u = try randomField(extents, group, as: Double.self)
    u.setBoundary(Boundary(isOpen: isOpen))
    return u
  }

  @Test func roundTrip() throws {
    let folder = try TemporaryFolder()
    for (group, extents, isOpen) in Self.cases {
      let u = try field(group, extents, isOpen)
      let isCovered = group == .su3 && extents.count == 4
      let formats: [ConfigurationFormat] =
        isCovered ? [.nersc, .ildg, .scidac, .npy] : [.scidac, .npy]
      for format in formats {
        for bits in [32, 64] {
          for twoRow in format == .nersc ? [false, true] : [false] {
            var options = ConfigurationWriter.Options()
            (options.bits, options.twoRow) = (bits, twoRow)
            if format == .nersc && bits == 32 { options.byteOrder = .little }
            let path = folder.file("c")
            try ConfigurationWriter.write(u, to: path, format: format, options: options)
            let read = try ConfigurationReader.read(path, as: Double.self)
            #expect(read.field.boundary == u.boundary && read.info.boundary == u.boundary)
            if bits == 64 && !twoRow { #expect(sameBits(numbers(read.field), numbers(u))) }
            let warnings = format == .npy ? 1 : 0
            #expect(read.info.warnings.count == warnings, "\(read.info.warnings)")
            let info = try ConfigurationReader.info(path)
            #expect(info.boundary == u.boundary)
            #expect(info.warnings == read.info.warnings)
            let single = try ConfigurationReader.read(path, as: Float.self)
            #expect(single.field.boundary == u.boundary)
            #expect(single.field.boundaryOfContent() == u.boundary)
            if format == .nersc {
              let words = (1...4).map { read.info.header["BOUNDARY_\($0)"] }
              #expect(words == isOpen.map { $0 ? "OPEN" : "PERIODIC" })
            }
            if format == .scidac {
              #expect(read.info.header["latticegauge/boundary"] == u.boundary.description)
            }
          }
        }
      }
    }
  }

  @Test func fortranOrderAndText() throws {
    let folder = try TemporaryFolder()
    let u = try field(.su2, [2, 3, 3], [true, false, true])
    let all = numbers(u)
    let n2 = 8
    // Fortran order of [mu, x, y, t, a, b]: mu fastest.
    var payload = [Double]()
    for b in 0..<2 {
      for a in 0..<2 {
        for site in 0..<u.geometry.volume {
          for mu in 0..<3 {
            let k = (site * 3 + mu) * n2 + 2 * (2 * a + b)
            payload += [all[k], all[k + 1]]
          }
        }
      }
    }
    let text = "{'descr': '<c16', 'fortran_order': True, 'shape': (3, 2, 3, 3, 2, 2), }"
    let header = text + String(repeating: " ", count: 127 - 10 - text.utf8.count) + "\n"
    var file: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
    file += Array(header.utf8)
    for x in payload { withUnsafeBytes(of: x.bitPattern.littleEndian) { file += $0 } }
    try write(file, to: folder.file("f.npy"))
    let read = try ConfigurationReader.read(folder.file("f.npy"), as: Double.self)
    #expect(read.field.boundary == u.boundary && sameBits(numbers(read.field), all))
    #expect(try ConfigurationReader.info(folder.file("f.npy")).boundary == u.boundary)

    try write(Array(all.map { "\($0)\n" }.joined().utf8), to: folder.file("text"))
    let fromText = try ConfigurationReader.read(
      folder.file("text"), as: Double.self, group: .su2, extents: [2, 3, 3])
    #expect(fromText.field.boundary == u.boundary)
    #expect(
      try ConfigurationReader.info(folder.file("text"), group: .su2, extents: [2, 3, 3]).boundary
        == u.boundary)
  }

  /// Signed zeroes, as other codes may write them, are zero.
  @Test func signedZeroes() throws {
    let folder = try TemporaryFolder()
    var u = try randomField([2, 3, 2, 3], .su3, as: Double.self)
    for site in 0..<u.geometry.volume where u.geometry.coordinates(of: site)[3] == 2 {
      u[site, 3] = ComplexMatrix(n: 3) { _, _ in .init(-0.0, -0.0) }
    }
    for format in [ConfigurationFormat.scidac, .npy, .nersc] {
      try ConfigurationWriter.write(u, to: folder.file("c"), format: .scidac)
      let read = try ConfigurationReader.read(folder.file("c"), as: Double.self)
      let info = try ConfigurationReader.info(folder.file("c"))
      #expect(read.field.boundary.isOpen == [false, false, false, true], "\(format)")
      #expect(info.boundary == read.field.boundary)
      // Our header says periodic, since the field was never opened.
      #expect(read.info.warnings.count == 1 && info.warnings == read.info.warnings)
    }
  }

  @Test func headersThatContradictTheLinks() throws {
    let folder = try TemporaryFolder()
    let closed = try randomField([2, 3, 2, 3], .su3, as: Double.self)
    let open = try field(.su3, [2, 3, 2, 3], [false, false, false, true])
    func warning(
      _ u: LinkField<Double>, _ format: ConfigurationFormat, _ from: String, _ to: String
    )
      throws -> [String]
    {
      try ConfigurationWriter.write(u, to: folder.file("c"), format: format)
      var content = try Data(contentsOf: URL(fileURLWithPath: folder.file("c")))
      let range = try #require(content.range(of: Data(from.utf8)))
      content.replaceSubrange(range, with: Data(to.utf8))
      try content.write(to: URL(fileURLWithPath: folder.file("c")))
      let read = try ConfigurationReader.read(folder.file("c"), as: Double.self)
      #expect(read.field.boundary == u.boundary)
      #expect(try ConfigurationReader.info(folder.file("c")).warnings == read.info.warnings)
      return read.info.warnings
    }
    let says = try warning(closed, .nersc, "BOUNDARY_4 = PERIODIC", "BOUNDARY_4 = OPEN")
    #expect(says.count == 1 && says[0].contains("says open in direction 3"))
    let periodic = try warning(open, .nersc, "BOUNDARY_4 = OPEN", "BOUNDARY_4 = PERIODIC")
    #expect(periodic.count == 1 && periodic[0].contains("says periodic in direction 3"))
    let other = try warning(closed, .nersc, "BOUNDARY_4 = PERIODIC", "BOUNDARY_4 = ANTIPERIODIC")
    #expect(other.count == 1 && other[0].contains("ANTIPERIODIC"))
    // Same length, so that the record stays whole.
    let record = try warning(
      open, .scidac, "periodic periodic periodic open", "periodic periodic open periodic")
    #expect(record.count == 2, "\(record)")
    #expect(
      configurationError {
        _ = try warning(
          open, .scidac, "periodic periodic periodic open", "periodic periodic periodic shut")
      }?.exitStatus == 65)
  }

  /// One more zero link than the boundary explains is a link that is not unitary.
  @Test func aZeroLinkInside() throws {
    let folder = try TemporaryFolder()
    var u = try field(.su3, [2, 3, 2, 3], [false, false, false, true])
    u[0, 0] = .zero(3)
    try ConfigurationWriter.write(u, to: folder.file("c"), format: .ildg)
    let read = try ConfigurationReader.read(folder.file("c"), as: Double.self)
    #expect(read.field.boundary == u.boundary)
    #expect(read.info.warnings.count == 1 && read.info.warnings[0].contains("not unitary"))
  }
}
