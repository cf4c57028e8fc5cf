import Foundation

/// `train.csv`: a row for every epoch.
struct TrainingTable {
  private let header: String
  private var rows: [String] = []

  init(targets: [String]) {
    header = (["epoch", "step", "rate", "loss", "validation"] + targets.map { "validation.\($0)" })
      .joined(separator: ",")
  }

  mutating func append(
    epoch: Int, step: Int, rate: Double, loss: Double, validation: Evaluation
  ) {
    let numbers = [rate, loss, validation.loss] + validation.meanSquaredErrors
    rows.append(([String(epoch), String(step)] + numbers.map { "\($0)" }).joined(separator: ","))
  }

  /// Takes the rows of the first epochs from a file, as a continuation does.
  mutating func read(_ path: String, epochs: Int) throws(TrainingError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      guard epochs == 0 else {
        throw .file(.missing, "\(path): expected \(epochs) epochs, found no file")
      }
      return
    }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    guard lines.first == header, lines.count > epochs else {
      throw .file(
        .damaged, "\(path): expected the table of \(epochs) epochs or more, found another")
    }
    rows = Array(lines.dropFirst().prefix(epochs))
  }

  func write(_ path: String) throws(TrainingError) {
    let text = ([header] + rows).joined(separator: "\n") + "\n"
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw .file(.cannotCreate, "\(path): cannot be written")
    }
  }
}
