import ComplexModule
import Compute
import Lattice
import RealModule

/// The Fourier transform of real fields, f(p) = sum_x f(x) exp(-i p x), p_mu = 2 pi k_mu / L_mu.
///
/// Since f(-p) = f(p)^*, only k_x = 0 ... L_x / 2 are kept, [member][channel][k], k_x fastest; the
/// subscript gives every momentum.
public struct MomentumField<Scalar: FourierReal>: Sendable {
  public let geometry: Geometry
  public let channels: Int
  public let batch: Int
  /// Momenta kept of a channel.
  let count: Int
  /// Numbers from one channel to the next.
  let stride: Int
  private(set) var buffer: AlignedBuffer<Scalar>

  init(uninitialized geometry: Geometry, channels: Int, batch: Int) {
    self.geometry = geometry
    self.channels = channels
    self.batch = batch
    count = geometry.volume / geometry.extents[0] * (geometry.extents[0] / 2 + 1)
    stride = PositionField<Scalar>.padded(2 * count)
    buffer = AlignedBuffer(uninitialized: stride * channels * batch)
  }

  /// Zero.
  ///
  /// - Throws: `FourierError.parameter` for no channels or an empty batch.
  public init(_ geometry: Geometry, channels: Int = 1, batch: Int = 1) throws(FourierError) {
    _ = try PositionField<Scalar>(Geometry.smallest, channels: channels, batch: batch)
    self.init(uninitialized: geometry, channels: channels, batch: batch)
    buffer.pointer.update(repeating: 0, count: buffer.count)
  }

  /// Real and imaginary parts of a channel, momentum by momentum.
  func pointer(_ channel: Int, _ member: Int) -> UnsafeMutablePointer<Scalar> {
    buffer.pointer + (member * channels + channel) * stride
  }

  mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&buffer) { buffer = buffer.copy() }
  }

  /// Extents of the kept momenta, k_x first.
  var keptExtents: [Int] { [geometry.extents[0] / 2 + 1] + geometry.extents.dropFirst() }

  /// The momentum of a place among those kept.
  func momentum(at index: Int) -> [Int] {
    var rest = index
    return keptExtents.map { extent in
      defer { rest /= extent }
      return rest % extent
    }
  }

  /// The place of a momentum with 0 <= k_x <= L_x / 2 and whether it is conjugate to the one asked for.
  private func place(_ k: [Int]) -> (index: Int, isConjugate: Bool) {
    precondition(k.count == geometry.dimension, "a momentum has \(geometry.dimension) components")
    let extents = geometry.extents
    let reduced = zip(k, extents).map { (($0 % $1) + $1) % $1 }
    let isConjugate = reduced[0] > extents[0] / 2
    let kept = isConjugate ? zip(reduced, extents).map { ($1 - $0) % $1 } : reduced
    var index = 0
    for (x, extent) in zip(kept, keptExtents).reversed() { index = index * extent + x }
    return (index, isConjugate)
  }

  /// f(p) for integers k_mu, taken modulo the extents. Setting one sets its conjugate at -p too.
  public subscript(k: [Int], channel: Int = 0, member: Int = 0) -> Complex<Double> {
    get {
      precondition((0..<channels).contains(channel) && (0..<batch).contains(member))
      let (index, isConjugate) = place(k)
      let p = pointer(channel, member) + 2 * index
      return Complex(Double(p[0]), isConjugate ? -Double(p[1]) : Double(p[1]))
    }
    set {
      precondition((0..<channels).contains(channel) && (0..<batch).contains(member))
      makeUnique()
      for (k, value) in [(k, newValue), (k.map { -$0 }, newValue.conjugate)] {
        let (index, isConjugate) = place(k)
        let p = pointer(channel, member) + 2 * index
        p[0] = Scalar(value.real)
        p[1] = Scalar(isConjugate ? -value.imaginary : value.imaginary)
      }
    }
  }

  /// How many of p and -p a kept momentum stands for: 1 where k_x is 0 or L_x / 2, else 2.
  @inline(__always)
  func multiplicity(kx: Int) -> Int { kx == 0 || 2 * kx == geometry.extents[0] ? 1 : 2 }

  /// Multiplies every channel by a real even function of the momentum.
  ///
  /// - Parameter factor: a function of the integers k_mu, 0 <= k_mu < L_mu, with factor(-k) = factor(k).
  public mutating func scale(by factor: ([Int]) -> Double) {
    scale(by: (0..<count).map { Scalar(factor(momentum(at: $0))) })
  }

  /// The same with a number for every kept momentum.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  mutating func scale(by factors: [Scalar]) {
    makeUnique()
    let (field, channels, count) = (self, channels, count)
    factors.withUnsafeBufferPointer { factors in
      nonisolated(unsafe) let factors = factors
      parallelFor(channels * batch, grain: max(1, 8192 / count)) { range in
        for k in range {
          let p = field.pointer(k % channels, k / channels)
          for index in 0..<count {
            p[2 * index] *= factors[index]
            p[2 * index + 1] *= factors[index]
          }
        }
      }
    }
  }

  var shapeDescription: String { "\(batch) x \(channels) channels on \(geometry)" }
}

extension Geometry {
  /// Of the smallest lattice there is.
  fileprivate static let smallest = try! Geometry([2, 2])
}

extension PositionField {
  /// The Fourier transform of every channel.
  ///
  /// - Throws: `FourierError.noPlan`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func fourierTransform(
    effort: PlanningEffort = .measure
  ) throws(FourierError) -> MomentumField<Scalar> {
    let plan: FourierPlan<Scalar> = try FourierPlans.plan(geometry.extents, .forward, effort)
    let result = MomentumField<Scalar>(
      uninitialized: geometry, channels: channels, batch: batch)
    parallelFor(channels * batch, grain: grain(geometry.volume)) { range in
      for k in range {
        plan.execute(
          real: pointer(k % channels, k / channels),
          complex: result.pointer(k % channels, k / channels))
      }
    }
    return result
  }
}

extension MomentumField {
  /// The fields f(x) = 1/V sum_p f(p) exp(i p x).
  ///
  /// - Throws: `FourierError.noPlan`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public consuming func inverseFourierTransform(
    effort: PlanningEffort = .measure
  ) throws(FourierError) -> PositionField<Scalar> {
    var input = consume self
    let plan: FourierPlan<Scalar> = try FourierPlans.plan(
      input.geometry.extents, .backward, effort)
    // The transform destroys its input.
    input.makeUnique()
    let field = input
    let (channels, volume) = (field.channels, field.geometry.volume)
    let result = PositionField<Scalar>(
      uninitialized: field.geometry, channels: channels, batch: field.batch)
    let factor = 1 / Scalar(volume)
    parallelFor(channels * field.batch, grain: grain(volume)) { range in
      for k in range {
        let real = result.pointer(k % channels, k / channels)
        plan.execute(real: real, complex: field.pointer(k % channels, k / channels))
        for x in 0..<volume { real[x] *= factor }
      }
    }
    return result
  }
}

/// Fields of a range that is worth a thread.
private func grain(_ volume: Int) -> Int { max(1, 8192 / volume) }
