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

  /// Those of the list of checks that take links as such.
  func networks(_ group: GaugeGroup, dimension: Int) -> [NetworkDescription] {
    CheckCatalogue.networks(group, dimension: dimension).map(\.network).filter {
      !$0.layers.contains { $0.layer == .linkImages }
    }
  }

  /// That which takes links as numbers.
  func baseline(_ group: GaugeGroup, dimension: Int) -> NetworkDescription {
    CheckCatalogue.networks(group, dimension: dimension).first { $0.name == "ordinary" }!.network
  }

  @Test("the networks of the list have every kind of layer")
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

  @Test(
    "layers that share weights commute with the lattice group until one is relaxed",
    arguments: cases)
  func latticeGroup(_ group: GaugeGroup, _ extents: [Int], _ batch: Int) throws {
    let setting = try CheckSetting(extents, group, seed: 95)
    let network = CheckCatalogue.networks(group, dimension: extents.count)
      .first { $0.name == "shared" }!.network
    let reports = try NetworkCheck.latticeSymmetry(of: network, on: setting, batch: batch)
    let relaxed = network.layers.firstIndex { $0.relaxed != nil }!
    #expect(reports.count == network.layers.count - 1)
    for (index, report) in reports.enumerated() {
      #expect(report.isDeclared == (index < relaxed) && report.isAsDeclared, "\(report)")
      #expect(report.holds == report.isDeclared)
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
