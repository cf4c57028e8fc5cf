import Compute
import Foundation
import Lattice

extension ConfigurationStore {
  /// Reads all configurations of a folder, in the order of their names.
  ///
  /// Files that are none (tables, descriptions, hidden files, checkpoints) and folders are left alone.
  ///
  /// - Throws: `TrainingError.emptyEnsemble`, `.mixedEnsemble` naming the first file of another group or
  ///   lattice or with open boundaries, or what reading a file throws.
  public init(folder: String, group: GaugeGroup) throws {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw TrainingError.file(
        .missing, "\(folder): expected a folder of configurations, found none to read")
    }
    var store: ConfigurationStore?
    for name in names where Self.isConfiguration(name) {
      let path = "\(folder)/\(name)"
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
        continue
      }
      let links = try ConfigurationReader.read(path, as: Scalar.self).field
      guard links.group == group else {
        throw TrainingError.mixedEnsemble(
          file: path, expected: "the group \(group) of the network", found: "\(links.group)")
      }
      guard !links.boundary.isOpen.contains(true) else {
        throw TrainingError.mixedEnsemble(
          file: path, expected: "periodic boundaries", found: "the boundary \(links.boundary)")
      }
      if store == nil { store = ConfigurationStore(links.geometry, group: group) }
      guard links.geometry == store!.geometry else {
        throw TrainingError.mixedEnsemble(
          file: path, expected: "the lattice \(store!.geometry) of the files before",
          found: "\(links.geometry)")
      }
      store!.append(links)
    }
    guard let store else { throw TrainingError.emptyEnsemble(folder: folder) }
    self = store
  }

  private static func isConfiguration(_ name: String) -> Bool {
    let others = ["csv", "json", "md", "txt", "log", "safetensors", "html", "svg"]
    let suffix = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    return !name.hasPrefix(".") && !name.hasPrefix("checkpoint") && !others.contains(suffix)
  }

  /// Some of the configurations as a store of their own.
  public func part(_ range: Range<Int>) throws -> ConfigurationStore {
    var result = ConfigurationStore(geometry, group: group)
    for start in stride(from: range.lowerBound, to: range.upperBound, by: 64) {
      result.append(try links(start..<min(range.upperBound, start + 64)))
    }
    return result
  }
}
