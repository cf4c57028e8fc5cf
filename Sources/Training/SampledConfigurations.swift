import Compute
import Lattice
import Loops
import Sampling

extension ConfigurationStore {
  /// Samples independent configurations of the Wilson action: each is the end of a chain of its own, a
  /// batch of chains side by side.
  ///
  /// - Parameters:
  ///   - count: configurations for every coupling.
  ///   - sweeps: updates, a heat-bath and four overrelaxation sweeps each, from a cold start.
  ///   - stream: which of the independent sets of a seed, such as one for training and one for the test.
  public static func sampled(
    _ geometry: Geometry, group: GaugeGroup, betas: [Double], count: Int, sweeps: Int, seed: UInt64,
    stream: Int
  ) throws -> ConfigurationStore {
    var store = ConfigurationStore(geometry, group: group)
    // Chains side by side until a batch fills some megabytes.
    let numbers = geometry.volume * geometry.dimension * 2 * group.n * group.n
    let batch = max(16, min(1024, (4 << 20) / numbers / 16 * 16))
    for (index, beta) in betas.enumerated() {
      let action = try WilsonAction(beta: beta, dimension: geometry.dimension)
      let overrelaxation = Overrelaxation(action: action)
      var part = 0
      for start in stride(from: 0, to: count, by: batch) {
        // Every chain has random numbers of its own.
        let words = RandomStream(seed: seed, purpose: .trainingData)
          .words(UInt32(stream), UInt32(index), UInt32(part), 0)
        let heatBath = HeatBath(action: action, seed: UInt64(words[0]) << 32 | UInt64(words[1]))
        var field = try LinkField<Scalar>(
          geometry, group: group, batch: min(batch, count - start))
        for sweep in 0..<sweeps {
          heatBath.update(&field, sweep: UInt32(sweep))
          for _ in 0..<4 { overrelaxation.update(&field) }
          if sweep % 10 == 9 { field.reunitarize() }
        }
        field.reunitarize()
        store.append(field)
        part += 1
      }
    }
    return store
  }
}
