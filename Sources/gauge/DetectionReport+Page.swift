import ComplexModule
import Compute
import Foundation
import Groups
import Lattice
import Sampling
import SymmetryDetection

extension DetectionReport {
  /// Refuses a path that cannot be written, before anything is measured.
  ///
  /// - Throws: `ConfigurationError` of exit status 73.
  static func requireWritable(_ path: String) throws(ConfigurationError) {
    let folder = (path as NSString).deletingLastPathComponent
    guard FileManager.default.isWritableFile(atPath: folder.isEmpty ? "." : folder) else {
      throw ConfigurationError(
        .cannotCreate, file: path, expected: "a folder to write the report in",
        found: "none that can be written")
    }
  }

  /// Writes the page with its pictures, in one step.
  ///
  /// - Throws: `ConfigurationError` of exit status 73 or 74.
  func writePage(to path: String, command: [String]) throws(ConfigurationError) {
    let bytes = [UInt8](page(command: command).html.utf8)
    func failure(_ kind: FileFailure, _ expected: String, _ found: String) -> ConfigurationError {
      ConfigurationError(
        kind == .cannotCreate ? .cannotCreate : .inputOutput, file: path, expected: expected,
        found: found)
    }
    try replaceFile(path, failure: failure) { descriptor throws(ConfigurationError) in
      let written = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
      do { try written.write(contentsOf: Data(bytes)) } catch {
        throw failure(.inputOutput, "\(bytes.count) bytes written", "\(error)")
      }
    }
  }

  private func page(command: [String]) -> DetectionPage {
    let quoted = command.map { word in
      word.allSatisfy { $0.isLetter || $0.isNumber || "-_./,=:+".contains($0) }
        ? word : "'\(word.replacingOccurrences(of: "'", with: "'\\''"))'"
    }
    var page = DetectionPage(
      title: "Symmetries of \(ensemble.group) on \(ensemble.geometry)",
      facts: [
        ("command", quoted.joined(separator: " ")), ("version", packageVersion),
        ("lattice", "\(ensemble.geometry), boundary \(ensemble.boundary)"),
        ("group", "\(ensemble.group)"), ("configurations", "\(ensemble.count)"),
        ("bins", "\(result.bins)"), ("draws", "\(result.draws)"), ("seed", "\(result.seed)"),
      ], result: result)
    page.json = json.text()
    let names = SignedPermutation.axisNames(ensemble.geometry.dimension)
    page.profiles = zip(names, ensemble.profileEstimates).map { name, profile in
      let tau = result.tests.first { $0.observable == "plaquette along \(name)" }?.autocorrelation
      let inflation = max(1, 2 * (tau ?? 0.5)).squareRoot()
      return DetectionPage.Profile(
        name: "Plaquette along \(name)", values: profile.map(\.value),
        errors: profile.map { $0.error * inflation })
    }
    if ensemble.group.n > 1, let loops = ensemble.polyakovLoops {
      page.polyakovLoops = loops.map { ($0.real, $0.imaginary) }
    }
    page.history = [("Plaquette along the chain", ensemble.plaquettes)]
    if let charges = ensemble.topologicalCharges {
      page.history.append(("Topological charge along the chain", charges))
    }
    if ensemble.group.n > 1, let loops = ensemble.polyakovLoops {
      page.history.append(("|P| along the chain", loops.map(\.length)))
    }
    return page
  }
}
