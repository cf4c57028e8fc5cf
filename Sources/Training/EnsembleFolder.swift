import Compute
import Foundation
import Lattice

extension ConfigurationStore {
  /// Reads all configurations of a folder, in the order of the numbers in their names, `c9` before `c10`:
  /// stretches of the order are stretches of a chain.
  ///
  /// Files that are none (tables, descriptions, hidden files, checkpoints) and folders are left alone.
  ///
  /// - Throws: `TrainingError.emptyEnsemble`, `.mixedEnsemble` naming the first file of another group or
  ///   lattice or with open boundaries, or what reading a file throws.
  public init(folder: String, group: GaugeGroup) throws {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
        .sorted(by: precedesByNumbers)
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

/// Whether a name stands before another one: runs of digits compare as numbers, all else byte by byte.
private func precedesByNumbers(_ one: String, _ other: String) -> Bool {
  var (a, b) = (one.utf8[...], other.utf8[...])
  while let x = a.first, let y = b.first {
    if isDigit(x), isDigit(y) {
      let (m, n) = (removeNumber(&a), removeNumber(&b))
      if m.count != n.count { return m.count < n.count }
      if !m.elementsEqual(n) { return m.lexicographicallyPrecedes(n) }
    } else {
      if x != y { return x < y }
      a.removeFirst()
      b.removeFirst()
    }
  }
  if a.isEmpty != b.isEmpty { return a.isEmpty }
  // Equal but for zeros in front of numbers.
  return one < other
}

private func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

/// Takes the digits at the start, and gives them without zeros in front.
private func removeNumber(_ text: inout Substring.UTF8View) -> Substring.UTF8View {
  let digits = text.prefix(while: isDigit)
  text = text.dropFirst(digits.count)
  return digits.drop { $0 == UInt8(ascii: "0") }
}
