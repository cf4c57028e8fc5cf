import ComplexModule
import Compute
import Foundation
import RealModule
import Synchronization

/// How links that have drifted are brought back into the group.
public enum Reunitarization: String, Sendable, CaseIterable {
  /// Rows made orthonormal one after the other; the last completes the determinant to 1. For N = 3
  /// the last row is the conjugate of the cross product of the others.
  case rows
  /// The nearest unitary matrix, U (U^dagger U)^(-1/2), divided by the N-th root of its determinant.
  case polar
}

extension LinkField {
  /// The largest Frobenius norm of U U^dagger - 1 over all links of one batch member.
  public func unitarityViolation(member: Int = 0) -> Double {
    unitarityViolationsOfMembers()[member]
  }

  /// The largest Frobenius norm of U U^dagger - 1 over the links of every member that exist; NaN if
  /// one is not a number.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func unitarityViolationsOfMembers() -> [Double] {
    withMatrixKernel(n: group.n, UnitarityViolation(view: view, layout: layout, boundary: boundary))
  }

  /// Brings every link that exists back into the group.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public mutating func reunitarize(_ method: Reunitarization = .rows) {
    let view = mutableView
    switch method {
    case .rows: withMatrixKernel(n: group.n, ReunitarizeRows(view: view, layout: layout))
    case .polar: reunitarizePolar(view, layout, group)
    }
    clearMissingLinks()
  }

  /// The links brought back into the group.
  public func reunitarized(_ method: Reunitarization = .rows) -> LinkField {
    var copy = self
    copy.reunitarize(method)
    return copy
  }
}

private struct UnitarityViolation<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let view: BlockView<V>
  let layout: Layout
  let boundary: Boundary

  func run<K: MatrixKernel>(_ kernel: K) -> [Double] where K.Vector == V {
    let s = view.stride
    let n = kernel.n
    let slices = BoundarySlices(layout)
    let isOpen = boundary.isOpen
    let worst = Mutex([Double](repeating: 0, count: layout.batch))
    forEachBlockRange(layout, work: layout.dimension * s, scratch: s, of: V.self) {
      group, blocks, scratch in
      let view = self.view.offset(byBlocks: group * layout.siteBlocks)
      var largest = V.zero
      // NaN never compares, so it is carried by a sum that ends up NaN.
      var poison = V.zero
      for b in blocks {
        for mu in 0..<layout.dimension {
          let u = view.block(b, mu)
          kernel.multiplyAdjoint(scratch, u, u)
          for i in 0..<n {
            scratch[2 * (i * n + i)] = scratch[2 * (i * n + i)] - V(repeating: 1)
          }
          var square = V.zero
          for k in 0..<s { square = multiplyAdd(scratch[k], scratch[k], square) }
          if isOpen[mu] {
            square = V.select(V.mask(bits: slices.last(b, mu)), .zero, square)
          }
          largest = V.select(V.greaterOrEqual(square, largest), square, largest)
          poison = poison + square * V.zero
        }
      }
      worst.withLock { worst in
        for lane in 0..<layout.laneCount {
          let block = group * layout.siteBlocks + blocks.lowerBound
          guard let member = layout.member(block: block, lane: lane) else { continue }
          let value = Double(largest[lane]).squareRoot() + Double(poison[lane])
          if value.isNaN || value > worst[member] { worst[member] = value }
        }
      }
    }
    return worst.withLock { $0 }
  }
}

private struct ReunitarizeRows<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let view: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    forEachBlockRange(layout, work: 4 * layout.dimension * view.stride, scratch: 0, of: V.self) {
      group, blocks, _ in
      let view = self.view.offset(byBlocks: group * layout.siteBlocks)
      for b in blocks {
        for mu in 0..<layout.dimension { kernel.reunitarizeRows(view.block(b, mu)) }
      }
    }
  }
}

extension MatrixKernel {
  /// Rows orthonormal one after the other, determinant 1 through the last row; U(1): modulus 1.
  @inlinable @inline(__always)
  public func reunitarizeRows(_ u: Block) {
    let independent = n == 2 || n == 3 ? n &- 1 : n
    for i in 0..<independent {
      let a = u + 2 &* n &* i
      for j in 0..<i {
        let b = u + 2 &* n &* j
        var dot = ComplexLanes(V.zero, V.zero)
        for k in 0..<n { dot = ComplexLanes(a, k).timesConjugate(ComplexLanes(b, k), plus: dot) }
        let minus = ComplexLanes(-dot.re, -dot.im)
        for k in 0..<n { minus.times(ComplexLanes(b, k), plus: ComplexLanes(a, k)).store(a, k) }
      }
      var square = V.zero
      for k in 0..<(2 &* n) { square = multiplyAdd(a[k], a[k], square) }
      let inverse = V(repeating: 1) / V.squareRoot(square)
      for k in 0..<(2 &* n) { a[k] = a[k] * inverse }
    }
    if n == 2 {
      u[4] = -u[2]
      u[5] = u[3]
      u[6] = u[0]
      u[7] = -u[1]
    } else if n == 3 {
      for k in 0..<3 {
        let (p, q) = ((k &+ 1) % 3, (k &+ 2) % 3)
        let first = ComplexLanes(u, p).times(ComplexLanes(u, 3 &+ q))
        let second = ComplexLanes(u, q).times(ComplexLanes(u, 3 &+ p))
        u[12 &+ 2 &* k] = first.re - second.re
        u[12 &+ 2 &* k &+ 1] = second.im - first.im
      }
    } else if n > 3 {
      completeDeterminant(u, n: n)
    }
  }
}

/// Multiplies the last row of a unitary matrix by the conjugate of its determinant, lane by lane.
@usableFromInline
func completeDeterminant<V: LaneVector>(_ u: UnsafeMutablePointer<V>, n: Int) {
  withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * n * n) { m in
    for lane in 0..<V.scalarCount {
      for k in 0..<(2 * n * n) { m[k] = Double(u[k][lane]) }
      let (re, im) = determinant(m.baseAddress!, n: n)
      let inverse = 1 / (re * re + im * im).squareRoot()
      let (c, s) = (re * inverse, -im * inverse)
      for k in (n * (n - 1))..<(n * n) {
        u[2 * k][lane] = V.Scalar(m[2 * k] * c - m[2 * k + 1] * s)
        u[2 * k + 1][lane] = V.Scalar(m[2 * k] * s + m[2 * k + 1] * c)
      }
    }
  }
}

private func reunitarizePolar<V: LaneVector>(
  _ view: BlockView<V>, _ layout: Layout, _ group: GaugeGroup
) {
  forEachBlockRange(layout, work: 400 * view.perSite * view.stride, scratch: 0, of: V.self) {
    outer, blocks, _ in
    let view = view.offset(byBlocks: outer * layout.siteBlocks)
    for b in blocks {
      for mu in 0..<view.perSite {
        let p = view.block(b, mu)
        for lane in 0..<layout.laneCount {
          ComplexMatrix(lane: lane, of: p, n: group.n).polarUnitary().store(lane: lane, of: p)
        }
      }
    }
  }
}

extension ComplexMatrix {
  /// The nearest matrix of U(1) or SU(N): Newton's iteration X -> (X + X^(-dagger)) / 2 for the
  /// unitary polar factor (Higham, SIAM J. Sci. Stat. Comput. 7 (1986) 1160), then the determinant
  /// is divided out.
  public func polarUnitary() -> ComplexMatrix {
    if n == 1 { return Complex(1 / elements[0].length) * self }
    var x = self
    for _ in 0..<60 {
      guard let inverse = x.inverse() else { return x }
      let next = Complex(0.5) * (x + inverse.adjoint)
      let change = (next - x).frobeniusNorm
      x = next
      if change < 1e-15 * Double(n) { break }
    }
    let phase = x.determinant.phase / Double(n)
    return Complex(length: 1, phase: -phase) * x
  }

  /// The inverse by elimination with pivots; nil if a pivot vanishes.
  public func inverse() -> ComplexMatrix? {
    var (a, b) = (self, ComplexMatrix.identity(n))
    for k in 0..<n {
      let pivot = (k..<n).max { a[$0, k].lengthSquared < a[$1, k].lengthSquared }!
      guard a[pivot, k].lengthSquared > 0 else { return nil }
      for j in 0..<n {
        (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j])
        (b[k, j], b[pivot, j]) = (b[pivot, j], b[k, j])
      }
      let scale = a[k, k].reciprocal ?? 0
      for j in 0..<n {
        a[k, j] *= scale
        b[k, j] *= scale
      }
      for i in 0..<n where i != k {
        let f = a[i, k]
        for j in 0..<n {
          a[i, j] -= f * a[k, j]
          b[i, j] -= f * b[k, j]
        }
      }
    }
    return b
  }
}
