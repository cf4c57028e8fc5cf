import Foundation
import Lattice
import TestSupport
import Testing
import Training

/// Folders of configurations, and what is no such folder.
@Suite struct EnsembleFolderTests {
  @Test func configurationsAreReadInTheOrderOfTheirNames() throws {
    let folder = try TemporaryFolder()
    for k in [3, 1, 2] {
      try folder.writeConfiguration("configuration-00000\(k).lime", [4, 6], .su2, seed: UInt64(k))
    }
    // What a chain leaves beside them.
    try folder.writeConfiguration("checkpoint.lime", [2, 2], .u1)
    for name in ["history.csv", "chain.json", "README.md", ".hidden"] {
      try folder.write(name, "something else")
    }
    try FileManager.default.createDirectory(
      atPath: folder.path + "/below", withIntermediateDirectories: false)
    let store = try ConfigurationStore<Double>(folder: folder.path, group: .su2)
    #expect(store.count == 3)
    for k in 1...3 {
      let expected = try LinkField<Double>.hot([4, 6], .su2, seed: UInt64(k))
      #expect(try store.links([k - 1]).largestDifference { expected[$0, $1] } == 0)
    }
  }

  /// Names without zeros in front of their numbers, and with a coupling beside them.
  @Test func numbersInNamesAreInOrder() throws {
    let names = [
      "a", "b2.1-9", "b2.1-10", "b2.1-0010x", "b2.1-11", "b2.15-1", "b10.1-1", "b10.1-1a",
      "b99999999999999999999", "b100000000000000000000", "c",
    ]
    let folder = try TemporaryFolder()
    for (k, name) in names.enumerated() {
      try folder.writeConfiguration(name + ".lime", [2, 2], .u1, seed: UInt64(k))
    }
    let store = try ConfigurationStore<Double>(folder: folder.path, group: .u1)
    for k in names.indices {
      let expected = try LinkField<Double>.hot([2, 2], .u1, seed: UInt64(k))
      #expect(
        try store.links([k]).largestDifference { expected[$0, $1] } == 0, "\(names[k])")
    }
  }

  private func error(_ folder: String, _ group: GaugeGroup = .su2) throws -> TrainingError {
    try #require(throws: TrainingError.self) {
      try ConfigurationStore<Double>(folder: folder, group: group)
    }
  }

  @Test func emptyAndMissingFolders() throws {
    let folder = try TemporaryFolder()
    #expect(try error(folder.path) == .emptyEnsemble(folder: folder.path))
    try folder.write("history.csv", "")
    #expect(try error(folder.path).exitStatus == 66)
    let missing = try error(folder.path + "/none")
    #expect(missing.exitStatus == 66 && "\(missing)".contains(folder.path + "/none: expected"))
  }

  @Test func mixedFoldersNameTheFile() throws {
    let folder = try TemporaryFolder()
    try folder.writeConfiguration("a.lime", [4, 6], .su2)
    try folder.writeConfiguration("b.lime", [4, 4], .su2)
    let b = "\(folder.path)/b.lime"
    #expect(
      try error(folder.path)
        == .mixedEnsemble(file: b, expected: "the lattice 4x6 of the files before", found: "4x4"))
    try folder.writeConfiguration("b.lime", [4, 6], .su3)
    let group = try error(folder.path)
    #expect(
      group
        == .mixedEnsemble(file: b, expected: "the group SU(2) of the network", found: "SU(3)"))
    #expect(group.exitStatus == 65)
    #expect("\(group)" == "\(b): expected the group SU(2) of the network, found SU(3)")
    // All files are of another group than the network.
    let a = "\(folder.path)/a.lime"
    #expect(
      try error(folder.path, .u1)
        == .mixedEnsemble(file: a, expected: "the group U(1) of the network", found: "SU(2)"))
    try folder.writeConfiguration("b.lime", [4, 6], .su2, isOpen: true)
    let open = try error(folder.path)
    #expect("\(open)".hasPrefix("\(b): expected periodic boundaries, found"), "\(open)")
  }

  @Test func aFileThatDoesNotReadIsNamed() throws {
    let folder = try TemporaryFolder()
    try folder.writeConfiguration("a.lime", [4, 6], .su2)
    try folder.write("b.lime", "no configuration")
    let error = try #require(throws: ConfigurationError.self) {
      try ConfigurationStore<Double>(folder: folder.path, group: .su2)
    }
    #expect("\(error)".contains("b.lime"))
  }
}
