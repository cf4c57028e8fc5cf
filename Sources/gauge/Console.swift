import ArgumentParser
import Autodiff
import Foundation
import Fourier
import Lattice
import Sampling
import Training

/// Standard error: progress, warnings and errors.
enum Console {
  static let isTerminal = isatty(2) != 0

  static func message(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  /// A line of progress that replaces the one before on a terminal.
  static func progress(_ text: String) {
    let line = isTerminal ? "\r\u{1B}[K" + text : text + "\n"
    FileHandle.standardError.write(Data(line.utf8))
  }

  static func endProgress() {
    if isTerminal { FileHandle.standardError.write(Data("\n".utf8)) }
  }
}

/// Progress of long work on many files on standard error; short work says nothing.
struct FileProgress {
  private let count: Int
  private var index = 0
  private var file = ""
  private var last = ContinuousClock.now
  private var isShown = false

  init(_ files: [String]) { count = files.count }

  /// Another file is next.
  mutating func begin(_ file: String) {
    index += 1
    self.file = file
    report("")
  }

  mutating func report(_ detail: String) {
    let pause: Duration = Console.isTerminal ? .milliseconds(200) : .seconds(10)
    guard last.duration(to: .now) > pause else { return }
    Console.progress("\(index)/\(count) \(file) \(detail)")
    last = .now
    isShown = true
  }

  /// Before anything else is printed.
  mutating func end() {
    if isShown { Console.endProgress() }
    isShown = false
  }
}

/// The exit statuses of the contract.
func exitStatus(of error: any Error) -> Int32 {
  switch error {
  case let error as ConfigurationError: error.exitStatus
  case is ChainRun.Interrupted, TrainingError.interrupted: 130
  case let error as SafetensorsError: error.exitStatus
  case let error as TrainingError: error.exitStatus
  case FourierError.gaugeFixing: 65
  default: 64
  }
}

/// A request that makes no sense, in one line: what was expected and what was found.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Runs the work of a verb; an error becomes one line on standard error and its exit status.
func reporting(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let code as ExitCode {
    throw code
  } catch {
    Console.message("gauge: \(error)")
    throw ExitCode(exitStatus(of: error))
  }
}

/// Prints a value as the one JSON object of standard output.
func printJSON(_ value: JSONValue) {
  print(value.text())
}
