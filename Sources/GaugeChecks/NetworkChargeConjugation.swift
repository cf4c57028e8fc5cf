import Autodiff
import Compute
import GaugeLayers
import Lattice

/// How what stands after a layer behaves under charge conjugation of the links, U -> U*, with the weights
/// as they are.
public enum LayerChargeConjugation: String, Sendable, Hashable {
  /// Matrices are conjugated, links too; of images, which alternate, the imaginary parts change sign.
  case conjugate
  /// Numbers do not change.
  case even
  /// Of the channels the first half, real parts, are even and the second half, imaginary parts, odd.
  case realThenImaginary
  /// Nothing of the kind.
  case none
}

extension NetworkDescription {
  /// What the network declares of what stands after its first layers.
  ///
  /// Real weights commute with conjugation, complex ones do not. Traces have a real part, even, and an
  /// imaginary part, odd, which a dense layer mixes. In SU(2) conjugation is a gauge transformation,
  /// U* = sigma_2 U sigma_2, so that whatever is gauge-invariant is even.
  public func declaredChargeConjugation(after count: Int) -> LayerChargeConjugation {
    let isGaugeTransformation = group == .su2
    var (links, channels) = (LayerChargeConjugation.conjugate, LayerChargeConjugation.conjugate)
    for layer in layers.prefix(count) {
      let isInvariant = layer.layer.declaredSymmetries.gauge == .all
      switch layer.layer {
      case .plaquettes, .polyakovLoops, .loops, .corners, .clovers, .signedPolyakovLoops:
        if links == .none { channels = .none }
      case .convolution, .bilinear:
        if layer.complex == true || links == .none { channels = .none }
      case .convolutionBilinear, .sharedConvolution, .sharedBilinear, .sharedConvolutionBilinear:
        if links == .none { channels = .none }
      case .activation: if channels == .realThenImaginary { channels = .none }
      case .traceNorm, .mean, .sum, .stout: break
      case .exponential: if channels == .none { links = .none }
      case .trace:
        channels =
          isGaugeTransformation ? .even : channels == .conjugate ? .realThenImaginary : .none
      case .chargePairs: channels = isGaugeTransformation ? .even : .none
      case .traceMagnitudes, .tracePowers:
        channels = isGaugeTransformation || channels == .conjugate ? .even : .none
      case .linkImages: channels = .conjugate
      case .dense, .sharedDense, .ordinaryConvolution:
        if channels != .even || !isInvariant { channels = .none }
      }
    }
    let last = count > 0 ? layers[count - 1].layer : nil
    return last == .exponential || last == .stout ? links : channels
  }
}

extension NetworkCheck {
  /// Asserts what every layer of a network declares of charge conjugation, and shows broken what is lost.
  ///
  /// - Returns: a report a layer; all have to be `isAsDeclared`.
  /// - Throws: `LayerError` for a network that cannot be composed or a lattice it is not made for.
  public static func chargeConjugation<Scalar: LatticeReal>(
    of description: NetworkDescription, on setting: CheckSetting,
    precision: Scalar.Type = Double.self
  ) throws -> [SymmetryReport] {
    let network = try GaugeNetwork<Scalar>(description)
    let start = try network.initialParameters(seed: setting.seed)
    let parameters = start.moved(along: start.randomDirection(seed: setting.seed), by: 0.2)
    return try description.layers.indices.map { index in
      let kind = description.layers[index].layer
      let declared = description.declaredChargeConjugation(after: index + 1)
      // What is lost has to be seen broken in the way that comes nearest.
      let report = try SymmetryExamination<LinkField<Scalar>, LayerOutput<Scalar>, Void>(
        check: "covariance of a layer", subject: "layer \(index + 1), \(kind.rawValue)",
        symmetry: "charge conjugation (\(declared.rawValue))", setting: setting,
        elements: { _ in [("charge conjugation", ())] },
        onInput: { field, _ in field.chargeConjugated() },
        onOutput: { output, _ in output.conjugated(as: declared) }, numbers: \.numbers
      ).report { (links: LinkField<Scalar>) in
        let tape = Tape()
        let flow = try network.stages(tape.constant(links), tape.constant(parameters))[index]
        return try LayerOutput(
          flow, changedLinks: kind == .exponential || kind == .stout, member: 0)
      }
      return declared == .none ? report.undeclared : report
    }
  }
}

extension LayerOutput {
  /// The output of conjugated links, if it behaves like this; where it declares nothing, matrices are
  /// conjugated and numbers are even.
  fileprivate func conjugated(as behaviour: LayerChargeConjugation) -> LayerOutput {
    func apply(_ values: [Double], channels: Int) -> [Double] {
      values.enumerated().map { k, value in
        let channel = k % channels
        switch behaviour {
        case .conjugate: return channel % 2 == 0 ? value : -value
        case .realThenImaginary: return channel < channels / 2 ? value : -value
        case .even, .none: return value
        }
      }
    }
    switch self {
    case .links(let links): return .links(links.chargeConjugated())
    case .matrices(let field):
      var copy = field
      for site in 0..<field.geometry.volume {
        for c in 0..<field.channels { copy[site, c] = field[site, c].conjugate }
      }
      return .matrices(copy)
    case .sites(let values, let geometry, let channels):
      return .sites(apply(values, channels: channels), geometry, channels: channels)
    case .numbers(let values): return .numbers(apply(values, channels: values.count))
    }
  }
}
