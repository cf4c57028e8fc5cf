import Lattice
import TestSupport
import Testing
import Training

/// Configurations with labels, and how well networks predict them.
@Suite struct DatasetTests {
  private func store(_ extents: [Int], _ group: GaugeGroup, count: Int) throws
    -> ConfigurationStore<Double>
  {
    let field = try LinkField<Double>.hot(extents, group, batch: count)
    var store = ConfigurationStore<Double>(field.geometry, group: group)
    store.append(field)
    return store
  }

  @Test func batchesHaveTheirLabels() throws {
    // More than one part of 256 configurations.
    let data = try Dataset(
      try store([3, 2], .su2, count: 300), [try Target("W1x1"), .polyakov, try Target("W1x2")])
    let places = [299, 0, 256, 17]
    let (links, labels) = try data.batch(places)
    #expect(labels.shape == [4, 3] && links.batch == 4)
    for (t, target) in data.targets.enumerated() {
      let values = try target.values(links)
      for k in 0..<4 { #expect(labels[k, t] == values[k][0]) }
    }
    let all = try data.batch(0..<300).labels
    for t in 0..<3 {
      let column = (0..<300).map { all[$0, t] }
      let mean = column.reduce(0, +) / 300
      let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 300
      #expect(abs(data.labelVariances[t] - variance) < 1e-14)
    }
  }

  @Test func fieldsHaveALabelASite() throws {
    let data = try Dataset(try store([2, 3, 2, 2], .su2, count: 3), [.chargeDensityField])
    let (links, labels) = try data.batch([2, 1])
    #expect(labels.shape == [2, 1, 24])
    let values = try Target.chargeDensityField.values(links)
    for k in 0..<2 {
      for site in 0..<24 { #expect(labels[k, 0, site] == values[k][site]) }
    }
  }

  @Test func fieldsAndNumbersDoNotMix() throws {
    let store = try store([2, 2, 2, 2], .su2, count: 1)
    for targets in [[Target.chargeDensityField, .charge], []] {
      let error = try #require(throws: TrainingError.self) { try Dataset(store, targets) }
      #expect(error.exitStatus == 64)
    }
  }
}
