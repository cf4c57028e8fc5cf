import Autodiff
import Compute
import Groups
import Lattice
import LatticeSymmetry
import Loops

/// A gauge-equivariant layer whose weights are shared under a group of lattice symmetries, and may be relaxed.
///
/// Channels before and after carry permutations of the group (`ChannelRepresentation`); the layer commutes with
/// them, out(g W) = g out(W), to rounding, and with gauge transformations whatever its weights are. It has one weight
/// for each orbit of the group on its entries and runs on the kernels of the layers without symmetry
/// (`Variable.convolution` and others).
///
/// What is affordable under all 384 elements of B_4: corners to corners has 121 weights as a convolution with nearest
/// neighbours, 1957 as a local bilinear layer, and both cost what dense layers of 48 channels do; the merged layer
/// of both would have 15477, and 4 million dense ones, so compose the two instead.
public struct SharedLayer: Sendable {
  public enum Operation: Hashable, Sendable {
    /// W'_i = sum_{t, c} a_{i, t c} T_{t c}
    case convolution(TransportKernel)
    /// W'_i = sum_{v, w} a_{i v w} [W, W^dagger, 1]_v [W, W^dagger, 1]_w at every site.
    case bilinear
    /// W'_i = sum_{v, w} a_{i v w} [W, W^dagger, 1]_v [T, T^dagger, 1]_w
    case convolutionBilinear(TransportKernel)
    /// s'_i(x) = sum_j a_{i j} s_j(x) + b_i, of scalar channels, such as traces; the bias is shared too.
    case dense
  }

  /// A tensor that the layer learns.
  public struct Parameter: Sendable {
    /// Such as "weight" or "relaxed.point".
    public let name: String
    public let shape: [Int]
    /// What it relaxes; nil for shared weights.
    public let relaxes: RelaxedSymmetry?
    /// Terms that the weights are added up over; 0 for those that begin with `initial`.
    let fanIn: Int
    let initial: Double
  }

  public let operation: Operation
  public let input: ChannelRepresentation
  public let output: ChannelRepresentation
  public let relaxation: LayerRelaxation
  /// In messages.
  public let name: String
  public let parameters: [Parameter]
  /// The factors of labels, in the order of their tensors.
  let factors: [RelaxedFactors]
  let sharing: WeightSharing
  let biasSharing: WeightSharing?

  /// - Throws: `.representation` where input and output are not of one group, `.setting` for a kernel that the group
  ///   does not map on itself, for too many dense weights and for what cannot be relaxed.
  public init(
    _ operation: Operation, from input: ChannelRepresentation, to output: ChannelRepresentation,
    relaxation: LayerRelaxation = .none, name: String? = nil
  ) throws(LayerError) {
    let name = name ?? operation.name
    (self.operation, self.input, self.output) = (operation, input, output)
    (self.relaxation, self.name) = (relaxation, name)
    guard input.isOfGroup(output.group) else {
      throw .representation(
        layer: name, expected: "channels under \(input.group)", found: "\(output)")
    }
    if operation != .dense {
      for side in [input, output] where side.hasCharges {
        throw .representation(
          layer: name, expected: "matrix channels, which have no charges", found: "\(side)")
      }
    }
    let axes = try Self.axes(operation, input, output, name)
    let entries = axes.shape.reduce(1.0) { $0 * Double($1) }
    guard entries <= Double(WeightSharing.maximumEntries) else {
      throw .setting(
        layer: name, name: "its number of dense weights",
        expected: "\(WeightSharing.maximumEntries) or less", found: "\(Int(min(entries, 1e18)))")
    }
    factors = try Self.factors(relaxation, input, output, name)
    let places = Self.places(factors, axes, relaxation.weighting)
    sharing = WeightSharing(
      shape: axes.shape, generators: axes.generators, factors: places,
      factorCount: factors.reduce(0) { $0 + $1.count })
    var list = [
      Parameter(
        name: "weight", shape: [relaxation.banks, sharing.orbitCount], relaxes: nil,
        fanIn: relaxation.banks * axes.shape.dropFirst().reduce(1, *), initial: 0)
    ]
    biasSharing =
      operation == .dense
      ? WeightSharing(
        shape: [output.channels], generators: axes.generators.map { [$0[0]] }, factors: [],
        factorCount: 0) : nil
    if let biasSharing {
      list.append(
        Parameter(
          name: "bias", shape: [1, biasSharing.orbitCount], relaxes: nil, fanIn: 0, initial: 0))
    }
    for factor in factors {
      list.append(
        Parameter(
          name: LayerRelaxation.parameterName(factor.symmetry),
          shape: [relaxation.banks, factor.count], relaxes: factor.symmetry, fanIn: 0, initial: 1))
    }
    if let extents = relaxation.extents {
      list.append(
        Parameter(
          name: LayerRelaxation.parameterName(.translation),
          shape: [relaxation.banks, extents.reduce(1, *)], relaxes: .translation, fanIn: 0,
          initial: 1))
    }
    parameters = list
  }

  /// The number of independent weights of a bank, orbits of the group.
  public var orbitCount: Int { sharing.orbitCount }
  /// The number of dense weights that they make.
  public var denseCount: Int { sharing.orbits.count }

  /// Shared weights normal, with the variance that preserves that of the channels; biases 0; factors 1.
  ///
  /// - Parameters:
  ///   - prefix: what stands before the names.
  ///   - stream: of the first tensor; every shared one takes the next.
  public func initialParameters<Scalar: LatticeReal>(
    seed: UInt64, prefix: String = "", stream: UInt32 = 0, gain: Double = 1
  ) throws(AutodiffError) -> Parameters<Scalar> {
    var result = Parameters<Scalar>()
    for (index, parameter) in parameters.enumerated() {
      try result.add(
        prefix + parameter.name,
        parameter.fanIn > 0
          ? .initialised(
            shape: parameter.shape, fanIn: parameter.fanIn, seed: seed,
            stream: stream + UInt32(index), gain: gain)
          : Tensor(shape: parameter.shape, repeating: Scalar(parameter.initial)))
    }
    return result
  }
}

extension SharedLayer.Operation {
  var kernel: TransportKernel? {
    switch self {
    case .convolution(let kernel), .convolutionBilinear(let kernel): kernel
    case .bilinear: .local
    case .dense: nil
    }
  }

  var name: String {
    switch self {
    case .convolution: "the shared convolution"
    case .bilinear: "the shared bilinear layer"
    case .convolutionBilinear: "the shared merged layer"
    case .dense: "the shared dense layer"
    }
  }
}

extension SharedLayer {
  /// The indices of the dense weights: their number, what generators do with them, and which input channel they read.
  struct Axes {
    var shape: [Int]
    var generators: [[[Int]]]
    /// For every axis behind the first the input channel of each index; nil for the unit matrix.
    var channels: [[Int?]]
  }

  private static func axes(
    _ operation: Operation, _ input: ChannelRepresentation, _ output: ChannelRepresentation,
    _ name: String
  ) throws(LayerError) -> Axes {
    let n = input.channels
    let group = input.group
    let terms = try (operation.kernel ?? .local).images(under: group, name)
    let count = n * terms.count
    func transported(_ g: Int) -> [Int] {
      let images = input.images(under: group.generators[g])
      return terms.images[g].flatMap { t in images.map { t * n + $0 } }
    }
    func extended(_ images: [Int]) -> [Int] {
      images + images.map { $0 + images.count } + [2 * images.count]
    }
    let channels: [Int?] = (0..<count).map { $0 % n }
    let local = (0..<n).map { Optional($0) }
    let outputs = group.generators.map { output.images(under: $0) }
    switch operation {
    case .convolution, .dense:
      return Axes(
        shape: [output.channels, count],
        generators: group.generators.indices.map { [outputs[$0], transported($0)] },
        channels: [channels])
    case .bilinear, .convolutionBilinear:
      return Axes(
        shape: [output.channels, 2 * n + 1, 2 * count + 1],
        generators: group.generators.indices.map {
          [
            outputs[$0], extended(input.images(under: group.generators[$0])),
            extended(transported($0)),
          ]
        },
        channels: [local + local + [nil], channels + channels + [nil]])
    }
  }

  private static func factors(
    _ relaxation: LayerRelaxation, _ input: ChannelRepresentation, _ output: ChannelRepresentation,
    _ name: String
  ) throws(LayerError) -> [RelaxedFactors] {
    guard (1...64).contains(relaxation.banks) else {
      throw .setting(
        layer: name, name: "its banks", expected: "1 to 64", found: "\(relaxation.banks)")
    }
    if relaxation.symmetries.contains(.translation) != (relaxation.extents != nil) {
      throw .setting(
        layer: name, name: "the extents of relaxed translations",
        expected: relaxation.extents == nil ? "given" : "given only where translations are relaxed",
        found: relaxation.extents.map { "\($0)" } ?? "none")
    }
    if let extents = relaxation.extents {
      guard extents.count == input.dimension, extents.allSatisfy({ $0 >= 1 }),
        extents.reduce(1.0, { $0 * Double($1) }) <= Double(WeightSharing.maximumEntries)
      else {
        throw .setting(
          layer: name, name: "the extents of relaxed translations",
          expected: "\(input.dimension) positive numbers", found: "\(extents)")
      }
    }
    if relaxation.banks > 1, relaxation.symmetries.isEmpty {
      throw .setting(
        layer: name, name: "its banks", expected: "1 where nothing is relaxed",
        found: "\(relaxation.banks)")
    }
    let side = relaxation.weighting == .input ? input : output
    // One order for all, so that parameters have one.
    return try RelaxedSymmetry.allCases.filter {
      $0 != .translation && relaxation.symmetries.contains($0)
    }.map { symmetry throws(LayerError) in
      try RelaxedFactors(symmetry, of: side, layer: name)
    }
  }

  /// For every kind of factor, and for inputs every axis, the place in the table.
  private static func places(
    _ factors: [RelaxedFactors], _ axes: Axes, _ weighting: ElementWeighting
  ) -> [[Int32]] {
    let total = factors.reduce(0) { $0 + $1.count }
    var result = [[Int32]]()
    var start = 0
    for factor in factors {
      func place(_ channel: Int?) -> Int32 {
        channel.flatMap { factor.ofChannel[$0] }.map { Int32(start + $0) } ?? Int32(total)
      }
      let count = axes.shape.reduce(1, *)
      let (rest, last) = (count / axes.shape[0], axes.shape.last!)
      if weighting == .output {
        result.append((0..<count).map { place($0 / rest) })
      } else {
        let ends = axes.channels.map { $0.map(place) }
        result.append((0..<count).map { ends.last![$0 % last] })
        if axes.shape.count == 3 {
          result.append((0..<count).map { ends[0][$0 / last % axes.shape[1]] })
        }
      }
      start += factor.count
    }
    return result
  }
}

extension TransportKernel {
  /// Where every generator of a group sends every term.
  ///
  /// - Throws: `LayerError.setting` where an image is no term of the kernel.
  func images(
    under group: FiniteGroup, _ layer: String
  ) throws(LayerError) -> (count: Int, images: [[Int]]) {
    let dimension = group.operations![0].axes.dimension
    let paths = paths(dimension: dimension)
    let numbers = Dictionary(uniqueKeysWithValues: paths.enumerated().map { ($1, $0) })
    let images = try group.generators.map { g throws(LayerError) in
      let operation = LatticeOperation(group.operations![g])
      return try paths.map { path throws(LayerError) in
        guard let image = numbers[operation.image(of: path)] else {
          throw .setting(
            layer: layer, name: "its kernel",
            expected: "symmetric, which \(group) with '\(group.labels[g])' maps on itself",
            found: "\(self)")
        }
        return image
      }
    }
    return (paths.count, images)
  }
}
