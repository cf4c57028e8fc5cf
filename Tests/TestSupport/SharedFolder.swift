import Foundation

/// The folder of reference data shared by several projects.
public enum SharedFolder {
  /// `LATTICEGAUGE_SHARED`, or `../shared` beside the package.
  public static let url: URL = {
    if let path = ProcessInfo.processInfo.environment["LATTICEGAUGE_SHARED"] {
      return URL(fileURLWithPath: path)
    }
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return root.deletingLastPathComponent().appendingPathComponent("shared")
  }()

  /// Whether a file or folder of it is there.
  public static func contains(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: url.appendingPathComponent(path).path)
  }

  /// Whether tests of these data run: they do where the data are, and where
  /// `LATTICEGAUGE_REQUIRE_SHARED` is set, so that their absence is a failure there.
  public static func runs(_ path: String) -> Bool {
    contains(path)
      || ProcessInfo.processInfo.environment["LATTICEGAUGE_REQUIRE_SHARED"] != nil
  }
}
