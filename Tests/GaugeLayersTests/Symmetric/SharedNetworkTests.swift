import Foundation
import GaugeLayers
import Groups
import LatticeSymmetry
import TestSupport
import Testing

/// Layers with shared weights in described networks: composition, symmetry of the output, files, refusals.
@Suite struct SharedNetworkTests {
  static let json = #"""
    {"group": "su3", "dimension": 2, "symmetry": "B2 x C", "layers": [
      {"layer": "corners"}, {"layer": "clovers"}, {"layer": "signedPolyakovLoops"},
      {"layer": "sharedConvolution", "channels": 1, "labels": "corners", "size": 2,
       "relaxed": ["point"], "banks": 2, "gain": 0.3},
      {"layer": "activation", "function": "tanh"},
      {"layer": "sharedBilinear", "channels": 1, "labels": "corners", "residual": true, "gain": 0.3,
       "relaxed": ["point", "translation"], "weighting": "output", "extents": [4, 4]},
      {"layer": "traceNorm", "scope": "perMember"},
      {"layer": "sharedConvolutionBilinear", "channels": 2, "labels": "directions", "size": 2,
       "gain": 0.3, "checkpoint": true},
      {"layer": "chargePairs"},
      {"layer": "sharedDense", "channels": 2, "labels": "scalar", "function": "tanh",
       "relaxed": ["charge"]},
      {"layer": "mean"},
      {"layer": "sharedDense", "channels": 1, "labels": "scalar"}]}
    """#

  let network: GaugeNetwork<Double>

  init() throws {
    network = try GaugeNetwork(NetworkDescription(json: Data(Self.json.utf8)))
  }

  func output(_ links: LinkField<Double>, _ parameters: Parameters<Double>) throws -> [Double] {
    let tape = Tape()
    return try network(tape.constant(links), tape.constant(parameters)).value.values
  }

  @Test func theOutputKeepsTheSymmetryUntilItIsBent() throws {
    let links = try PrimitiveCase(group: .su3, extents: [4, 4]).links()
    let group = try #require(network.representation(after: 0)).group
    let strict = try network.initialParameters(seed: 4)
    for (parameters, isBent) in [(strict, false), (bent(strict), true)] {
      let here = try output(links, parameters)
      #expect(here.count == 2)
      for g in 1..<group.order {
        let operation = LatticeOperation(group.operations![g])
        // Numbers with charges: C exchanges the two.
        let moved = try output(links.image(under: operation), parameters)
        let expected = operation.conjugatesCharge ? [here[1], here[0]] : here
        let difference = zip(moved, expected).map { abs($0 - $1) }.max()!
        #expect(isBent ? difference > 1e-8 : difference < 1e-12, "\(group.labels[g]) \(difference)")
      }
      let turn = try PrimitiveCase(group: .su3, extents: [4, 4]).transformation()
      let turned = try output(links.transformed(by: turn), parameters)
      #expect(zip(turned, here).allSatisfy { abs($0 - $1) < 1e-12 })
    }
  }

  @Test func derivativesAreThoseOfDifferences() throws {
    let links = try PrimitiveCase(group: .su3, extents: [4, 4], batch: 2).links()
    let report = try checkGradients(
      at: links, bent(try network.initialParameters(seed: 4), by: 0.1), directions: 2, step: 0.0002
    ) { _, links, parameters in
      try network(links, parameters).sum()
    }
    #expect(report.relativeError < 1e-7 && report.untestedInputs.isEmpty, "\(report)")
  }

  @Test func descriptionsSurviveJSONAndTellSymmetriesApart() throws {
    let description = network.description
    #expect(try NetworkDescription(json: Data(description.json.utf8)) == description)
    var other = description
    other.symmetry = "B2"
    #expect(other != description && other.json != description.json)
    let plain = NetworkDescription(group: .su2, dimension: 2, layers: [LayerDescription(.corners)])
    #expect(!plain.json.contains("symmetry"))
  }

  @Test func strictWeightsAreReleasedIntoBanks() throws {
    var description = network.description
    for index in description.layers.indices {
      description.layers[index].relaxed = nil
      description.layers[index].banks = nil
      description.layers[index].weighting = nil
      description.layers[index].extents = nil
    }
    let strict = try GaugeNetwork<Double>(description)
    let start = try strict.initialParameters(seed: 8)
    let links = try PrimitiveCase(group: .su3, extents: [4, 4]).links()
    let tape = Tape()
    let expected = try strict(tape.constant(links), tape.constant(start)).value.values
    let found = try output(links, network.released(start))
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-13 })
    #expect(throws: AutodiffError.self) {
      _ = try strict.released(network.initialParameters(seed: 1))
    }
  }

  @Test func ordinaryLayersLoseWhatSharedOnesNeed() throws {
    func refusal(_ symmetry: String?, _ layers: [LayerDescription]) -> String {
      do {
        _ = try GaugeNetwork<Double>(
          NetworkDescription(group: .su2, dimension: 2, symmetry: symmetry, layers: layers))
        return "none"
      } catch {
        return "\(error)"
      }
    }
    var shared = LayerDescription(.sharedBilinear)
    (shared.channels, shared.labels) = (1, .corners)
    var plain = LayerDescription(.bilinear)
    plain.channels = 8
    let rest = [LayerDescription(.trace)]
    #expect(
      refusal(nil, [LayerDescription(.corners), shared] + rest)
        == "network: layer 2, sharedBilinear: expected the key 'symmetry' of the network, found none"
    )
    #expect(
      refusal("B2", [LayerDescription(.corners), plain, shared] + rest)
        == "layer 3, sharedBilinear: expected channels that carry a representation of B2 of order 8, "
        + "found 8 matrix channels that do not")
    #expect(
      refusal("B2", [LayerDescription(.plaquettes), shared] + rest)
        .contains("found 1 matrix channels that do not"))
    #expect(
      refusal("B2", [LayerDescription(.stout), LayerDescription(.corners), shared] + rest)
        .contains("links that do not keep it"))
    var residual = shared
    (residual.residual, residual.labels) = (true, .directions)
    #expect(
      refusal("B2", [LayerDescription(.corners), residual] + rest)
        == "layer 2, sharedBilinear, residual: expected 8 corners under B2 of order 8, "
        + "found 4 directions under B2 of order 8")
    #expect(refusal("B3", [LayerDescription(.corners), shared] + rest).contains("one on 2 axes"))
    shared.relaxed = [.charge]
    #expect(
      refusal("B2 x C", [LayerDescription(.corners), shared] + rest)
        .contains("expected what relaxes charge to be channels with charges, found 8 corners"))
    let text = Self.json.replacingOccurrences(
      of: #""labels": "directions""#, with: #""labels": "edges""#)
    #expect {
      _ = try NetworkDescription(json: Data(text.utf8))
    } throws: {
      "\($0)".contains("layer 8") && "\($0)".contains("found 'edges'")
    }
  }

  @Test func latticesThatDoNotCarryTheGroupAreRefused() throws {
    let links = try PrimitiveCase(group: .su3, extents: [4, 2]).links()
    #expect {
      _ = try output(links, network.initialParameters(seed: 1))
    } throws: {
      "\($0)".contains("sharedConvolution") && "\($0)".contains("no symmetry of a lattice 4x2")
    }
  }
}
