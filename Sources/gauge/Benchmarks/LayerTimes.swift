import Compute
import GaugeLayers
import Lattice

/// Times the merged convolution-bilinear layer, 8 -> 8 channels, kernel 2 with centre, forward only: on
/// 16^2 with a batch of 16, or on 8^4.
struct LayerTimes<Scalar: LatticeReal> {
  let group: GaugeGroup
  let dimension: Int
  let threads: Int
  let seconds: Double
  let peak: Double
  /// What the names of the kernels to time begin with.
  let kernels: String

  init(
    _ group: GaugeGroup, _ dimension: Int, _ threads: Int, _ seconds: Double, _ peak: Double,
    _ kernels: String
  ) {
    self.kernels = kernels
    self.group = group
    self.dimension = dimension
    self.threads = threads
    self.seconds = seconds
    self.peak = peak
  }

  func rows() throws -> [BenchRow] {
    let extents = dimension == 2 ? [16, 16] : [8, 8, 8, 8]
    let batch = dimension == 2 ? 16 : 1
    var links = try LinkField<Scalar>(Geometry(extents), group: group, batch: batch)
    links.setHaarRandom(seed: 1)
    let input = SiteField<Scalar>(layout: links.layout, group: group, channels: 8)
      .randomDirection(seed: 1)
    let cotangent = input.randomDirection(seed: 2)
    let kernel = try TransportKernel(size: 2)
    let terms = kernel.termCount(dimension: dimension)
    let weight = try Tensor<Scalar>(shape: [8, 17, 16 * terms + 1]).randomDirection(seed: 3)

    // Mixing, products with the left channels, transports; multiply and add count apart.
    let (n, pairs) = (Double(group.n), Double(8 * 17))
    let product = 8 * n * n * n
    let mixing = pairs * Double(8 * terms) * n * n * 4
    let transports = Double(8 * (terms - 1)) * 2 * product
    let forward = mixing + 128 * product + transports
    let both = 3 * mixing + 256 * product + 2 * transports + mixing + transports

    func value(_ tape: Tape, _ w: Variable<SiteField<Scalar>>, _ a: Variable<Tensor<Scalar>>) throws
      -> Variable<SiteField<Scalar>>
    {
      try w.convolutionBilinear(links: tape.constant(links), weight: a, kernel: kernel)
    }
    return [
      row("convolutionBilinearForward", extents, batch, forward) {
        let tape = Tape()
        _ = try! value(tape, tape.constant(input), tape.constant(weight))
      },
      row("convolutionBilinearBackward", extents, batch, both) {
        let tape = Tape()
        let (w, a) = (tape.variable(input), tape.variable(weight))
        let z = try! value(tape, w, a)
        let gradients = tape.gradients(of: z, cotangent: cotangent)
        _ = (gradients[w], gradients[a])
      },
    ].compactMap { $0 }
  }

  private func row(
    _ name: String, _ extents: [Int], _ batch: Int, _ executed: Double, _ body: () -> Void
  ) -> BenchRow? {
    guard name.hasPrefix(kernels) else { return nil }
    let sites = Double(extents.reduce(batch, *))
    let time = Machine.best(seconds: seconds, body) / sites
    return BenchRow(
      kernel: name, group: group, precision: Scalar.precisionName, lattice: extents,
      threads: threads, nanosecondsPerSite: time, gigaflops: executed / time,
      fractionOfPeak: executed / time / (peak * Double(threads)))
  }
}
