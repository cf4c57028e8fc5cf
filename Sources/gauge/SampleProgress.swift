import Foundation
import Sampling
import Statistics
import Synchronization

/// Asks a run to stop after SIGINT or SIGTERM; a second signal ends the program at once.
struct Interruption {
  private static let count = Atomic<Int>(0)

  init() {
    // Whoever started the tool may have blocked the signals.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&signals, number)
      signal(number) { number in
        if Interruption.count.wrappingAdd(1, ordering: .relaxed).oldValue > 0 {
          _exit(128 + number)
        }
      }
    }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  var isRequested: Bool { Self.count.load(ordering: .relaxed) > 0 }
}

/// Progress of a chain on standard error: part done, plaquette, rate, time left.
struct SampleProgress {
  private let start = ContinuousClock.now
  private var last: ContinuousClock.Instant?
  private var (trajectories, accepted) = (0, 0)

  mutating func report(_ p: ChainRun.Progress) {
    if let trajectory = p.trajectory {
      trajectories += 1
      accepted += trajectory.isAccepted ? 1 : 0
    }
    let now = ContinuousClock.now
    let pause: Duration = Console.isTerminal ? .milliseconds(200) : .seconds(10)
    if let last, last.duration(to: now) < pause, p.updates < p.totalUpdates { return }
    if last == nil && !Console.isTerminal {
      last = now
      return
    }
    last = now
    let elapsed = start.duration(to: now)
    let seconds =
      Double(elapsed.components.seconds) + 1e-18 * Double(elapsed.components.attoseconds)
    let rate = Double(p.updatesHere) / max(seconds, 1e-9)
    let left = Double(p.totalUpdates - p.updates) / max(rate, 1e-9)
    let phase = p.isThermalizing ? "thermalising" : "sampling"
    let acceptance = trajectories > 0 ? "accepted \(accepted)/\(trajectories)  " : ""
    Console.progress(
      "\(phase) \(p.updates)/\(p.totalUpdates)  plaquette \(fixed(p.plaquette, 6))  \(acceptance)"
        + "\(fixed(rate, 1)) updates/s  \(durationText(left)) left")
  }

  func end() { if last != nil { Console.endProgress() } }
}

/// A number with a fixed count of decimals.
func fixed(_ x: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", x) }

/// A value with its error in the field's notation, 0.59404(25).
func estimateText(_ value: Double, _ error: Double) -> String {
  Estimate(value: value, error: error).description
}
