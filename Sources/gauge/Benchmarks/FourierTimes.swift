import Fourier
import Lattice
import Loops
import Sampling

/// Times transforms beside what FFTW itself takes for the same plans, spectral convolutions, and iterations of gauge
/// fixing.
struct FourierTimes<Scalar: FourierReal> {
  let threads: Int
  let seconds: Double
  /// What the names of the kernels to time begin with.
  let kernels: String

  /// What all names begin with.
  static var families: [String] { ["fourier", "spectral", "gaugeFixing"] }

  init(_ threads: Int, _ seconds: Double, _ kernels: String) {
    self.threads = threads
    self.seconds = seconds
    self.kernels = kernels
  }

  func rows() throws -> [BenchRow] {
    try [[64, 64], [32, 32, 32], [16, 16, 16, 16]].flatMap { try transforms($0) } + gaugeFixing()
  }

  private func transforms(_ extents: [Int]) throws -> [BenchRow] {
    let geometry = try Geometry(extents)
    let channels = 8
    var field = try PositionField<Scalar>(geometry, channels: channels)
    for c in 0..<channels {
      for x in 0..<geometry.volume { field[x, c] = Scalar((x * 7919 + c * 104_729) % 1000) / 1000 }
    }
    // Half of the modes in every direction with eight channels, all of them with four.
    func convolution(_ channels: Int, modes: [Int]?) throws -> SpectralConvolution<Scalar> {
      var layer = try SpectralConvolution<Scalar>(
        geometry, inputs: channels, outputs: channels, modes: modes)
      for k in layer.weights.indices { layer.weights[k] = Scalar((k * 7919) % 1000) / 1000 }
      return layer
    }
    let (all, half) = (
      try convolution(4, modes: nil), try convolution(8, modes: extents.map { $0 / 4 })
    )
    var four = try PositionField<Scalar>(geometry, channels: 4)
    for c in 0..<4 {
      for x in 0..<geometry.volume { four[x, c] = field[x, c] }
    }
    let planned = try PlannedTransform(field)
    // The transforms themselves fail for want of a plan only, and there is one.
    return [
      row("fourierTransform", extents, channels) { _ = try! field.fourierTransform() },
      row("fourierTransformPlanned", extents, channels) { planned.executeForward() },
      row("fourierBothWays", extents, channels) {
        _ = try! field.fourierTransform().inverseFourierTransform()
      },
      row("fourierBothWaysPlanned", extents, channels) { planned.executeBoth() },
      row("spectralConvolution", extents, channels) { _ = try! half(field) },
      row("spectralConvolutionAllModes", extents, 4) { _ = try! all(four) },
    ].compactMap { $0 }
  }

  private func gaugeFixing() throws -> [BenchRow] {
    let extents = [8, 8, 8, 8]
    var links = try LinkField<Scalar>(Geometry(extents), group: .su3)
    let heatBath = HeatBath(action: try WilsonAction(beta: 6, dimension: 4), seed: 1)
    for sweep in 0..<20 { heatBath.update(&links, sweep: UInt32(sweep)) }
    let methods: [(String, GaugeFixing.Method)] = [
      ("gaugeFixingDescent", .steepestDescent), ("gaugeFixingFourier", .fourierAcceleration),
      ("gaugeFixingOverrelaxation", .overrelaxation(omega: 1.7)),
    ]
    return try methods.compactMap { name, method in
      let iterations = 10
      let fixing = GaugeFixing(
        .landau, method: method, tolerance: 1e-300, maximumIterations: iterations)
      try fixing.validate()
      return row(name, extents, iterations, group: .su3) {
        var u = links
        _ = try! fixing.fix(&u)
      }
    }
  }

  /// - Parameter passes: over the lattice in one run.
  private func row(
    _ name: String, _ extents: [Int], _ passes: Int, group: GaugeGroup? = nil, _ body: () -> Void
  ) -> BenchRow? {
    guard name.hasPrefix(kernels) else { return nil }
    let sites = Double(extents.reduce(passes, *))
    return BenchRow(
      kernel: name, group: group?.description, precision: Scalar.precisionName, lattice: extents,
      threads: threads, nanosecondsPerSite: Machine.best(seconds: seconds, body) / sites,
      gigaflops: nil, fractionOfPeak: nil)
  }
}
