import Autodiff
import Compute
import EquivariantLayers

/// Times group convolutions in single precision: C_4, 16 regular fields to 16 on 64^2 with a batch of 8, and O_h, 2 to 2
/// on 16^3; kernel 3; forward, and forward with backward to weights and inputs; strict and with three relaxed banks.
struct EquivariantTimes {
  let threads: Int
  let seconds: Double
  /// In single precision.
  let peak: Double
  /// What the names of the kernels to time begin with.
  let kernels: String

  func rows() throws -> [BenchRow] {
    try rows("C4", fields: 16, extents: [64, 64], batch: 8, productsOfTap: 4.0 / 9)
      + rows("Oh", fields: 2, extents: [16, 16, 16], batch: 1, productsOfTap: 1)
  }

  /// - Parameter productsOfTap: what Winograd's tiles leave of the products.
  private func rows(
    _ name: String, fields: Int, extents: [Int], batch: Int, productsOfTap: Double
  ) throws -> [BenchRow] {
    let group = try LatticeGroup(named: name, dimension: extents.count)
    let kernel = extents.map { _ in 3 }
    var rows = [BenchRow]()
    for (suffix, relaxation) in [("", Relaxation.none), ("Relaxed", Relaxation(banks: 3))] {
      let layer = try GroupConvolution(
        group, inputs: fields, outputs: fields, kernel: kernel, relaxation: relaxation)
      let parameters: Parameters<Float> = try layer.initialParameters(seed: 1)
      let channels = layer.input.channels
      let input = try Tensor<Float>.initialised(
        shape: [batch, channels] + extents, fanIn: 1, seed: 2, stream: 0)
      let cotangent = input.randomDirection(seed: 3)
      let nominal = Double(2 * channels * channels * kernel.reduce(1, *))
      func value(
        _ x: Variable<Tensor<Float>>, _ p: Variable<Parameters<Float>>
      ) -> Variable<Tensor<Float>> { try! layer(x, LayerWeights(p)) }
      func row(_ kernel: String, _ passes: Double, _ body: () -> Void) {
        guard kernel.hasPrefix(kernels) else { return }
        let sites = Double(extents.reduce(batch, *))
        let time = Machine.best(seconds: seconds, body) / sites
        rows.append(
          BenchRow(
            kernel: kernel, group: name, precision: Float.precisionName, lattice: extents,
            threads: threads, nanosecondsPerSite: time, gigaflops: passes * nominal / time,
            fractionOfPeak: passes * nominal * productsOfTap / time / (peak * Double(threads))))
      }
      row("groupConvolutionForward" + suffix, 1) {
        let tape = Tape()
        _ = value(tape.constant(input), tape.constant(parameters))
      }
      row("groupConvolutionBackward" + suffix, 3) {
        let tape = Tape()
        let (x, p) = (tape.variable(input), tape.variable(parameters))
        let gradients = tape.gradients(of: value(x, p), cotangent: cotangent)
        _ = (gradients[x], gradients[p])
      }
    }
    return rows
  }
}
