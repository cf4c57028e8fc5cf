import Compute
import Lattice

/// Convolutions over the whole lattice that are diagonal in momentum space,
/// g_o(p) = sum_i H_oi(p) f_i(p) for |k_mu| <= M_mu, else 0; they commute with translations.
public struct SpectralConvolution<Scalar: FourierReal>: Sendable {
  public let geometry: Geometry
  public let inputs: Int
  public let outputs: Int
  /// M_mu; at most L_mu / 2.
  public let modes: [Int]
  /// Places of the kept momenta in a `MomentumField`.
  private let places: [Int]
  private let runs: [SpectralRun]
  /// H, [output][input][mode][re, im]; modes k_x = 0 ... M_x fastest, then k_y = -M_y ... M_y, ...
  public var weights: [Scalar]

  /// Momenta that have weights; those with k_x < 0 follow from H(-p) = H(p)^*.
  public var modeCount: Int { places.count }

  /// Zero weights.
  ///
  /// - Parameter modes: M_mu; nil for all momenta.
  /// - Throws: `FourierError.modes`, `FourierError.parameter`.
  public init(
    _ geometry: Geometry, inputs: Int, outputs: Int, modes: [Int]? = nil
  ) throws(FourierError) {
    for (name, count) in [("inputs", inputs), ("outputs", outputs)] where count < 1 {
      throw .parameter(name: name, expected: "1 or more", found: "\(count)")
    }
    let modes = modes ?? geometry.extents.map { $0 / 2 }
    guard modes.count == geometry.dimension else {
      throw .parameter(
        name: "modes", expected: "\(geometry.dimension) numbers", found: "\(modes.count)")
    }
    for (mu, (m, extent)) in zip(modes, geometry.extents).enumerated() {
      guard (0...(extent / 2)).contains(m) else {
        throw .modes(direction: mu, largest: extent / 2, found: m)
      }
    }
    self.geometry = geometry
    self.inputs = inputs
    self.outputs = outputs
    self.modes = modes
    let kept = MomentumField<Scalar>(uninitialized: geometry, channels: 1, batch: 1)
    places = (0..<kept.count).filter { index in
      zip(kept.momentum(at: index), zip(modes, geometry.extents)).allSatisfy { k, bounds in
        k <= bounds.0 || bounds.1 - k <= bounds.0
      }
    }
    runs = SpectralRun.runs(places)
    weights = Array(repeating: 0, count: 2 * outputs * inputs * places.count)
  }

  /// The integers k_mu of a mode, 0 <= k_mu < L_mu.
  public func momentum(ofMode mode: Int) -> [Int] {
    MomentumField<Scalar>(uninitialized: geometry, channels: 1, batch: 1)
      .momentum(at: places[mode])
  }

  /// g from f.
  ///
  /// - Throws: `FourierError.shape`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func callAsFunction(
    _ f: PositionField<Scalar>
  ) throws(FourierError) -> PositionField<Scalar> {
    try require(f, channels: inputs)
    return try product(isAdjoint: false)(try f.fourierTransform()).inverseFourierTransform()
  }

  /// The adjoint of the convolution: the derivative of a loss with respect to f, from that with respect
  /// to g.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func adjoint(
    _ cotangent: PositionField<Scalar>
  ) throws(FourierError) -> PositionField<Scalar> {
    try require(cotangent, channels: outputs)
    return try product(isAdjoint: true)(try cotangent.fourierTransform()).inverseFourierTransform()
  }

  /// The derivative of a loss with respect to the weights, in their order.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func weightGradient(
    _ f: PositionField<Scalar>, cotangent: PositionField<Scalar>
  ) throws(FourierError) -> [Scalar] {
    try require(f, channels: inputs)
    try require(cotangent, channels: outputs)
    guard f.batch == cotangent.batch else {
      throw .shape(expected: "a batch of \(f.batch)", found: "\(cotangent.batch)")
    }
    let (input, output) = (try f.fourierTransform(), try cotangent.fourierTransform())
    let kxCount = geometry.extents[0] / 2 + 1
    var result = [Scalar](repeating: 0, count: weights.count)
    let volume = Double(geometry.volume)
    for o in 0..<outputs {
      for i in 0..<inputs {
        for (mode, place) in places.enumerated() {
          var (re, im) = (0.0, 0.0)
          for member in 0..<f.batch {
            let (a, b) = (
              output.pointer(o, member) + 2 * place, input.pointer(i, member) + 2 * place
            )
            let (ar, ai) = (Double(a[0]), Double(a[1]))
            let (br, bi) = (Double(b[0]), Double(b[1]))
            re += ar * br + ai * bi
            im += ai * br - ar * bi
          }
          let factor = Double(input.multiplicity(kx: place % kxCount)) / volume
          let w = 2 * ((o * inputs + i) * places.count + mode)
          result[w] = Scalar(re * factor)
          result[w + 1] = Scalar(im * factor)
        }
      }
    }
    return result
  }

  private func product(isAdjoint: Bool) -> SpectralProduct<Scalar> {
    SpectralProduct(
      inputs: inputs, outputs: outputs, runs: runs, modes: places.count, weights: weights,
      isAdjoint: isAdjoint)
  }

  private func require(_ f: PositionField<Scalar>, channels: Int) throws(FourierError) {
    guard f.geometry == geometry, f.channels == channels else {
      throw .shape(
        expected: "\(channels) channels on \(geometry)",
        found: "\(f.channels) channels on \(f.geometry)")
    }
  }
}
