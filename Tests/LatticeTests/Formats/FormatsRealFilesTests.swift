import Foundation
import Lattice
import Testing

/// Files of other codes with the values their repositories document.
struct RealFile: Sendable, CustomTestStringConvertible {
  let name: String
  let format: ConfigurationFormat
  let extents: [Int]
  let group: GaugeGroup
  let plaquette: Double
  var tolerance = 1e-12
  var linkTrace: Double?
  var linkTolerance = 1e-12
  var checksums: [String: String] = [:]
  var hasHeader = true
  var byteOrder = ByteOrder.big
  var bits = 32

  var testDescription: String { name }

  private static let l4 = [4, 4, 4, 4]
  private static let l8 = [4, 4, 4, 8]

  static let all: [RealFile] = [
    RealFile(
      name: "lat.sample.l8888", format: .milc, extents: [8, 8, 8, 8], group: .su3,
      plaquette: 0.593560240433, linkTrace: -6.4563862036388919e-04, linkTolerance: 1e-15,
      checksums: ["milc29": "4f9d000e", "milc31": "8d72f72e"], byteOrder: .little),
    RealFile(
      name: "lat.sample.l4444", format: .milc, extents: l4, group: .su3,
      plaquette: 0.594850158947, checksums: ["milc29": "2352c05", "milc31": "d137321d"],
      byteOrder: .little),
    RealFile(
      name: "lat.sample.l4444.ildg", format: .ildg, extents: l4, group: .su3,
      plaquette: 0.594850158947,
      checksums: ["scidac-a": "37affb9c", "scidac-b": "2fc07bbf"]),
    RealFile(
      name: "lat.sample.l4444.scidac", format: .scidac, extents: l4, group: .su3,
      plaquette: 0.594850158947,
      checksums: ["scidac-a": "37affb9c", "scidac-b": "2fc07bbf"]),
    RealFile(
      name: "lat.sample.l4448", format: .milc, extents: l8, group: .su3,
      plaquette: 0.569055724369, checksums: ["milc29": "13f3b413", "milc31": "161f7dde"]),
    RealFile(
      name: "lat.sample.l4448.scidac", format: .scidac, extents: l8, group: .su3,
      plaquette: 0.569055724369,
      checksums: ["scidac-a": "1c5a6cb5", "scidac-b": "5dea327a"]),
    RealFile(
      name: "lat.sample.l4448.foreign", format: .ildg, extents: l8, group: .su3,
      plaquette: 0.569055724369),
    RealFile(
      name: "lat.sample.l4448.gf", format: .milc, extents: l8, group: .su3,
      plaquette: 0.569055724369, tolerance: 1.6e-9, linkTrace: 0.75146618, linkTolerance: 5e-9,
      checksums: ["milc29": "92a1404", "milc31": "1416736"]),
    RealFile(
      name: "nersc.l8t4b3360", format: .nersc, extents: [8, 8, 8, 4], group: .su3,
      plaquette: 0.5038664469, tolerance: 1e-10, linkTrace: 0.005406083858,
      checksums: ["nersc": "b379560a"], bits: 64),
    RealFile(
      name: "conf_00000100_4444nc2.ildg", format: .lime, extents: l4, group: .su2,
      plaquette: 0.668474886836, hasHeader: false, bits: 64),
    RealFile(
      name: "heatbath_su3_beta5.7_4444.ildg", format: .lime, extents: l4, group: .su3,
      plaquette: 0.571478174356, hasHeader: false, bits: 64),
    RealFile(
      name: "heatbath_su4_beta5.7_4444.ildg", format: .lime, extents: l4, group: .su4,
      plaquette: 0.344072574856, hasHeader: false, bits: 64),
    RealFile(
      name: "bridge_4444.txt", format: .bridge, extents: l4, group: .su3,
      plaquette: 0.587818337847024, tolerance: 1e-14, hasHeader: false, byteOrder: .little,
      bits: 64),
  ]
}

@Suite(.enabled(if: SharedData.hasConfigurations, "no folder of reference configurations"))
struct FormatsRealFiles {
  @Test(arguments: RealFile.all)
  func readsWithTheDocumentedValues(_ file: RealFile) throws {
    let path = SharedData.configuration(file.name)
    let read = try ConfigurationReader.read(
      path, as: Double.self, group: file.hasHeader ? nil : file.group,
      extents: file.hasHeader ? nil : file.extents)
    #expect(abs(read.field.plaquette() - file.plaquette) <= file.tolerance)
    if let trace = file.linkTrace {
      #expect(abs(read.field.linkTrace() - trace) <= file.linkTolerance)
    }
    let info = read.info
    #expect(info.format == file.format)
    #expect(info.extents == file.extents)
    #expect(info.group == file.group)
    #expect(info.storedBits == file.bits)
    #expect(info.byteOrder == file.byteOrder)
    #expect(info.checksums == file.checksums)
    #expect(info.checksum == (file.checksums.isEmpty ? .absent : .ok))
    #expect(info.warnings.contains { $0.contains("checksum") } == file.checksums.isEmpty)
    let inspected = try ConfigurationReader.info(
      path, group: file.hasHeader ? nil : file.group,
      extents: file.hasHeader ? nil : file.extents)
    #expect(inspected.checksums == file.checksums)
  }

  @Test(arguments: RealFile.all.filter { !$0.hasHeader })
  func needsGroupAndLatticeWithoutAHeader(_ file: RealFile) throws {
    let path = SharedData.configuration(file.name)
    let error = configurationError { _ = try ConfigurationReader.read(path, as: Double.self) }
    #expect(error?.exitStatus == 64)
    #expect(error?.description.contains("--group") == true)
    #expect(error?.description.contains("--lattice") == true)
    let wrong = configurationError {
      _ = try ConfigurationReader.read(
        path, as: Double.self, group: file.group, extents: [4, 4, 4, 6])
    }
    #expect(wrong?.exitStatus == 65)
  }

  @Test func refusesTheFileWithAWrongChecksum() {
    let error = configurationError {
      _ = try ConfigurationReader.read(
        SharedData.configuration("lat.sample.5p7"), as: Double.self)
    }
    #expect(error?.exitStatus == 65)
    #expect(error?.description.contains("checksum") == true)
  }

  @Test func theSameFieldComesFromThreeFormats() throws {
    func links(_ name: String) throws -> [Double] {
      numbers(
        try ConfigurationReader.read(SharedData.configuration(name), as: Double.self).field)
    }
    let milc = try links("lat.sample.l4444")
    #expect(sameBits(milc, try links("lat.sample.l4444.ildg")))
    #expect(sameBits(milc, try links("lat.sample.l4444.scidac")))
    #expect(sameBits(try links("lat.sample.l4448"), try links("lat.sample.l4448.foreign")))
    #expect(sameBits(try links("lat.sample.l4448"), try links("lat.sample.l4448.scidac")))
  }

  /// MILC documents the checksum of its fields in NERSC's two-row form.
  @Test(arguments: [("lat.sample.l8888", "4a3bbf43"), ("lat.sample.l4444", "ffc4bb26")])
  func writesTheDocumentedNERSCChecksum(_ name: String, _ checksum: String) throws {
    let folder = try TemporaryFolder()
    let read = try ConfigurationReader.read(SharedData.configuration(name), as: Float.self)
    var options = ConfigurationWriter.Options()
    options.bits = 32
    options.twoRow = true
    try ConfigurationWriter.write(
      read.field, to: folder.file("c"), format: .nersc, options: options)
    #expect(try ConfigurationReader.info(folder.file("c")).checksums == ["nersc": checksum])
  }

  /// Writing a SciDAC file anew gives the checksums of the code that wrote the first one.
  @Test func writesTheDocumentedSciDACChecksum() throws {
    let folder = try TemporaryFolder()
    let read = try ConfigurationReader.read(
      SharedData.configuration("lat.sample.l4448"), as: Double.self)
    var options = ConfigurationWriter.Options()
    options.bits = 32
    for format in [ConfigurationFormat.ildg, .scidac] {
      try ConfigurationWriter.write(
        read.field, to: folder.file("c"), format: format, options: options)
      let info = try ConfigurationReader.info(folder.file("c"))
      #expect(info.checksums == ["scidac-a": "1c5a6cb5", "scidac-b": "5dea327a"])
      #expect(info.format == format)
    }
  }
}
