import Foundation
import GaugeLayers
import Lattice
import Testing

/// What a description may say, and how everything else is refused.
@Suite struct NetworkCompositionTests {
  @Test(arguments: [
    (KernelConvention.prl2022, [12, 47, 177, 597]), (.arXivV1, [12, 35, 125, 465]),
  ])
  func publishedNumbersOfParameters(_ convention: KernelConvention, _ expected: [Int]) throws {
    for (sizes, count) in zip([[1], [2], [2, 2], [2, 2, 3, 3]], expected) {
      let stack = sizes.map { merged(sizes == [1] ? 1 : 2, size: $0) }
      let network = try GaugeNetwork<Float>(
        .of(
          [layer(.plaquettes)] + stack + [layer(.trace), layer(.mean), dense(1)],
          convention: convention))
      #expect(network.parameterCount == count)
      #expect(try network.initialParameters(seed: 1).elementCount == count)
      #expect(network.outputs == 1 && network.isPooled)
    }
  }

  @Test func networksThatDoNotPoolAreFields() throws {
    let network = try GaugeNetwork<Float>(.of([layer(.plaquettes), layer(.trace)]))
    #expect(network.outputs == 2 && !network.isPooled && network.parameterCount == 0)
  }

  @Test func initialParametersFollowFromTheSeed() throws {
    let network = try GaugeNetwork<Double>(.everything(.su2, dimension: 2))
    let one = try network.initialParameters(seed: 1)
    #expect(one == (try network.initialParameters(seed: 1)))
    #expect(one != (try network.initialParameters(seed: 2)))
    #expect(one["12.dense.bias"]!.values.allSatisfy { $0 == 0 })
    #expect(one["1.stout.rho2"]!.values.allSatisfy { $0 == 0.1 })
    // Every layer has numbers of its own.
    let large = try GaugeNetwork<Double>(
      .of([layer(.plaquettes), layer(.trace), dense(2), dense(2), layer(.mean)]))
    let p = try large.initialParameters(seed: 1)
    #expect(p["3.dense.weight"]!.values != p["4.dense.weight"]!.values)
  }

  static let bad: [([LayerDescription], String)] = [
    ([], "network: expected at least one layer"),
    (
      [layer(.plaquettes)],
      "network: the last layer leaves 1 matrix channels; expected scalar or pooled channels"
    ),
    (
      [layer(.trace)],
      "network: layer 1, trace: expected matrix channels, found no channels"
    ),
    (
      [layer(.plaquettes), layer(.mean)],
      "network: layer 2, mean: expected scalar or image channels, found 1 matrix channels"
    ),
    (
      [layer(.plaquettes), dense(2)],
      "network: layer 2, dense: expected scalar or pooled channels, found 1 matrix channels"
    ),
    (
      [layer(.plaquettes), layer(.trace), layer(.mean), layer(.mean)],
      "network: layer 4, mean: expected scalar or image channels, found 2 pooled channels"
    ),
    (
      [layer(.plaquettes), layer(.trace), merged(2, size: 2)],
      "network: layer 3, convolutionBilinear: expected matrix channels, found 2 scalar channels"
    ),
    (
      [layer(.plaquettes), layer(.linkImages), layer(.mean)],
      "network: layer 2, linkImages: expected no channels, found 1 matrix channels"
    ),
    (
      [layer(.plaquettes), layer(.trace), layer(.plaquettes)],
      "network: layer 3, plaquettes: expected matrix channels or none, found 2 scalar channels"
    ),
    (
      [layer(.linkImages), layer(.exponential)],
      "network: layer 2, exponential: expected matrix channels, found 16 image channels"
    ),
    (
      [
        layer(.plaquettes),
        layer(.ordinaryConvolution) {
          $0.channels = 1
          $0.size = 2
        },
      ],
      "network: layer 2, ordinaryConvolution: expected image channels, found 1 matrix channels"
    ),
    (
      [layer(.activation) { $0.function = .tanh }],
      "network: layer 1, activation: expected channels, found no channels"
    ),
    (
      [layer(.plaquettes), merged(2, size: 2, residual: true), layer(.trace)],
      "layer 2, convolutionBilinear, residual: expected 1 channels, found 2"
    ),
    (
      [
        layer(.plaquettes),
        layer(.bilinear) {
          $0.channels = 3
          $0.residual = true
        },
      ],
      "layer 2, bilinear, residual: expected 1 channels, found 3"
    ),
    (
      [layer(.plaquettes), layer(.convolutionBilinear) { $0.channels = 2 }],
      "network: layer 2, convolutionBilinear: expected the setting 'size', found none"
    ),
    (
      [layer(.plaquettes), layer(.dense)],
      "network: layer 2, dense: expected the setting 'channels', found none"
    ),
    (
      [layer(.plaquettes), layer(.tracePowers)],
      "network: layer 2, tracePowers: expected the setting 'power', found none"
    ),
    (
      [layer(.plaquettes) { $0.channels = 2 }],
      "network: layer 1, plaquettes: expected no settings, found 'channels'"
    ),
    (
      [layer(.stout) { $0.size = 2 }],
      "network: layer 1, stout: expected only rho, steps, found 'size'"
    ),
    (
      [layer(.plaquettes), merged(0, size: 2)],
      "layer 2, convolutionBilinear: expected channels to be 1 to 4096, found 0"
    ),
    (
      [layer(.plaquettes), merged(2, size: 0)],
      "layer 2, convolutionBilinear: expected size to be 1 to 4096, found 0"
    ),
    (
      [layer(.plaquettes), merged(4096, size: 2), merged(4096, size: 2)],
      "layer 3, convolutionBilinear: expected its number of weights to be 268435456 or less, "
        + "found"
    ),
    (
      [
        layer(.plaquettes),
        layer(.convolution) {
          $0.channels = 2
          $0.size = 2
          $0.dilation = 0
        },
      ],
      "layer 2, convolution: expected dilation to be 1 to 4096, found 0"
    ),
    (
      [layer(.plaquettes), layer(.trace), layer(.dense) { ($0.channels, $0.gain) = (1, -1) }],
      "layer 3, dense: expected gain to be a positive number, found -1.0"
    ),
    (
      [layer(.stout) { $0.rho = .infinity }],
      "layer 1, stout: expected rho to be a finite number, found inf"
    ),
    (
      [layer(.stout) { $0.steps = 0 }],
      "layer 1, stout: expected steps to be 1 to 4096, found 0"
    ),
    (
      [layer(.loops) { $0.paths = [] }],
      "layer 1, loops: expected paths to be one path or more, found none"
    ),
    (
      [layer(.loops) { $0.paths = ["+x +q"] }],
      "network: layer 1, loops: '+q' is no step in 2 dimensions"
    ),
  ]

  @Test(arguments: bad.indices) func refusalsNameTheLayerAndBothSides(_ index: Int) throws {
    let (layers, expected) = Self.bad[index]
    let error = try #require(throws: LayerError.self) {
      try GaugeNetwork<Float>(.of(layers))
    }
    #expect("\(error)".hasPrefix(expected), "\(error)")
  }

  @Test func dimensionAndHugeKernels() throws {
    for dimension in [1, 9, -1] {
      let error = try #require(throws: LayerError.self) {
        try GaugeNetwork<Float>(.of([layer(.plaquettes), layer(.trace)], dimension: dimension))
      }
      #expect("\(error)" == "network: dimension: expected 2 to 8, found \(dimension)")
    }
    // 4096^8 cells would not even be counted.
    #expect(throws: LayerError.self) {
      try GaugeNetwork<Float>(
        .of(
          [
            layer(.linkImages),
            layer(.ordinaryConvolution) { ($0.channels, $0.size) = (1, 4096) }, layer(.mean),
          ], dimension: 8))
    }
    let old = try #require(throws: LayerError.self) {
      try GaugeNetwork<Float>(
        .of(
          [
            layer(.plaquettes),
            layer(.convolution) { ($0.channels, $0.size, $0.dilation) = (1, 2, -1) },
          ], convention: .arXivV1))
    }
    #expect("\(old)".hasSuffix("expected dilation to be 0 to 4096, found -1"))
  }

  @Test func descriptionsSurviveJSON() throws {
    var all = NetworkDescription.everything(.su3, dimension: 4)
    all.convention = .arXivV1
    all.layers += [
      layer(.traceNorm) { $0.scope = .perSite },
      layer(.convolution) {
        $0.channels = 3
        $0.size = 2
        $0.dilation = 2
        $0.gain = 0.5
        $0.checkpoint = true
      }, layer(.tracePowers) { $0.power = 3 }, layer(.stout) { $0.rho = 0.05 },
    ]
    for group in [GaugeGroup.u1, .su2, .su3, .su(16)] {
      all.group = group
      #expect(try NetworkDescription(json: Data(all.json.utf8)) == all)
    }
    let text = """
      {"group": "su2", "dimension": 2, "layers": [
        {"layer": "plaquettes"}, {"layer": "convolutionBilinear", "channels": 2, "size": 2},
        {"layer": "trace"}, {"layer": "mean"}, {"layer": "dense", "channels": 1}]}
      """
    let read = try NetworkDescription(json: Data(text.utf8))
    #expect(
      read
        == .of([layer(.plaquettes), merged(2, size: 2), layer(.trace), layer(.mean), dense(1)]))
    #expect(try GaugeNetwork<Float>(read).parameterCount == 47)
  }

  static let badJSON: [(String, String)] = [
    ("", "expected a JSON object"), ("[1]", "expected a JSON object"), ("{", "expected a JSON"),
    (#"{"dimension": 2, "layers": []}"#, "expected 'group', found none"),
    (
      #"{"group": "su2", "dimension": 2, "layers": [], "beta": 1}"#,
      "expected keys among convention, dimension, group, layers, symmetry, found 'beta'"
    ),
    (
      #"{"group": "so3", "dimension": 2, "layers": []}"#,
      "group: expected u1, su2, su3, ..., found 'so3'"
    ),
    (
      #"{"group": "su2", "dimension": 2, "convention": "x", "layers": []}"#,
      "expected a convention among prl-2022, arxiv-v1, found 'x'"
    ),
    (
      #"{"group": "su2", "dimension": 2, "layers": [{"layer": "trace"}, {"layer": "pool"}]}"#,
      "layer 2: expected a layer among plaquettes"
    ),
    (
      #"{"group": "su2", "dimension": 2, "layers": [{"layer": "trace", "chanels": 1}]}"#,
      "layer 1: expected keys among layer, channels"
    ),
    (
      #"{"group": "su2", "dimension": 2, "layers": [{"layer": "dense", "channels": "one"}]}"#,
      "layer 1, channels: expected an integer, found another type"
    ),
    (
      #"{"group": "su2", "dimension": 2, "layers": [{"layer": "dense", "function": "cos"}]}"#,
      "layer 1: expected a function among identity, relu"
    ),
    (
      #"{"group": "su2", "dimension": 2, "layers": [{"channels": 1}]}"#,
      "layer 1: expected 'layer', found none"
    ),
  ]

  @Test(arguments: badJSON.indices) func badJSONIsRefused(_ index: Int) throws {
    let (text, expected) = Self.badJSON[index]
    let error = try #require(throws: LayerError.self) {
      try NetworkDescription(json: Data(text.utf8))
    }
    #expect("\(error)".hasPrefix("network: " + expected), "\(error)")
    #expect(!"\(error)".contains("\n"))
  }
}
