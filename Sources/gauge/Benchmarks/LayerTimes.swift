import Compute
import GaugeLayers
import Lattice

/// Times the merged convolution-bilinear layer, 8 -> 8 channels, kernel 2 with centre, on 16^2 with a batch
/// of 16, or on 8^4: forward; forward and backward to weights and inputs; the same with links.
struct LayerTimes<Scalar: LatticeReal> {
  let group: GaugeGroup
  let dimension: Int
  let threads: Int
  let seconds: Double
  let peak: Double
  /// What the names of the kernels to time begin with.
  let kernels: String
  /// What the process held before any kernel ran, in MiB.
  let memory: Double?

  init(
    _ group: GaugeGroup, _ dimension: Int, _ threads: Int, _ seconds: Double, _ peak: Double,
    _ kernels: String, _ memory: Double?
  ) {
    self.kernels = kernels
    self.memory = memory
    self.group = group
    self.dimension = dimension
    self.threads = threads
    self.seconds = seconds
    self.peak = peak
  }

  /// 4096 sites.
  func rows() throws -> [BenchRow] {
    try dimension == 2 ? rows([16, 16], batch: 16, "") : rows([8, 8, 8, 8], batch: 1, "")
  }

  /// Sixteen times as many sites, and as many members, in two dimensions: the cost of a site should be the same.
  func largerRows() throws -> [BenchRow] {
    try rows([64, 64], batch: 16, "ManySites") + rows([16, 16], batch: 256, "ManyMembers")
  }

  /// - Parameter suffix: of the kernels' names.
  private func rows(_ extents: [Int], batch: Int, _ suffix: String) throws -> [BenchRow] {
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

    func value(
      _ w: Variable<SiteField<Scalar>>, _ u: Variable<LinkField<Scalar>>,
      _ a: Variable<Tensor<Scalar>>
    ) -> Variable<SiteField<Scalar>> {
      try! w.convolutionBilinear(links: u, weight: a, kernel: kernel)
    }
    return [
      row("convolutionBilinearForward" + suffix, extents, batch, forward) {
        let tape = Tape()
        _ = value(tape.constant(input), tape.constant(links), tape.constant(weight))
      },
      row("convolutionBilinearBackward" + suffix, extents, batch, both) {
        let tape = Tape()
        let (w, a) = (tape.variable(input), tape.variable(weight))
        let gradients = tape.gradients(
          of: value(w, tape.constant(links), a), cotangent: cotangent)
        _ = (gradients[w], gradients[a])
      },
      row("convolutionBilinearLinkGradients" + suffix, extents, batch, nil) {
        let tape = Tape()
        let (w, u, a) = (tape.variable(input), tape.variable(links), tape.variable(weight))
        let gradients = tape.gradients(of: value(w, u, a), cotangent: cotangent)
        _ = (gradients[w], gradients[u], gradients[a])
      },
    ].compactMap { $0 }
  }

  private func row(
    _ name: String, _ extents: [Int], _ batch: Int, _ executed: Double?, _ body: () -> Void
  ) -> BenchRow? {
    guard name.hasPrefix(kernels) else { return nil }
    let sites = Double(extents.reduce(batch, *))
    let time = Machine.best(seconds: seconds, body) / sites
    return BenchRow(
      kernel: name, group: group.description, precision: Scalar.precisionName, lattice: extents,
      threads: threads, nanosecondsPerSite: time, gigaflops: executed.map { $0 / time },
      fractionOfPeak: executed.map { $0 / time / (peak * Double(threads)) },
      peakMebibytes: Machine.peakMebibytes(above: memory, body))
  }
}
