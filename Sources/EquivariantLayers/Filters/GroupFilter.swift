import Autodiff
import Compute

/// The filter of a lifting or group convolution as that of an ordinary one:
///
///     W[(o, r), c, t] = sum_l w_l(e) sum_b psi_l[o, b, r^-1 t] rho(r^-1)[b, c]
///
/// for input channels c on which the group acts by signed permutations rho. For regular fields, c = (i, s), that is
/// psi_l[o, i, r^-1 s, r^-1 t]. The weights belong to e = s, the element of the input (formula 3,
/// arXiv:2310.02299), or to e = r, that of the output (its published code, and all liftings). T. Cohen and M. Welling,
/// arXiv:1602.07576.
///
/// Banks and weights meet in one filter, so that a relaxed layer convolves once, whatever the number of banks.
struct GroupFilter: Sendable {
  let order: Int
  /// Input channels.
  let channels: Int
  let outputs: Int
  let banks: Int
  let places: Int
  let weighting: RelaxedWeighting
  /// `[r][c]`: where r^-1 sends channel c, and with which sign.
  private let sources: [Int32]
  private let signs: [Int8]
  /// `[r][t]`: r^-1 t.
  private let taps: [Int32]

  /// - Parameter input: fields of signed permutations; regular ones where weights belong to elements of the input.
  init(
    _ input: FieldType, window: KernelWindow, outputs: Int, banks: Int,
    weighting: RelaxedWeighting
  ) {
    let group = input.group
    order = group.order
    channels = input.channels
    (self.outputs, self.banks, self.weighting) = (outputs, banks, weighting)
    places = window.places
    let images = (0..<group.order).map { r in
      input.fields.flatMap { field in
        (0..<field.representation.dimension).map { i in
          let image = field.representation.image(of: i, under: group.group.inverse(r))
          return (channel: field.channel + image.component, sign: image.sign)
        }
      }
    }
    sources = images.flatMap { $0.map { Int32($0.channel) } }
    signs = images.flatMap { $0.map { Int8($0.sign) } }
    taps = (0..<group.order).flatMap { window.images[group.group.inverse($0)] }
  }

  /// Of one bank's psi.
  var bankCount: Int { outputs * channels * places }
  /// Rows of all banks' filters one after another, or of their sum.
  func rows(separate: Bool) -> Int { (separate ? banks : 1) * outputs * order }

  /// The filter `[outputs order, channels, places]`; with `separate` a bank behind the other instead
  /// of their sum.
  ///
  /// - Parameters:
  ///   - psi: `[banks, outputs, channels, places]`.
  ///   - w: `[banks, order]`, 1 if nil.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func filter<Scalar: LatticeReal>(
    _ psi: Tensor<Scalar>, _ w: Tensor<Scalar>?, separate: Bool
  ) -> [Scalar] {
    let weights = w?.values ?? [Scalar](repeating: 1, count: banks * order)
    let row = channels * places
    var result = [Scalar](repeating: 0, count: rows(separate: separate) * row)
    psi.withUnsafeValues { psi in
      weights.withUnsafeBufferPointer { w in
        result.withUnsafeMutableBufferPointer { result in
          let psi = SendableBase(psi.baseAddress!)
          let w = SendableBase(w.baseAddress!)
          let target = SendableMutableBase(result.baseAddress!)
          parallelFor(outputs * order, grain: max(1, (1 << 15) / (row * banks))) { range in
            for index in range {
              fill(
                index, psi.pointer, w.pointer, target.pointer, row: row, separate: separate)
            }
          }
        }
      }
    }
    return result
  }

  @inline(__always)
  private func fill<Scalar: LatticeReal>(
    _ index: Int, _ psi: UnsafePointer<Scalar>, _ w: UnsafePointer<Scalar>,
    _ result: UnsafeMutablePointer<Scalar>, row: Int, separate: Bool
  ) {
    let (o, r) = (index / order, index % order)
    let byInput = weighting == .input
    withTables { sources, signs, taps in
      let tap = taps + r * places
      for l in 0..<banks {
        let target = result + ((separate ? l * outputs * order : 0) + index) * row
        for c in 0..<channels {
          let place = r * channels + c
          let factor = w[l * order + (byInput ? c % order : r)] * Scalar(signs[place])
          let from = psi + l * bankCount + (o * channels + Int(sources[place])) * places
          let to = target + c * places
          for t in 0..<places { to[t] += factor * from[Int(tap[t])] }
        }
      }
    }
  }

  /// The derivatives with respect to psi and w from that with respect to the filter; sums in double precision.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func adjoint<Scalar: LatticeReal>(
    _ g: Tensor<Scalar>, _ psi: Tensor<Scalar>, _ w: Tensor<Scalar>?, separate: Bool
  ) -> (psi: [Scalar], w: [Scalar]) {
    let weights = w?.values ?? [Scalar](repeating: 1, count: banks * order)
    let row = channels * places
    var psiSums = [Double](repeating: 0, count: banks * bankCount)
    var wSums = [Double](repeating: 0, count: outputs * banks * order)
    let needsWeights = w != nil
    g.withUnsafeValues { g in
      psi.withUnsafeValues { psi in
        weights.withUnsafeBufferPointer { w in
          psiSums.withUnsafeMutableBufferPointer { psiSums in
            wSums.withUnsafeMutableBufferPointer { wSums in
              let (g, psi) = (SendableBase(g.baseAddress!), SendableBase(psi.baseAddress!))
              let w = SendableBase(w.baseAddress!)
              let psiSums = SendableMutableBase(psiSums.baseAddress!)
              let wSums = SendableMutableBase(wSums.baseAddress!)
              // Every output has sums of its own, so threads do not show.
              parallelFor(outputs, grain: max(1, (1 << 15) / (row * banks * order))) { range in
                for o in range {
                  gather(
                    o, g.pointer, psi.pointer, w.pointer, psiSums.pointer,
                    wSums.pointer + o * banks * order, row: row, separate: separate,
                    needsWeights: needsWeights)
                }
              }
            }
          }
        }
      }
    }
    let wTotals = (0..<(banks * order)).map { k in
      Scalar((0..<outputs).reduce(0.0) { $0 + wSums[$1 * banks * order + k] })
    }
    return (psiSums.map { Scalar($0) }, wTotals)
  }

  @inline(__always)
  private func gather<Scalar: LatticeReal>(
    _ o: Int, _ g: UnsafePointer<Scalar>, _ psi: UnsafePointer<Scalar>,
    _ w: UnsafePointer<Scalar>, _ psiSums: UnsafeMutablePointer<Double>,
    _ wSums: UnsafeMutablePointer<Double>, row: Int, separate: Bool, needsWeights: Bool
  ) {
    let byInput = weighting == .input
    withTables { sources, signs, taps in
      for r in 0..<order {
        let tap = taps + r * places
        for l in 0..<banks {
          let source =
            g + ((separate ? l * outputs * order : 0) + o * order + r) * row
          for c in 0..<channels {
            let place = r * channels + c
            let number = l * order + (byInput ? c % order : r)
            let (sign, factor) = (Double(signs[place]), Double(w[number]))
            let first = l * bankCount + (o * channels + Int(sources[place])) * places
            let (from, sums) = (source + c * places, psiSums + first)
            for t in 0..<places { sums[Int(tap[t])] += sign * factor * Double(from[t]) }
            guard needsWeights else { continue }
            let values = psi + first
            var sum = 0.0
            for t in 0..<places { sum += Double(from[t]) * Double(values[Int(tap[t])]) }
            wSums[number] += sign * sum
          }
        }
      }
    }
  }

  @inline(__always)
  private func withTables(
    _ body: (
      _ sources: UnsafePointer<Int32>, _ signs: UnsafePointer<Int8>, _ taps: UnsafePointer<Int32>
    ) -> Void
  ) {
    sources.withUnsafeBufferPointer { sources in
      signs.withUnsafeBufferPointer { signs in
        taps.withUnsafeBufferPointer { taps in
          body(sources.baseAddress!, signs.baseAddress!, taps.baseAddress!)
        }
      }
    }
  }
}

/// A pointer that threads read.
struct SendableBase<Element>: @unchecked Sendable {
  let pointer: UnsafePointer<Element>
  init(_ pointer: UnsafePointer<Element>) { self.pointer = pointer }
}

/// A pointer to which threads write in different places.
struct SendableMutableBase<Element>: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Element>
  init(_ pointer: UnsafeMutablePointer<Element>) { self.pointer = pointer }
}
