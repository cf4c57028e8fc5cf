import Autodiff
import Loops

/// One layer of a described network: its kind and the settings that the kind has.
///
/// In JSON an object with `layer` and the settings, such as
/// `{"layer": "convolutionBilinear", "channels": 8, "size": 2}`. Settings that a kind does not have
/// are refused when the network is composed.
public struct LayerDescription: Codable, Hashable, Sendable {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Untraced plaquettes of all planes, beside the matrix channels there are.
    case plaquettes
    /// Untraced Polyakov loops of all directions.
    case polyakovLoops
    /// Untraced loops along `paths`.
    case loops
    /// The gauge-equivariant convolution: `channels`, `size`, `dilation`, `symmetric`, `complex`.
    case convolution
    /// The bilinear layer of the channels with themselves: `channels`, `complex`.
    case bilinear
    /// The merged convolution-bilinear layer: `channels`, `size`, `dilation`, `symmetric`.
    case convolutionBilinear
    /// Matrices times a function of their real trace, or the function of scalar channels: `function`.
    case activation
    /// Matrices divided by the mean magnitude of their traces: `scope`.
    case traceNorm
    /// Links times the exponential of mixed channels; what follows is transported by the new links.
    case exponential
    /// Trainable stout smearing of the links: `steps`, `rho` to begin with.
    case stout
    /// Untraced plaquettes of all corners, clover sums of oriented planes, Polyakov loops of signed
    /// directions: what the network's `symmetry` permutes.
    case corners, clovers, signedPolyakovLoops
    /// The convolution with weights shared under the network's `symmetry`, to `channels` copies of
    /// `labels`: `size`, `dilation`, `symmetric` (true by default), `relaxed`, `banks`, `weighting`, `extents`.
    case sharedConvolution
    /// The bilinear layer of the channels with themselves, its weights shared and perhaps relaxed.
    case sharedBilinear
    /// The merged layer, its weights shared and perhaps relaxed.
    case sharedConvolutionBilinear
    /// A linear map of scalar channels, its weights shared and perhaps relaxed.
    case sharedDense
    /// Re + Im and Re - Im of the traces over N, which charge conjugation exchanges.
    case chargePairs
    /// Traces of all channels: real parts, then imaginary parts, over N.
    case trace
    /// Magnitudes of the traces over N.
    case traceMagnitudes
    /// Real traces of the k-th powers of all channels over N: `power`.
    case tracePowers
    /// A linear map of scalar channels, at every site or after pooling: `channels`, `function`.
    case dense
    /// The mean, or sum, over sites.
    case mean, sum
    /// All real and imaginary parts of the links as ordinary images, for a baseline without symmetry.
    case linkImages
    /// An ordinary periodic convolution of images: `channels`, `size`, `dilation`, `function`.
    case ordinaryConvolution
  }

  public var layer: Kind
  public var channels: Int?
  public var size: Int?
  /// As the network's convention counts it; of an ordinary convolution from 1.
  public var dilation: Int?
  public var symmetric: Bool?
  public var complex: Bool?
  public var function: Activation?
  public var scope: TraceNormScope?
  public var paths: [String]?
  public var power: Int?
  public var steps: Int?
  public var rho: Double?
  /// Whether the layer's input is added to its output, which must have as many channels.
  public var residual: Bool?
  /// The initial weights in units of those that preserve variance, 1 by default.
  public var gain: Double?
  /// Whether the layer is calculated a second time on the way back instead of being kept.
  public var checkpoint: Bool?
  /// What the channels after a layer with shared weights belong to.
  public var labels: PermutedLabels?
  /// The symmetries that a layer with shared weights may leave.
  public var relaxed: [RelaxedSymmetry]?
  /// Filter banks L of a relaxed layer, 1 by default.
  public var banks: Int?
  /// Whether relaxed weights belong to what is read or written, `input` by default.
  public var weighting: ElementWeighting?
  /// The lattice of relaxed translations.
  public var extents: [Int]?

  public init(_ layer: Kind) { self.layer = layer }

  /// The settings that are given, by name.
  var settings: Set<String> {
    var names = Set<String>()
    func note(_ name: String, _ value: Any?) { if value != nil { names.insert(name) } }
    note("channels", channels)
    note("size", size)
    note("dilation", dilation)
    note("symmetric", symmetric)
    note("complex", complex)
    note("function", function)
    note("scope", scope)
    note("paths", paths)
    note("power", power)
    note("steps", steps)
    note("rho", rho)
    note("residual", residual)
    note("gain", gain)
    note("checkpoint", checkpoint)
    note("labels", labels)
    note("relaxed", relaxed)
    note("banks", banks)
    note("weighting", weighting)
    note("extents", extents)
    return names
  }
}

extension LayerDescription.Kind {
  /// The settings of a kind: those it needs and those it may have.
  var settings: (needed: Set<String>, possible: Set<String>) {
    switch self {
    case .plaquettes, .polyakovLoops, .trace, .traceMagnitudes, .mean, .sum, .linkImages,
      .corners, .clovers, .signedPolyakovLoops, .chargePairs:
      ([], [])
    case .sharedConvolution, .sharedConvolutionBilinear:
      (
        ["channels", "labels", "size"],
        Self.relaxing.union(["dilation", "symmetric", "residual", "gain", "checkpoint"])
      )
    case .sharedBilinear:
      (["channels", "labels"], Self.relaxing.union(["residual", "gain", "checkpoint"]))
    case .sharedDense:
      (["channels", "labels"], ["function", "gain", "relaxed", "banks", "weighting"])
    case .loops: (["paths"], [])
    case .convolution:
      (
        ["channels", "size"],
        ["dilation", "symmetric", "complex", "residual", "gain", "checkpoint"]
      )
    case .bilinear: (["channels"], ["complex", "residual", "gain", "checkpoint"])
    case .convolutionBilinear:
      (["channels", "size"], ["dilation", "symmetric", "residual", "gain", "checkpoint"])
    case .activation: (["function"], [])
    case .traceNorm: ([], ["scope"])
    case .exponential: ([], ["gain"])
    case .stout: ([], ["steps", "rho"])
    case .tracePowers: (["power"], [])
    case .dense: (["channels"], ["function", "gain"])
    case .ordinaryConvolution: (["channels", "size"], ["dilation", "function", "gain"])
    }
  }
  /// The settings of relaxed weights.
  private static let relaxing: Set<String> = ["relaxed", "banks", "weighting", "extents"]

  /// Whether the layer has weights that are shared under the network's symmetry.
  public var isShared: Bool {
    switch self {
    case .sharedConvolution, .sharedBilinear, .sharedConvolutionBilinear, .sharedDense: true
    default: false
    }
  }
}

extension LayerDescription {
  /// How far the layer may leave the symmetry that it shares its weights under.
  public var relaxation: LayerRelaxation {
    LayerRelaxation(
      Set(relaxed ?? []), banks: banks ?? 1, weighting: weighting ?? .input, extents: extents)
  }
}
