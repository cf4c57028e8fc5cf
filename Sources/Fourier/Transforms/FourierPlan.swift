import CFFTW
import Compute
import Foundation
import Lattice
import Synchronization

/// How much time FFTW spends on the search for the fastest plan; the result of a transform may depend
/// on the plan in the last digit.
public enum PlanningEffort: UInt32, Hashable, Sendable, CaseIterable {
  /// No measurement, nor wisdom of any: one plan in every run, so that what is calculated with it is
  /// the same to the bit.
  case estimate
  /// Some plans are timed: fractions of a second, once for every lattice. Another run may find
  /// another plan.
  case measure
  /// More of them: seconds.
  case patient

  var flags: UInt32 {
    switch self {
    case .estimate: UInt32(FFTW_ESTIMATE)
    case .measure: UInt32(FFTW_MEASURE)
    case .patient: UInt32(FFTW_PATIENT)
    }
  }
}

/// A plan for one real field of some extents, good for any memory that begins on a page or a multiple
/// of 64 bytes behind one.
final class FourierPlan<Scalar: FourierReal>: @unchecked Sendable {
  private let plan: OpaquePointer
  private let direction: FourierDirection

  fileprivate init?(_ key: FourierPlans.Key) {
    let complexCount = key.extents.dropFirst().reduce(key.extents[0] / 2 + 1, *)
    let real = AlignedBuffer<Scalar>(uninitialized: key.extents.reduce(1, *))
    let complex = AlignedBuffer<Scalar>(uninitialized: 2 * complexCount)
    let extents = key.extents.reversed().map { Int32($0) }
    // What was measured before would be taken for the estimate.
    let wisdom = key.effort == .estimate ? Scalar.fftw.takeWisdom() : nil
    defer { Scalar.fftw.returnWisdom(wisdom) }
    guard
      let plan = Scalar.fftw.plan(
        key.direction, extents, real.pointer, complex.pointer, key.effort.flags)
    else { return nil }
    withExtendedLifetime((real, complex)) {}
    self.plan = plan
    direction = key.direction
  }

  /// May run in many threads at once.
  func execute(real: UnsafeMutablePointer<Scalar>, complex: UnsafeMutablePointer<Scalar>) {
    Scalar.fftw.execute(direction, plan, real, complex)
  }

  deinit {
    FourierPlans.locked { Scalar.fftw.destroy(plan) }
  }
}

/// The plans made so far. They are made under a lock, since FFTW's planner is not thread-safe, and kept
/// until the program ends.
enum FourierPlans {
  struct Key: Hashable {
    let precision: String
    /// x first.
    let extents: [Int]
    let direction: FourierDirection
    let effort: PlanningEffort
  }

  private struct Cache: @unchecked Sendable {
    var plans: [Key: AnyObject] = [:]
  }

  private static let cache = Mutex(Cache())
  private static let planner = NSRecursiveLock()

  static func locked<Result>(_ body: () -> Result) -> Result {
    planner.lock()
    defer { planner.unlock() }
    return body()
  }

  static func plan<Scalar: FourierReal>(
    _ extents: [Int], _ direction: FourierDirection, _ effort: PlanningEffort,
    of: Scalar.Type = Scalar.self
  ) throws(FourierError) -> FourierPlan<Scalar> {
    let key = Key(
      precision: Scalar.precisionName, extents: extents, direction: direction, effort: effort)
    let plan: FourierPlan<Scalar>? = locked {
      if let known = cache.withLock({ $0.plans[key] }) as? FourierPlan<Scalar> { return known }
      guard let new = FourierPlan<Scalar>(key) else { return nil }
      cache.withLock { $0.plans[key] = new }
      return new
    }
    guard let plan else { throw .noPlan(extents: extents) }
    return plan
  }
}

/// What FFTW has learned of this machine, to be kept between runs: plans are then found at once and
/// are the same.
public enum FourierWisdom {
  /// Writes the wisdom of one precision.
  ///
  /// - Throws: `FourierError.wisdom`.
  public static func save<Scalar: FourierReal>(
    to path: String, precision: Scalar.Type = Double.self
  ) throws(FourierError) {
    guard FourierPlans.locked({ Scalar.fftw.exportWisdom(path) }) else {
      throw .wisdom(path: path, reason: "cannot be written")
    }
  }

  /// Adds the wisdom of a file to what is known.
  ///
  /// - Throws: `FourierError.wisdom` for a file that is missing, damaged or of another precision.
  public static func load<Scalar: FourierReal>(
    from path: String, precision: Scalar.Type = Double.self
  ) throws(FourierError) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw .wisdom(path: path, reason: "there is no such file")
    }
    guard FourierPlans.locked({ Scalar.fftw.importWisdom(path) }) else {
      throw .wisdom(
        path: path, reason: "expected wisdom of FFTW for \(Scalar.precisionName), found other data")
    }
  }
}
