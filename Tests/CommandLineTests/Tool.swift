import Foundation
import Testing

/// The built command-line tool.
struct Tool {
  struct Result {
    let status: Int32
    let output: String
    let errors: String

    /// Standard output as JSON.
    func json() throws -> [String: Any] {
      try #require(
        try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    }

    /// The lines of standard error that are no progress.
    var errorLines: [String] {
      errors.split(whereSeparator: \.isNewline).map(String.init).filter { $0.hasPrefix("gauge:") }
    }
  }

  /// `GAUGE_TOOL`, or where `make build` and `make test` leave it.
  static let url: URL = {
    if let path = ProcessInfo.processInfo.environment["GAUGE_TOOL"] {
      return URL(fileURLWithPath: path)
    }
    return URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent(".build/release/gauge")
  }()

  static func start(_ arguments: [String], folder: URL) throws -> (Process, URL, URL) {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    // Files instead of pipes: a full pipe would stop the tool.
    let tag = UUID().uuidString
    let (out, err) = (
      folder.appendingPathComponent("\(tag).out"), folder.appendingPathComponent("\(tag).err")
    )
    for file in [out, err] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    try process.run()
    return (process, out, err)
  }

  @discardableResult
  static func run(_ arguments: [String]) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
    let (process, out, err) = try start(arguments, folder: folder)
    process.waitUntilExit()
    defer {
      try? FileManager.default.removeItem(at: out)
      try? FileManager.default.removeItem(at: err)
    }
    return Result(
      status: process.terminationStatus, output: try String(contentsOf: out, encoding: .utf8),
      errors: try String(contentsOf: err, encoding: .utf8))
  }

  static func run(_ arguments: String) throws -> Result {
    try run(arguments.split(separator: " ").map(String.init))
  }

  /// The configurations of a chain in the folder `chain`, in order.
  static func sample(
    _ arguments: String, sweeps: Int = 10, every: Int = 10, thermalization: Int = 20,
    in folder: TemporaryFolder
  ) throws -> [String] {
    let result = try run(
      "sample \(arguments) --sweeps \(sweeps) --thermalization \(thermalization) "
        + "--save-every \(every) --seed 3 --out \(folder.path)/chain --json")
    #expect(result.status == 0, "\(result.errors)")
    return try #require(try result.json()["files"] as? [String])
  }
}

/// A folder that is removed with its owner.
final class TemporaryFolder {
  let url: URL
  var path: String { url.path }

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "latticegauge-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Contents of all files of a folder by name, hidden ones too.
  static func contents(_ path: String) throws -> [String: Data] {
    var result = [String: Data]()
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      result[name] = FileManager.default.contents(atPath: path + "/" + name)
    }
    return result
  }
}
