import Compute
import Dispatch
import Foundation

/// What one core of this machine can do, measured in the same run as the kernels.
enum Machine {
  /// Nanoseconds on a clock that does not jump.
  static func now() -> Double {
    Double(DispatchTime.now().uptimeNanoseconds)
  }

  /// The shortest of many runs, at least `seconds` long together.
  static func best(seconds: Double, _ body: () -> Void) -> Double {
    body()
    var shortest = Double.infinity
    let begin = now()
    repeat {
      let start = now()
      body()
      shortest = min(shortest, now() - start)
    } while now() - begin < seconds * 1e9
    return shortest
  }

  /// Multiply-adds in registers: 16 independent chains of vectors of doubles, two operations each.
  static func peakGigaflops() -> Double {
    let rounds = 20_000
    var sink = 0.0
    let time = best(seconds: 0.5) { sink += fusedMultiplyAdds(rounds) }
    precondition(sink.isFinite)
    return Double(rounds) * 16 * 8 * 2 / time
  }

  @inline(never)
  private static func fusedMultiplyAdds(_ rounds: Int) -> Double {
    typealias V = SIMD8<Double>
    let (m, a) = (V(repeating: 0.999_999), V(repeating: 1e-6))
    var (x0, x1, x2, x3) = (V(repeating: 1), V(repeating: 2), V(repeating: 3), V(repeating: 4))
    var (x4, x5, x6, x7) = (V(repeating: 5), V(repeating: 6), V(repeating: 7), V(repeating: 8))
    var (y0, y1, y2, y3) = (V(repeating: 1), V(repeating: 2), V(repeating: 3), V(repeating: 4))
    var (y4, y5, y6, y7) = (V(repeating: 5), V(repeating: 6), V(repeating: 7), V(repeating: 8))
    for _ in 0..<rounds {
      x0 = multiplyAdd(x0, m, a)
      x1 = multiplyAdd(x1, m, a)
      x2 = multiplyAdd(x2, m, a)
      x3 = multiplyAdd(x3, m, a)
      x4 = multiplyAdd(x4, m, a)
      x5 = multiplyAdd(x5, m, a)
      x6 = multiplyAdd(x6, m, a)
      x7 = multiplyAdd(x7, m, a)
      y0 = multiplyAdd(y0, m, a)
      y1 = multiplyAdd(y1, m, a)
      y2 = multiplyAdd(y2, m, a)
      y3 = multiplyAdd(y3, m, a)
      y4 = multiplyAdd(y4, m, a)
      y5 = multiplyAdd(y5, m, a)
      y6 = multiplyAdd(y6, m, a)
      y7 = multiplyAdd(y7, m, a)
    }
    let s = V.sum(V.sum(V.sum(x0, x1), V.sum(x2, x3)), V.sum(V.sum(x4, x5), V.sum(x6, x7)))
    let t = V.sum(V.sum(V.sum(y0, y1), V.sum(y2, y3)), V.sum(V.sum(y4, y5), V.sum(y6, y7)))
    return V.sum(s, t)[0]
  }

  /// The triad a = b + s c on arrays far larger than the caches, one thread; three transfers of 8
  /// bytes counted.
  static func streamGigabytes() -> Double {
    let count = 1 << 20
    let a = AlignedBuffer(repeating: SIMD8<Double>(repeating: 0), count: count)
    let b = AlignedBuffer(repeating: SIMD8<Double>(repeating: 1), count: count)
    let c = AlignedBuffer(repeating: SIMD8<Double>(repeating: 2), count: count)
    let time = best(seconds: 0.5) { triad(a.pointer, b.pointer, c.pointer, count) }
    return Double(count) * 64 * 3 / time
  }

  @inline(never)
  private static func triad(
    _ a: UnsafeMutablePointer<SIMD8<Double>>, _ b: UnsafeMutablePointer<SIMD8<Double>>,
    _ c: UnsafeMutablePointer<SIMD8<Double>>, _ count: Int
  ) {
    let s = SIMD8<Double>(repeating: 3)
    for k in 0..<count { a[k] = multiplyAdd(s, c[k], b[k]) }
  }

  /// The most memory this process held while it ran `body`, above `baseline`, in MiB; nil where the
  /// system does not tell.
  static func peakMebibytes(above baseline: Double?, _ body: () -> Void) -> Double? {
    // Writing 5 sets the peak back to what is held now (Linux, proc(5)).
    guard let baseline,
      (try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)) != nil
    else { return nil }
    body()
    return memory("VmHWM").map { $0 - baseline }
  }

  /// A line of the process's status, such as VmRSS, in MiB.
  static func memory(_ name: String) -> Double? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name + ":") }),
      let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({
        Double($0)
      })
    else { return nil }
    return kibibytes / 1024
  }
}
