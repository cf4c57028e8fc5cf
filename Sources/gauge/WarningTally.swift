import Lattice

/// Warnings of many files, each kind told once.
struct WarningTally {
  private var kinds = [(warning: String, file: String, count: Int)]()

  mutating func add(_ info: ConfigurationInfo) {
    for warning in info.warnings {
      if let index = kinds.firstIndex(where: { $0.warning == warning }) {
        kinds[index].count += 1
      } else {
        kinds.append((warning, info.file, 1))
      }
    }
  }

  /// Writes them to standard error with the first file that has each.
  func report() {
    for kind in kinds {
      let more = kind.count - 1
      let others = more == 0 ? "" : " (and \(more) more)"
      Console.message("gauge: \(kind.file)\(others): \(kind.warning)")
    }
  }
}
