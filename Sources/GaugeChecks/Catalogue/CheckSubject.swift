import Compute
import Dispatch
import Lattice
import Synchronization

/// Something with checks: an observable, a smearing, an action, an updater, a network.
public struct CheckSubject: Sendable {
  /// Such as `observables/plaquette`; part and name.
  public let name: String
  private let body: @Sendable (CheckSetting) throws -> [CheckResult]

  /// - Parameter body: the checks on a lattice; none where the subject does not exist there.
  public init(_ name: String, _ body: @escaping @Sendable (CheckSetting) throws -> [CheckResult]) {
    (self.name, self.body) = (name, body)
  }

  /// All checks on a lattice; none where the subject does not exist there.
  public func results(on setting: CheckSetting) throws -> [CheckResult] { try body(setting) }
}

/// What is built into this package, with the symmetries that it declares.
public enum CheckCatalogue {
  /// All subjects, checked in a precision.
  public static func subjects<Scalar: LatticeReal>(
    precision: Scalar.Type = Double.self
  ) -> [CheckSubject] {
    fields(Scalar.self) + observables(Scalar.self) + smearings(Scalar.self) + flows(Scalar.self)
      + actions(Scalar.self) + dynamics(Scalar.self) + updaters(Scalar.self)
      + networks(Scalar.self) + suites(Scalar.self) + latticeSymmetries(Scalar.self)
  }

  /// The results of subjects on lattices, in this order; subjects side by side on as many threads as
  /// the package uses, for small lattices have nothing to divide.
  public static func results(
    of subjects: [CheckSubject], on settings: [CheckSetting]
  ) throws -> [CheckResult] {
    let jobs = subjects.flatMap { subject in settings.map { (subject, $0) } }
    let found = Mutex([Result<[CheckResult], any Error>?](repeating: nil, count: jobs.count))
    let next = Atomic(0)
    let threads = Threads.count
    Threads.count = 1
    defer { Threads.count = threads }
    DispatchQueue.concurrentPerform(iterations: min(threads, max(1, jobs.count))) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < jobs.count else { return }
        let (subject, setting) = jobs[index]
        let result = Result { try subject.results(on: setting) }
        found.withLock { $0[index] = result }
      }
    }
    return try found.withLock { $0 }.flatMap { try $0!.get() }
  }

  /// Lattices that together see mistakes of special cases: odd extents and extents of 2, every
  /// dimension from 2 to 4, one to four colours.
  public static func settings(seed: UInt64, group: GaugeGroup? = nil) -> [CheckSetting] {
    let all: [(GaugeGroup, [Int])] = [
      (.u1, [6, 8]), (.u1, [3, 2, 4]), (.su2, [4, 4]), (.su2, [3, 2, 3]), (.su3, [3, 4]),
      (.su3, [2, 3, 2, 4]), (.su4, [2, 3, 4]),
    ]
    let chosen =
      group.map { group in
        all.filter { $0.0 == group }.isEmpty
          ? [(group, [3, 4]), (group, [2, 3, 4])] : all.filter { $0.0 == group }
      } ?? all
    // Extents that make a lattice.
    return chosen.map { CheckSetting(try! Geometry($0.1), $0.0, seed: seed) }
  }
}
