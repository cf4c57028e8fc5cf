import GaugeChecks
import GaugeLayers
import Lattice
import Testing

/// Every kind of layer declares its symmetries; what is declared holds behind every layer of composed
/// networks, what is lost is seen broken.
@Suite("Declared symmetries of layers", .serialized)
struct LayerSymmetryTests {
  static let cases: [(group: GaugeGroup, extents: [Int], batch: Int)] = [
    (.u1, [3, 5], 3), (.u1, [2, 3, 4], 1), (.u1, [2, 3, 2, 3], 1),
    (.su2, [4, 4], 5), (.su2, [3, 2, 3], 1), (.su2, [2, 3, 2, 2], 1),
    (.su3, [3, 4], 2), (.su3, [2, 3, 3], 1), (.su3, [2, 2, 3, 2], 1),
  ]

  func layer(
    _ kind: LayerDescription.Kind, _ change: (inout LayerDescription) -> Void = { _ in }
  ) -> LayerDescription {
    var layer = LayerDescription(kind)
    change(&layer)
    return layer
  }

  /// Networks that together have every kind of layer.
  func networks(_ group: GaugeGroup, dimension: Int) -> [NetworkDescription] {
    let stacks: [[LayerDescription]] = [
      [
        layer(.stout) { $0.steps = 2 }, layer(.plaquettes), layer(.exponential),
        layer(.polyakovLoops), layer(.loops) { $0.paths = ["+x +x +y -x -x -y"] },
        layer(.convolution) {
          ($0.channels, $0.size, $0.symmetric, $0.complex) = (2, 3, true, true)
        },
        layer(.activation) { $0.function = .tanh },
        layer(.bilinear) { ($0.channels, $0.complex, $0.residual) = (2, true, true) },
        layer(.traceNorm),
        layer(.convolutionBilinear) {
          ($0.channels, $0.size, $0.dilation, $0.residual) = (2, 2, 2, true)
        },
        layer(.trace), layer(.dense) { ($0.channels, $0.function) = (2, .softplus) },
        layer(.mean), layer(.dense) { $0.channels = 2 },
      ],
      [
        layer(.plaquettes),
        layer(.convolutionBilinear) {
          ($0.channels, $0.size, $0.symmetric, $0.checkpoint) = (2, 2, true, true)
        },
        layer(.traceNorm) { $0.scope = .perSite }, layer(.traceMagnitudes), layer(.sum),
      ],
      [
        layer(.plaquettes), layer(.bilinear) { $0.channels = 2 },
        layer(.tracePowers) { $0.power = 2 }, layer(.dense) { $0.channels = 1 },
      ],
    ]
    return stacks.map { NetworkDescription(group: group, dimension: dimension, layers: $0) }
  }

  /// A network that takes links as numbers.
  func baseline(_ group: GaugeGroup, dimension: Int) -> NetworkDescription {
    NetworkDescription(
      group: group, dimension: dimension,
      layers: [
        layer(.linkImages),
        layer(.ordinaryConvolution) { ($0.channels, $0.size, $0.function) = (3, 2, .tanh) },
        layer(.mean), layer(.dense) { $0.channels = 1 },
      ])
  }

  @Test("the networks here have every kind of layer")
  func completeness() {
    let all = networks(.su2, dimension: 2) + [baseline(.su2, dimension: 2)]
    let kinds = Set(all.flatMap(\.layers).map(\.layer))
    #expect(kinds == Set(LayerDescription.Kind.allCases))
    for kind in LayerDescription.Kind.allCases {
      let isOrdinary = kind == .linkImages || kind == .ordinaryConvolution
      #expect(kind.declaredSymmetries == LayerSymmetries(gauge: isOrdinary ? .none : .all))
    }
  }

  @Test("gauge-equivariant layers", arguments: cases)
  func equivariance(_ group: GaugeGroup, _ extents: [Int], _ batch: Int) throws {
    let setting = try CheckSetting(extents, group, seed: 91)
    for network in networks(group, dimension: extents.count) {
      #expect(network.declaredSymmetries == LayerSymmetries())
      let reports = try NetworkCheck.symmetries(of: network, on: setting, batch: batch)
      #expect(reports.count == 2 * network.layers.count)
      for report in reports {
        #expect(report.isDeclared && report.isAsDeclared && report.tolerance == 1e-10, "\(report)")
      }
    }
  }

  @Test("a network on numbers of links is seen not to be gauge-invariant", arguments: cases)
  func ordinary(_ group: GaugeGroup, _ extents: [Int], _ batch: Int) throws {
    let setting = try CheckSetting(extents, group, seed: 92)
    let network = baseline(group, dimension: extents.count)
    #expect(network.declaredSymmetries == LayerSymmetries(gauge: .none))
    for report in try NetworkCheck.symmetries(of: network, on: setting, batch: batch) {
      #expect(report.isDeclared == (report.symmetry == "translation"))
      #expect(report.isAsDeclared && report.holds == report.isDeclared, "\(report)")
    }
  }

  @Test("single precision")
  func single() throws {
    let setting = try CheckSetting([4, 3], .su3, seed: 93)
    for network in networks(.su3, dimension: 2) {
      for report in try NetworkCheck.symmetries(
        of: network, on: setting, batch: 3, precision: Float.self)
      {
        #expect(report.isAsDeclared && report.tolerance == 1e-4, "\(report)")
      }
    }
  }

  @Test("a network that wrongly declares is seen")
  func planted() throws {
    // Images, of which the report is told that they are gauge-invariant.
    let setting = try CheckSetting([4, 3], .su2, seed: 94)
    let reports = try NetworkCheck.symmetries(of: baseline(.su2, dimension: 2), on: setting)
    for var report in reports where report.symmetry == "gauge" {
      report.isDeclared = true
      #expect(!report.isAsDeclared && report.isBroken, "\(report)")
    }
    #expect("\(reports[0])".contains("layer 1, linkImages"))
  }
}
