import CKernels
import Compute
import Lattice

/// g_c(p) = sum_e H_ce(p) f_e(p) at the kept momenta, or with H^dagger, by which a spectral convolution multiplies.
///
/// Modes are taken in chunks. Real and imaginary parts of f stand doubled in scratch, so that products with the
/// interleaved weights need no exchange of lanes before the last step: with a = sum w Re f and b = sum w Im f, number by
/// number, g = (a_re - b_im, a_im + b_re), with H^dagger (a_re + b_im, b_re - a_im).
struct SpectralProduct<Scalar: FourierReal> {
  let inputs: Int
  let outputs: Int
  /// Modes that stand side by side among the kept momenta.
  let runs: [SpectralRun]
  let modes: Int
  /// [output][input][mode][re, im]
  let weights: [Scalar]
  let isAdjoint: Bool

  /// Modes of a chunk: doubled parts of eight channels fill half of a first-level cache.
  private static var chunk: Int { 128 }
  /// Outputs at a time, whose sums stay in registers.
  private static var tile: Int { 4 }

  @inline(__always)
  func callAsFunction(
    _ field: MomentumField<Scalar>
  ) throws(FourierError) -> MomentumField<Scalar> {
    let channels = isAdjoint ? inputs : outputs
    let result =
      modes == field.count
      ? MomentumField<Scalar>(
        uninitialized: field.geometry, channels: channels, batch: field.batch)
      : try MomentumField<Scalar>(field.geometry, channels: channels, batch: field.batch)
    let lanes = Scalar.Lanes.scalarCount
    let stride = 2 * Self.chunk / lanes
    let chunks = (modes + Self.chunk - 1) / Self.chunk
    weights.withUnsafeBufferPointer { weights in
      nonisolated(unsafe) let weights = weights
      let work = 2 * inputs * outputs * Self.chunk * field.batch
      parallelFor(chunks, grain: max(1, 200_000 / work)) { range in
        withVectorScratch(
          of: Scalar.Lanes.self, count: (2 * field.channels + 2 * Self.tile) * stride
        ) { scratch in
          for chunk in range {
            let first = chunk * Self.chunk
            let end = min(first + Self.chunk, modes)
            // The weights of a chunk are in the cache for all members after the first.
            for member in 0..<field.batch {
              multiply(
                field, result, member, first..<end, weights.baseAddress! + 2 * first, scratch,
                stride)
            }
          }
        }
      }
    }
    return result
  }

  /// The parts of runs within a range of modes: where they begin in the chunk and among the momenta.
  @inline(__always)
  private func forEachRun(
    in range: Range<Int>, _ body: (_ mode: Int, _ place: Int, _ count: Int) -> Void
  ) {
    // The last run that begins at or before the range.
    var (low, high) = (0, runs.count)
    while high &- low > 1 {
      let middle = (low &+ high) / 2
      if runs[middle].mode <= range.lowerBound { low = middle } else { high = middle }
    }
    while low < runs.count, runs[low].mode < range.upperBound {
      let run = runs[low]
      let start = max(run.mode, range.lowerBound)
      let end = min(run.mode &+ run.count, range.upperBound)
      body(start &- range.lowerBound, run.place &+ start &- run.mode, end &- start)
      low &+= 1
    }
  }

  @inline(never)
  private func multiply(
    _ field: MomentumField<Scalar>, _ result: MomentumField<Scalar>, _ member: Int,
    _ range: Range<Int>, _ weights: UnsafePointer<Scalar>,
    _ scratch: UnsafeMutablePointer<Scalar.Lanes>, _ stride: Int
  ) {
    let lanes = Scalar.Lanes.scalarCount
    let numbers = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: Scalar.self)
    for e in 0..<field.channels {
      let parts = numbers + 2 &* e &* stride &* lanes
      forEachRun(in: range) { mode, place, count in
        double(
          field.pointer(e, member) + 2 &* place, parts + 2 &* mode,
          parts + stride &* lanes + 2 &* mode, count)
      }
    }
    let row = 2 &* modes
    // From one sum to the next, and from one term to the next.
    let (outer, inner) = isAdjoint ? (row, inputs &* row) : (inputs &* row, row)
    let sums = scratch + 2 &* field.channels &* stride
    var c = 0
    while c < result.channels {
      let count = min(Self.tile, result.channels &- c)
      contract(
        weights + c &* outer, count, outer, inner, field.channels, 2 &* range.count, scratch,
        stride, sums)
      for k in 0..<count {
        let a = UnsafeMutableRawPointer(sums + 2 &* k &* stride).assumingMemoryBound(
          to: Scalar.self)
        let d = result.pointer(c &+ k, member)
        forEachRun(in: range) { mode, place, count in
          combine(
            a + 2 &* mode, a + stride &* lanes + 2 &* mode, d + 2 &* place, count,
            isAdjoint: isAdjoint)
        }
      }
      c &+= count
    }
  }
}

/// Modes that stand side by side, among the modes and among the kept momenta.
struct SpectralRun: Sendable {
  let mode: Int
  let place: Int
  let count: Int

  /// From the places of all modes.
  static func runs(_ places: [Int]) -> [SpectralRun] {
    var runs = [SpectralRun]()
    var start = 0
    for mode in 1..<(places.count + 1)
    where mode == places.count || places[mode] != places[mode - 1] + 1 {
      runs.append(SpectralRun(mode: start, place: places[start], count: mode - start))
      start = mode
    }
    return runs
  }
}

/// re = Re s and im = Im s, each twice.
@inline(__always)
private func double<Scalar: FloatingPoint>(
  _ s: UnsafeMutablePointer<Scalar>, _ re: UnsafeMutablePointer<Scalar>,
  _ im: UnsafeMutablePointer<Scalar>, _ count: Int
) {
  for m in 0..<count {
    let (x, y) = (s[2 &* m], s[2 &* m &+ 1])
    re[2 &* m] = x
    re[2 &* m &+ 1] = x
    im[2 &* m] = y
    im[2 &* m &+ 1] = y
  }
}

/// (a_re - b_im, a_im + b_re), of an adjoint (a_re + b_im, b_re - a_im).
@inline(__always)
private func combine<Scalar: FloatingPoint>(
  _ a: UnsafeMutablePointer<Scalar>, _ b: UnsafeMutablePointer<Scalar>,
  _ d: UnsafeMutablePointer<Scalar>, _ count: Int, isAdjoint: Bool
) {
  if isAdjoint {
    for m in 0..<count {
      d[2 &* m] = a[2 &* m] + b[2 &* m &+ 1]
      d[2 &* m &+ 1] = b[2 &* m] - a[2 &* m &+ 1]
    }
  } else {
    for m in 0..<count {
      d[2 &* m] = a[2 &* m] - b[2 &* m &+ 1]
      d[2 &* m &+ 1] = a[2 &* m &+ 1] + b[2 &* m]
    }
  }
}

/// sums[2 k] = sum_e w_ke re_e and sums[2 k + 1] = sum_e w_ke im_e for a tile of outputs k, `numbers` numbers each.
///
/// Rows of weights are read a chunk after the other, as prefetchers like them; sums stay in the cache.
@inline(__always)
private func contract<V: LaneVector>(
  _ weights: UnsafePointer<V.Scalar>, _ count: Int, _ outer: Int, _ inner: Int, _ terms: Int,
  _ numbers: Int, _ parts: UnsafeMutablePointer<V>, _ stride: Int, _ sums: UnsafeMutablePointer<V>
) {
  let lanes = V.scalarCount
  let whole = numbers / lanes
  for k in 0..<(2 &* count &* stride) { sums[k] = .zero }
  var e = 0
  while e < terms {
    let size = terms &- e >= 4 ? 4 : 1
    let w = weights + e &* inner
    let p = parts + 2 &* e &* stride
    var k = 0
    while k < count {
      let (x, s) = (w + k &* outer, sums + 2 &* k &* stride)
      if size == 4, count &- k >= 2 {
        addFourTerms(x, outer, inner, whole, p, stride, s)
        k &+= 2
      } else {
        for t in 0..<size { addTerm(x + t &* inner, whole, p + 2 &* t &* stride, stride, s) }
        k &+= 1
      }
    }
    e &+= size
  }
  let part = UnsafeMutableRawPointer(parts).assumingMemoryBound(to: V.Scalar.self)
  let sum = UnsafeMutableRawPointer(sums).assumingMemoryBound(to: V.Scalar.self)
  for x in (whole &* lanes)..<max(numbers, whole &* lanes) {
    for k in 0..<count {
      var (a, b) = (V.Scalar.zero, V.Scalar.zero)
      for e in 0..<terms {
        let w = weights[k &* outer &+ e &* inner &+ x]
        a += w * part[2 &* e &* stride &* lanes &+ x]
        b += w * part[(2 &* e &+ 1) &* stride &* lanes &+ x]
      }
      sum[2 &* k &* stride &* lanes &+ x] = a
      sum[(2 &* k &+ 1) &* stride &* lanes &+ x] = b
    }
  }
}

/// Four terms of two sums.
@inline(__always)
private func addFourTerms<V: LaneVector>(
  _ weights: UnsafePointer<V.Scalar>, _ outer: Int, _ inner: Int, _ whole: Int,
  _ parts: UnsafeMutablePointer<V>, _ stride: Int, _ sums: UnsafeMutablePointer<V>
) {
  let lanes = V.scalarCount
  let size = MemoryLayout<V.Scalar>.stride
  let raw = UnsafeRawPointer(weights)
  let (next, step) = (outer &* size, inner &* size)
  for v in 0..<whole {
    let w = raw + v &* lanes &* size
    let p = parts + v
    var (a0, b0) = (sums[v], sums[stride &+ v])
    var (a1, b1) = (sums[2 &* stride &+ v], sums[3 &* stride &+ v])
    for t in 0..<4 {
      let (re, im) = (p[2 &* t &* stride], p[(2 &* t &+ 1) &* stride])
      let w0 = (w + t &* step).loadUnaligned(as: V.self)
      let w1 = (w + t &* step + next).loadUnaligned(as: V.self)
      // Of the next chunk, from beyond the second cache.
      ck_prefetch_read(w + t &* step + 256 &* size)
      ck_prefetch_read(w + t &* step + next + 256 &* size)
      a0 = multiplyAdd(w0, re, a0)
      b0 = multiplyAdd(w0, im, b0)
      a1 = multiplyAdd(w1, re, a1)
      b1 = multiplyAdd(w1, im, b1)
    }
    sums[v] = a0
    sums[stride &+ v] = b0
    sums[2 &* stride &+ v] = a1
    sums[3 &* stride &+ v] = b1
  }
}

/// One term of one sum.
@inline(__always)
private func addTerm<V: LaneVector>(
  _ weights: UnsafePointer<V.Scalar>, _ whole: Int, _ parts: UnsafeMutablePointer<V>,
  _ stride: Int, _ sums: UnsafeMutablePointer<V>
) {
  let raw = UnsafeRawPointer(weights)
  for v in 0..<whole {
    let w = (raw + v &* V.scalarCount &* MemoryLayout<V.Scalar>.stride).loadUnaligned(as: V.self)
    sums[v] = multiplyAdd(w, parts[v], sums[v])
    sums[stride &+ v] = multiplyAdd(w, parts[stride &+ v], sums[stride &+ v])
  }
}
