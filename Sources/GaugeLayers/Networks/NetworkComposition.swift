import Autodiff
import Lattice
import Loops

/// The shapes of a network's weights and channels, found, and refused, without any field.
struct NetworkComposition: Sendable {
  struct Weight: Sendable {
    let name: String
    let shape: [Int]
    /// Terms that the weights are added up over; 0 for weights that begin with `initial`.
    let fanIn: Int
    let gain: Double
    let initial: Double
  }

  /// Of every layer: its name, kernel and weights.
  struct Stage: Sendable {
    let description: LayerDescription
    let name: String
    let kernel: TransportKernel?
    let paths: [LatticePath]
    var weights: [Weight]
  }

  /// What one layer may have; a gigabyte in single precision.
  static let maximumWeights = 1 << 28

  private(set) var stages: [Stage] = []
  /// What comes out.
  private(set) var output = ChannelKind.none
  private let network: NetworkDescription

  init(_ network: NetworkDescription) throws(LayerError) {
    self.network = network
    guard (2...8).contains(network.dimension) else {
      throw .network("dimension: expected 2 to 8, found \(network.dimension)")
    }
    guard !network.layers.isEmpty else { throw .network("expected at least one layer") }
    for (index, layer) in network.layers.enumerated() {
      try requireSettings(layer, index + 1)
      try append(layer, index + 1)
    }
    switch output {
    case .pooled, .scalars: break
    default:
      throw .network("the last layer leaves \(output); expected scalar or pooled channels")
    }
  }

  private func requireSettings(_ layer: LayerDescription, _ number: Int) throws(LayerError) {
    let (needed, possible) = layer.layer.settings
    let place = "layer \(number), \(layer.layer.rawValue)"
    if let missing = needed.subtracting(layer.settings).sorted().first {
      throw .network("\(place): expected the setting '\(missing)', found none")
    }
    let all = needed.union(possible)
    if let extra = layer.settings.subtracting(all).sorted().first {
      let names = all.isEmpty ? "no settings" : "only \(all.sorted().joined(separator: ", "))"
      throw .network("\(place): expected \(names), found '\(extra)'")
    }
    for (name, value) in [
      ("channels", layer.channels), ("power", layer.power), ("steps", layer.steps),
      ("size", layer.size),
    ] {
      if let value, value < 1 || value > 4096 {
        throw .setting(layer: place, name: name, expected: "1 to 4096", found: "\(value)")
      }
    }
    // Ordinary convolutions count from 1 in either convention.
    let least =
      network.convention == .arXivV1 && layer.layer != .ordinaryConvolution ? 0 : 1
    if let dilation = layer.dilation, dilation < least || dilation > 4096 {
      throw .setting(
        layer: place, name: "dilation", expected: "\(least) to 4096", found: "\(dilation)")
    }
    if let gain = layer.gain, !(gain > 0 && gain.isFinite) {
      throw .setting(layer: place, name: "gain", expected: "a positive number", found: "\(gain)")
    }
    if let rho = layer.rho, !rho.isFinite {
      throw .setting(layer: place, name: "rho", expected: "a finite number", found: "\(rho)")
    }
    if let paths = layer.paths, paths.isEmpty {
      throw .setting(layer: place, name: "paths", expected: "one path or more", found: "none")
    }
  }

  private mutating func append(_ layer: LayerDescription, _ number: Int) throws(LayerError) {
    let name = "\(number).\(layer.layer.rawValue)"
    let place = "layer \(number), \(layer.layer.rawValue)"
    let gain = layer.gain ?? 1
    let d = network.dimension
    var (kernel, paths): (TransportKernel?, [LatticePath]) = (nil, [])
    var weights = [Weight]()
    func refuse(_ expected: String) -> LayerError {
      .network("\(place): expected \(expected), found \(output)")
    }
    func weight(_ shape: [Int], fanIn: Int) -> Weight {
      Weight(name: "\(name).weight", shape: shape, fanIn: fanIn, gain: gain, initial: 0)
    }
    func bias(_ count: Int) -> Weight {
      Weight(name: "\(name).bias", shape: [count], fanIn: 0, gain: 0, initial: 0)
    }
    func matrices() throws(LayerError) -> Int {
      guard case .matrices(let count) = output else { throw refuse("matrix channels") }
      return count
    }
    func residual(_ input: Int) throws(LayerError) {
      if layer.residual == true, layer.channels != input {
        throw .channels(layer: "\(place), residual", expected: input, found: layer.channels ?? 0)
      }
    }
    func joined(_ count: Int) throws(LayerError) -> ChannelKind {
      switch output {
      case .none: .matrices(count)
      case .matrices(let before): .matrices(before + count)
      default: throw refuse("matrix channels or none")
      }
    }
    switch layer.layer {
    case .plaquettes: output = try joined(d * (d - 1) / 2)
    case .polyakovLoops: output = try joined(d)
    case .loops:
      for text in layer.paths! {
        do {
          paths.append(try LatticePath(text, dimension: d))
        } catch {
          throw .network("\(place): \(error)")
        }
      }
      output = try joined(paths.count)
    case .convolution:
      let input = try matrices()
      try residual(input)
      kernel = try network.convention.kernel(
        size: layer.size!, dilation: layer.dilation, isSymmetric: layer.symmetric ?? false)
      let terms = input * kernel!.termCount(dimension: d)
      let complex = layer.complex ?? false
      weights = [
        weight([layer.channels!, terms] + (complex ? [2] : []), fanIn: complex ? 2 * terms : terms)
      ]
      output = .matrices(layer.channels!)
    case .bilinear:
      let input = try matrices()
      try residual(input)
      let (v, complex) = (2 * input + 1, layer.complex ?? false)
      weights = [
        weight(
          [layer.channels!, v, v] + (complex ? [2] : []), fanIn: complex ? 2 * v * v : v * v)
      ]
      output = .matrices(layer.channels!)
    case .convolutionBilinear:
      let input = try matrices()
      try residual(input)
      kernel = try network.convention.kernel(
        size: layer.size!, dilation: layer.dilation, isSymmetric: layer.symmetric ?? false)
      let (v, w) = (2 * input + 1, 2 * input * kernel!.termCount(dimension: d) + 1)
      weights = [weight([layer.channels!, v, w], fanIn: v * w)]
      output = .matrices(layer.channels!)
    case .activation:
      switch output {
      case .matrices(let count): weights = [bias(count)]
      case .scalars, .pooled, .images: break
      case .none: throw refuse("channels")
      }
    case .traceNorm: _ = try matrices()
    case .exponential:
      let count = try matrices()
      weights = [weight([d, count], fanIn: count)]
    case .stout:
      for step in 1...(layer.steps ?? 1) {
        weights.append(
          Weight(
            name: "\(name).rho\(step)", shape: [d, d], fanIn: 0, gain: 0,
            initial: layer.rho ?? 0.1))
      }
    case .trace: output = .scalars(2 * (try matrices()))
    case .traceMagnitudes, .tracePowers: output = .scalars(try matrices())
    case .dense:
      let input = output.count
      switch output {
      case .scalars: output = .scalars(layer.channels!)
      case .pooled: output = .pooled(layer.channels!)
      default: throw refuse("scalar or pooled channels")
      }
      weights = [weight([layer.channels!, input], fanIn: input), bias(layer.channels!)]
    case .mean, .sum:
      switch output {
      case .scalars(let count), .images(let count): output = .pooled(count)
      default: throw refuse("scalar or image channels")
      }
    case .linkImages:
      guard output == .none else { throw refuse("no channels") }
      output = .images(2 * d * network.group.n * network.group.n)
    case .ordinaryConvolution:
      guard case .images(let input) = output else { throw refuse("image channels") }
      let cells = (0..<d).reduce(1) { product, _ in min(product * layer.size!, 1 << 40) }
      weights = [
        weight(
          [layer.channels!, input] + Array(repeating: layer.size!, count: d),
          fanIn: input * cells),
        bias(layer.channels!),
      ]
      output = .images(layer.channels!)
    }
    for weight in weights {
      let count = weight.shape.reduce(1.0) { $0 * Double($1) }
      guard count <= Double(Self.maximumWeights) else {
        throw .setting(
          layer: place, name: "its number of weights", expected: "\(Self.maximumWeights) or less",
          found: "\(Int(min(count, 1e18)))")
      }
    }
    stages.append(
      Stage(description: layer, name: name, kernel: kernel, paths: paths, weights: weights))
  }
}
