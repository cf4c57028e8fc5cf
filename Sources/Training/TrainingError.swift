/// Errors of training: what was expected, what was found, and where.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  case setting(name: String, expected: String, found: String)
  case unknownTarget(String, known: [String])
  case targetNeeds(String, expected: String, found: String)
  /// A loss or gradient that is not a number or infinite, in a step of an epoch, both counted from 1; a
  /// trainer is then as before the step, and a run has written the last state with a finite loss.
  case diverged(step: Int, epoch: Int, what: String, kept: KeptState? = nil)
  /// A file that does not belong to the others of its folder.
  case mixedEnsemble(file: String, expected: String, found: String)
  case emptyEnsemble(folder: String)
  /// Weights or a state that belong to another network, group, convention or precision.
  case otherNetwork(file: String, what: String, expected: String, found: String)
  /// A file or folder that is missing, holds something else, or cannot be written.
  case file(FileProblem, String)
  case interrupted

  /// The state after a number of steps in a file.
  public struct KeptState: Equatable, Sendable {
    public let step: Int
    public let file: String
  }

  /// What is the matter with a file.
  public enum FileProblem: Sendable { case usage, damaged, missing, cannotCreate }

  /// The exit status of the command line.
  public var exitStatus: Int32 {
    switch self {
    case .setting, .unknownTarget, .targetNeeds, .file(.usage, _): 64
    case .mixedEnsemble, .otherNetwork, .file(.damaged, _): 65
    case .emptyEnsemble, .file(.missing, _): 66
    case .file(.cannotCreate, _): 73
    case .diverged: 1
    case .interrupted: 130
    }
  }

  public var description: String {
    switch self {
    case .setting(let name, let expected, let found):
      "expected \(name) to be \(expected), found \(found)"
    case .unknownTarget(let name, let known):
      "expected a target among \(known.joined(separator: ", ")), found '\(name)'"
    case .targetNeeds(let name, let expected, let found):
      "expected \(expected), for the target '\(name)', found \(found)"
    case .diverged(let step, let epoch, let what, let kept):
      "step \(step), in epoch \(epoch): \(what); "
        + (kept.map { "the weights after step \($0.step) are in \($0.file)" }
          ?? "the weights before it are kept")
    case .mixedEnsemble(let file, let expected, let found):
      "\(file): expected \(expected), found \(found)"
    case .emptyEnsemble(let folder):
      "\(folder): expected configurations, found none"
    case .otherNetwork(let file, let what, let expected, let found):
      "\(file): expected the \(what) \(expected), found \(found)"
    case .file(_, let text): text
    case .interrupted: "interrupted; the state is written"
    }
  }
}
