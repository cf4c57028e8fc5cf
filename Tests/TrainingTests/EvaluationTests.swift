import GaugeLayers
import Lattice
import TestSupport
import Testing
import Training

/// Mean squared errors against plain sums.
@Suite struct EvaluationTests {
  /// A network that pools two numbers, or one that has a number at every site.
  private func network(dimension: Int, isField: Bool) throws -> GaugeNetwork<Double> {
    var layers = [LayerDescription(.plaquettes), LayerDescription(.trace)]
    if !isField { layers.append(LayerDescription(.mean)) }
    layers.append(LayerDescription(.dense))
    layers[layers.count - 1].channels = isField ? 1 : 2
    return try GaugeNetwork(.init(group: .su2, dimension: dimension, layers: layers))
  }

  @Test(arguments: [false, true]) func errors(_ isField: Bool) throws {
    let extents = isField ? [2, 3, 2, 2] : [3, 4]
    let count = 37
    let field = try LinkField<Double>.hot(extents, .su2, batch: count)
    var store = ConfigurationStore<Double>(field.geometry, group: .su2)
    store.append(field)
    let targets = isField ? [Target.chargeDensityField] : [.wilsonLoop(1, 2), .polyakov]
    let data = try Dataset(store, targets)
    let network = try network(dimension: extents.count, isField: isField)
    let parameters = try network.initialParameters(seed: 2)
    let found = try Evaluation(network, parameters, data)
    #expect(found.lattice == extents && found.configurations == count)
    #expect(found.labelVariances == data.labelVariances)

    let tape = Tape()
    let (links, labels) = try data.batch(0..<count)
    let y = try network(tape.constant(links), tape.constant(parameters)).value
    let inner = isField ? field.geometry.volume : 1
    for t in targets.indices {
      var sum = 0.0
      for c in 0..<count {
        for k in 0..<inner {
          let place = (c * targets.count + t) * inner + k
          let d = y.values[place] - labels.values[place]
          sum += d * d
        }
      }
      let mean = sum / Double(count * inner)
      #expect(abs(found.meanSquaredErrors[t] - mean) < 1e-12 * mean)
    }
    #expect(found.loss == found.meanSquaredErrors.reduce(0, +) / Double(targets.count))
    let one = try Evaluation(network, parameters, data, first: 1)
    #expect(one.configurations == 1 && one.loss != found.loss)
  }
}
