import Compute
import Lattice

/// A real even function K of the momentum as an operator on fields,
/// (K f)(x) = 1/V sum_p K(p) f(p) exp(i p x), channel by channel: smoothing, propagators, kinetic energies.
///
/// Symmetric, and commutes with translations. Every channel is taken out of its lanes, transformed,
/// multiplied and put back while it is in the cache; results do not depend on threads.
public struct FourierMultiplier<Scalar: FourierReal>: Sendable {
  public let geometry: Geometry
  /// K(p) / V of the kept momenta: FFTW does not divide.
  private let factors: [Scalar]
  private let forward: FourierPlan<Scalar>
  private let backward: FourierPlan<Scalar>

  /// From K as a function of the integers k_mu, 0 <= k_mu < L_mu, with K(-k) = K(k).
  ///
  /// - Throws: `FourierError.noPlan`, `FourierError.parameter` for a K that is not finite.
  public init(
    _ geometry: Geometry, effort: PlanningEffort = .measure, _ factor: ([Int]) -> Double
  ) throws(FourierError) {
    try self.init(geometry, effort: effort, factors: geometry.keptMomenta().map(factor))
  }

  /// From K of `Geometry.keptMomenta`.
  package init(
    _ geometry: Geometry, effort: PlanningEffort, factors: [Double]
  ) throws(FourierError) {
    self.geometry = geometry
    let volume = Double(geometry.volume)
    self.factors = factors.map { Scalar($0 / volume) }
    if let found = self.factors.first(where: { !$0.isFinite }) {
      throw .parameter(
        name: "a multiplier", expected: "finite factors in \(Scalar.precisionName)",
        found: "\(found)")
    }
    forward = try FourierPlans.plan(geometry.extents, .forward, effort)
    backward = try FourierPlans.plan(geometry.extents, .backward, effort)
  }

  /// K f of every channel and member.
  ///
  /// - Precondition: a field on the lattice of the multiplier.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func callAsFunction(_ field: consuming ScalarField<Scalar>) -> ScalarField<Scalar> {
    var result = consume field
    apply(result.mutableView, result.layout, vectors: result.channels)
    return result
  }

  /// K applied to every direction and component of algebra elements.
  ///
  /// - Precondition: a field on the lattice of the multiplier.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func callAsFunction(_ field: consuming AlgebraField<Scalar>) -> AlgebraField<Scalar> {
    var result = consume field
    apply(
      result.mutableView, result.layout,
      vectors: result.dimension * result.group.algebraDimension)
    return result
  }

  @inline(__always)
  private func apply(_ view: BlockView<Scalar.Lanes>, _ layout: Layout, vectors: Int) {
    precondition(layout.geometry == geometry, "a field on \(geometry)")
    let lanes = layout.laneCount
    let numbers = UnsafeMutableRawPointer(view.block(0, 0)).assumingMemoryBound(to: Scalar.self)
    let field = SendablePointer(numbers)
    let members = layout.batchLanes
    let realStride = PositionField<Scalar>.padded(geometry.volume)
    let complexStride = PositionField<Scalar>.padded(2 * factors.count)
    parallelFor(vectors * layout.outerBatch, grain: max(1, 8192 / (geometry.volume * members))) {
      range in
      let real = AlignedBuffer<Scalar>(uninitialized: realStride * members)
      let complex = AlignedBuffer<Scalar>(uninitialized: complexStride)
      for k in range {
        let (vector, group) = (k % vectors, k / vectors)
        let first = group * layout.siteBlocks
        let bits = layout.usedLaneBits(block: first)
        let p = field.pointer + (first * vectors + vector) * lanes
        forEachLane(layout, bits, step: vectors * lanes) { offset, site, member in
          real.pointer[member * realStride + site] = p[offset]
        }
        for member in 0..<min(members, layout.batch - group * members) {
          let r = real.pointer + member * realStride
          forward.execute(real: r, complex: complex.pointer)
          multiply(complex.pointer)
          backward.execute(real: r, complex: complex.pointer)
        }
        forEachLane(layout, bits, step: vectors * lanes) { offset, site, member in
          p[offset] = real.pointer[member * realStride + site]
        }
      }
    }
  }

  @inline(__always)
  private func multiply(_ z: UnsafeMutablePointer<Scalar>) {
    factors.withUnsafeBufferPointer { factors in
      for k in 0..<factors.count {
        z[2 * k] *= factors[k]
        z[2 * k + 1] *= factors[k]
      }
    }
  }
}

/// Every lane in use of the blocks of one group of members: its place, site and member of the group.
@inline(__always)
private func forEachLane(
  _ layout: Layout, _ bits: UInt32, step: Int,
  _ body: (_ offset: Int, _ site: Int, _ member: Int) -> Void
) {
  let (laneSite, laneMember) = (layout.laneSite, layout.laneMember)
  laneSite.withUnsafeBufferPointer { laneSite in
    laneMember.withUnsafeBufferPointer { laneMember in
      for block in 0..<layout.siteBlocks {
        let first = Int(layout.blockSitePointer[block])
        for lane in 0..<layout.laneCount where bits >> UInt32(lane) & 1 == 1 {
          body(block &* step &+ lane, first &+ Int(laneSite[lane]), Int(laneMember[lane]))
        }
      }
    }
  }
}

extension Geometry {
  /// The integers k_mu of the momenta that are kept of real fields, k_x = 0 ... L_x / 2 fastest.
  package func keptMomenta() -> [[Int]] {
    let kept = [extents[0] / 2 + 1] + extents.dropFirst()
    return (0..<kept.reduce(1, *)).map { index in
      var rest = index
      return kept.map { extent in
        defer { rest /= extent }
        return rest % extent
      }
    }
  }
}
