import Autodiff
import Groups
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
    /// The layer where its weights are shared, or how an activation shares its bias.
    var shared: SharedLayer?
    var bias: WeightSharing?
    /// What the channels after it carry; nil where they do not keep the network's symmetry.
    var representation: ChannelRepresentation?
  }

  /// What one layer may have; a gigabyte in single precision.
  static let maximumWeights = 1 << 28

  private(set) var stages: [Stage] = []
  /// What comes out.
  private(set) var output = ChannelKind.none
  private let network: NetworkDescription
  /// What `network.symmetry` names.
  private let symmetry: FiniteGroup?
  /// What the channels so far carry.
  private var representation: ChannelRepresentation?
  /// Whether links are still those that were given, or changed with all symmetries.
  private var linksKeepSymmetry = true

  init(_ network: NetworkDescription) throws(LayerError) {
    self.network = network
    guard (2...8).contains(network.dimension) else {
      throw .network("dimension: expected 2 to 8, found \(network.dimension)")
    }
    guard !network.layers.isEmpty else { throw .network("expected at least one layer") }
    symmetry = try network.symmetry.map { name throws(LayerError) in
      try FiniteGroup.actingOnLattice(named: name, dimension: network.dimension)
    }
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
      ("size", layer.size), ("banks", layer.banks),
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
    var (shared, biasSharing): (SharedLayer?, WeightSharing?) = (nil, nil)
    var carried: ChannelRepresentation?
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
    /// Channels of labels beside those before; they carry a representation only where both do.
    func labelled(_ labels: PermutedLabels) throws(LayerError) {
      let before = output
      if let symmetry, linksKeepSymmetry {
        let own = try ChannelRepresentation(symmetry, labels)
        carried = before == .none ? own : try representation?.appending(own)
      }
      output = try joined(labels.count(dimension: d))
    }
    /// The layer that reads what the channels carry.
    func sharedLayer(_ operation: SharedLayer.Operation) throws(LayerError) -> SharedLayer {
      guard let symmetry else {
        throw .network("\(place): expected the key 'symmetry' of the network, found none")
      }
      guard let representation, linksKeepSymmetry else {
        throw .representation(
          layer: place, expected: "channels that carry a representation of \(symmetry)",
          found: linksKeepSymmetry ? "\(output) that do not" : "links that do not keep it")
      }
      return try SharedLayer(
        operation, from: representation,
        to: ChannelRepresentation(
          symmetry,
          [
            .init(
              layer.labels!, copies: layer.channels!,
              hasCharges: operation == .dense && representation.hasCharges)
          ]), relaxation: layer.relaxation, name: place)
    }
    func sharedWeights(_ layer: SharedLayer) {
      shared = layer
      carried = layer.output
      weights = layer.parameters.map {
        Weight(
          name: "\(name).\($0.name)", shape: $0.shape, fanIn: $0.fanIn, gain: gain,
          initial: $0.initial)
      }
    }
    func sharedKernel() throws(LayerError) -> TransportKernel {
      try network.convention.kernel(
        size: layer.size!, dilation: layer.dilation, isSymmetric: layer.symmetric ?? true)
    }
    switch layer.layer {
    case .corners: try labelled(.corners)
    case .clovers: try labelled(.orientedPlanes)
    case .signedPolyakovLoops: try labelled(.directions)
    case .sharedConvolution, .sharedBilinear, .sharedConvolutionBilinear:
      let input = try matrices()
      let operation: SharedLayer.Operation =
        switch layer.layer {
        case .sharedConvolution: .convolution(try sharedKernel())
        case .sharedBilinear: .bilinear
        default: .convolutionBilinear(try sharedKernel())
        }
      let own = try sharedLayer(operation)
      sharedWeights(own)
      if layer.residual == true, own.input != own.output {
        throw .representation(
          layer: "\(place), residual", expected: "\(own.input)", found: "\(own.output)")
      }
      precondition(input == own.input.channels, "what is carried has as many channels")
      output = .matrices(own.output.channels)
    case .sharedDense:
      let own: SharedLayer
      switch output {
      case .scalars:
        own = try sharedLayer(.dense)
        output = .scalars(own.output.channels)
      case .pooled:
        own = try sharedLayer(.dense)
        output = .pooled(own.output.channels)
      default: throw refuse("scalar or pooled channels")
      }
      sharedWeights(own)
    case .chargePairs:
      carried = try representation.map { before throws(LayerError) in
        try ChannelRepresentation(
          before.group,
          before.parts.map { .init($0.labels, copies: $0.copies, hasCharges: true) })
      }
      output = .scalars(2 * (try matrices()))
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
      case .matrices(let count):
        if let representation {
          // One bias for each orbit of channels.
          let sharing = WeightSharing(
            shape: [count],
            generators: representation.group.generators.map { [representation.images(under: $0)] },
            factors: [], factorCount: 0)
          biasSharing = sharing
          weights = [
            Weight(
              name: "\(name).bias", shape: [1, sharing.orbitCount], fanIn: 0, gain: 0, initial: 0)
          ]
        } else {
          weights = [bias(count)]
        }
        carried = representation
      case .scalars, .pooled, .images: carried = representation
      case .none: throw refuse("channels")
      }
    case .traceNorm:
      _ = try matrices()
      carried = representation
    case .exponential:
      let count = try matrices()
      weights = [weight([d, count], fanIn: count)]
      linksKeepSymmetry = false
    case .stout:
      linksKeepSymmetry = false
      for step in 1...(layer.steps ?? 1) {
        weights.append(
          Weight(
            name: "\(name).rho\(step)", shape: [d, d], fanIn: 0, gain: 0,
            initial: layer.rho ?? 0.1))
      }
    case .trace:
      output = .scalars(2 * (try matrices()))
      // Imaginary parts change sign under C and are permuted by nothing then.
      if let representation,
        !representation.group.operations!.contains(where: \.conjugatesCharge)
      {
        carried = try representation.appending(representation)
      }
    case .traceMagnitudes, .tracePowers:
      output = .scalars(try matrices())
      carried = representation
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
      case .scalars(let count), .images(let count):
        output = .pooled(count)
        carried = representation
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
    representation = carried
    stages.append(
      Stage(
        description: layer, name: name, kernel: kernel, paths: paths, weights: weights,
        shared: shared, bias: biasSharing, representation: carried))
  }
}
