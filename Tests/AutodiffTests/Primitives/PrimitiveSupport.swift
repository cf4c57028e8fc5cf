import Autodiff
import Compute
import Foundation

typealias Real = Variable<Tensor<Double>>

/// A tensor of numbers without a pattern, k/50 for -50 <= k <= 50.
func scattered<Scalar: LatticeReal>(
  _ shape: [Int], _ seed: Int = 0, of: Scalar.Type = Double.self
) -> Tensor<Scalar> {
  let count = shape.reduce(1, *)
  return try! Tensor(
    shape: shape,
    values: (0..<count).map { i in
      Scalar(RandomStream(seed: UInt64(seed), purpose: .checks).words(UInt32(i), 0, 0, 0)[0] % 101)
        / 50 - 1
    })
}

/// A smooth loss whose derivative differs from element to element: sum_i w_i y_i + y_i^2 / 4.
func loss(_ y: Real) throws -> Real {
  let weights = y.tape.constant(scattered(y.value.shape, 99))
  return try y.multiplied(by: weights).sum().adding(try y.multiplied(by: y).sum().scaled(by: 0.25))
}

/// Held while the number of threads is set, which all tests share.
private let threadsLock = NSLock()

/// The numbers that a calculation gives on 1, 2 and 3 threads.
///
/// On a thread of its own: parallel loops that are called from Swift's pool of tasks, where tests
/// run, get help late or not at all.
func onThreads<Value>(_ body: @escaping () throws -> Value) throws -> [Value] {
  threadsLock.lock()
  defer { threadsLock.unlock() }
  nonisolated(unsafe) let body = body
  nonisolated(unsafe) var result = Result<[Value], any Error>.success([])
  let done = DispatchSemaphore(value: 0)
  let thread = Thread {
    let before = Threads.count
    result = Result {
      try (1...3).map {
        Threads.count = $0
        return try body()
      }
    }
    Threads.count = before
    done.signal()
  }
  thread.stackSize = 8 << 20
  thread.start()
  done.wait()
  return try result.get()
}

func largestDifference(_ a: Tensor<Double>, _ b: [Double]) -> Double {
  a.count == b.count ? zip(a.values, b).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
}

/// All places of an array, the last index fastest.
func places(_ shape: [Int]) -> [[Int]] {
  shape.reduce([[]]) { places, extent in places.flatMap { p in (0..<extent).map { p + [$0] } } }
}

extension Tensor {
  subscript(place place: [Int]) -> Scalar { values[offset(place)] }
}
