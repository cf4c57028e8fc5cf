import Autodiff
import Compute

/// The filter of a lifting or group convolution as that of an ordinary one:
///
///     W[(o, r), (i, s), t] = sum_l w_l(e) psi_l[o, i, r^-1 s, r^-1 t]
///
/// with e = s, the element of the input (formula 3, arXiv:2310.02299), or e = r, that of the output (its
/// published code). A lifting convolution has no s, and e = r. T. Cohen and M. Welling, arXiv:1602.07576.
///
/// Banks and weights meet in one filter, so that a relaxed layer convolves once, whatever the number of banks.
struct GroupFilter: Sendable {
  let order: Int
  /// Elements of the input: the order, or 1 where it is lifted.
  let inputElements: Int
  let inputs: Int
  let outputs: Int
  let banks: Int
  let places: Int
  let weighting: RelaxedWeighting
  /// `[r][s]`: r^-1 s.
  private let elements: [Int32]
  /// `[r][t]`: r^-1 t.
  private let taps: [Int32]

  init(
    _ group: LatticeGroup, window: KernelWindow, lifts: Bool, inputs: Int, outputs: Int,
    banks: Int, weighting: RelaxedWeighting
  ) {
    order = group.order
    inputElements = lifts ? 1 : group.order
    (self.inputs, self.outputs, self.banks) = (inputs, outputs, banks)
    self.weighting = lifts ? .output : weighting
    places = window.places
    let elementsOfInput = inputElements
    elements = (0..<group.order).flatMap { r in
      (0..<elementsOfInput).map { s in
        lifts ? 0 : Int32(group.group.product(group.group.inverse(r), s))
      }
    }
    taps = (0..<group.order).flatMap { window.images[group.group.inverse($0)] }
  }

  /// Of one bank's psi.
  var bankCount: Int { outputs * inputs * inputElements * places }
  /// Rows of all banks' filters one after another, or of their sum.
  func rows(separate: Bool) -> Int { (separate ? banks : 1) * outputs * order }

  /// The filter `[outputs order, inputs elements, places]`; with `separate` a bank behind the other instead
  /// of their sum.
  ///
  /// - Parameters:
  ///   - psi: `[banks, outputs, inputs, elements, places]`.
  ///   - w: `[banks, order]`, 1 if nil.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func filter<Scalar: LatticeReal>(
    _ psi: Tensor<Scalar>, _ w: Tensor<Scalar>?, separate: Bool
  ) -> [Scalar] {
    let weights = w?.values ?? [Scalar](repeating: 1, count: banks * order)
    let row = inputs * inputElements * places
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
    elements.withUnsafeBufferPointer { elements in
      taps.withUnsafeBufferPointer { taps in
        let tap = taps.baseAddress! + r * places
        for l in 0..<banks {
          let target = result + ((separate ? l * outputs * order : 0) + index) * row
          for i in 0..<inputs {
            for s in 0..<inputElements {
              let factor = w[l * order + (byInput ? s : r)]
              let element = Int(elements[r * inputElements + s])
              let from =
                psi + l * bankCount + ((o * inputs + i) * inputElements + element) * places
              let to = target + (i * inputElements + s) * places
              for t in 0..<places { to[t] += factor * from[Int(tap[t])] }
            }
          }
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
    let row = inputs * inputElements * places
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
    elements.withUnsafeBufferPointer { elements in
      taps.withUnsafeBufferPointer { taps in
        for r in 0..<order {
          let tap = taps.baseAddress! + r * places
          for l in 0..<banks {
            let source =
              g + ((separate ? l * outputs * order : 0) + o * order + r) * row
            for i in 0..<inputs {
              for s in 0..<inputElements {
                let number = l * order + (byInput ? s : r)
                let factor = Double(w[number])
                let element = Int(elements[r * inputElements + s])
                let place =
                  l * bankCount + ((o * inputs + i) * inputElements + element) * places
                let (from, sums) = (source + (i * inputElements + s) * places, psiSums + place)
                for t in 0..<places { sums[Int(tap[t])] += factor * Double(from[t]) }
                guard needsWeights else { continue }
                let values = psi + place
                var sum = 0.0
                for t in 0..<places { sum += Double(from[t]) * Double(values[Int(tap[t])]) }
                wSums[number] += sum
              }
            }
          }
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
