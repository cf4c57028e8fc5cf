import ArgumentParser
import Compute
import Foundation
import Fourier
import Groups
import Lattice
import LatticeSymmetry
import Loops
import Sampling

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Time the kernels, with the machine's FMA peak and stream bandwidth beside them.",
    discussion: """
      Every row is the shortest of many runs. Heat bath and overrelaxation are times for all links of
      a site. Run it on a quiet machine.

      EXAMPLE
        gauge bench --threads 1
      """)

  @Option(help: "Seconds for every row.")
  var seconds = 0.6

  @Flag(help: "The rows of SU(3) in double precision only.")
  var short = false

  @Option(help: "Only kernels whose names begin so, such as convolution.")
  var kernels = ""

  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.apply()
    try reporting {
      guard seconds.isFinite, seconds > 0 else {
        throw UsageError("--seconds: expected a positive number, found \(seconds)")
      }
    }
    let memory = Machine.memory("VmRSS")
    let peak = Machine.peakGigaflops()
    let stream = Machine.streamGigabytes()
    let wantsLayers = "convolution".hasPrefix(kernels) || kernels.hasPrefix("convolution")
    let families = FourierTimes<Double>.families
    let wantsFourier = families.contains { $0.hasPrefix(kernels) || kernels.hasPrefix($0) }
    let wantsEquivariant =
      "groupConvolution".hasPrefix(kernels) || kernels.hasPrefix("groupConvolution")
    let wantsLattices = !(families + ["convolution", "groupConvolution"]).contains {
      kernels.hasPrefix($0)
    }
    let threads = common.threads.map { [$0] } ?? [1, 2]
    var rows = [BenchRow]()
    if !common.json {
      print("FMA peak \(fixed(peak, 1)) GF/s, stream \(fixed(stream, 1)) GB/s, one core")
      print(BenchRow.header)
    }
    func add(_ new: [BenchRow]) {
      rows += new
      if !common.json { for row in new { print(row.text) } }
    }
    for count in threads where wantsLattices {
      Threads.count = count
      for extent in [8, 16] {
        add(try KernelTimes<Double>(.su3, extent, count, seconds, peak, kernels).rows())
      }
    }
    if !short, wantsLattices {
      for count in threads {
        Threads.count = count
        for extent in [8, 16] {
          add(try KernelTimes<Float>(.su3, extent, count, seconds, 2 * peak, kernels).rows())
        }
        for group in [GaugeGroup.u1, .su2, .su4] {
          add(try KernelTimes<Double>(group, 8, count, seconds, peak, kernels).rows())
        }
      }
    }
    for count in threads where wantsLayers {
      Threads.count = count
      if !short {
        add(try LayerTimes<Float>(.su2, 2, count, seconds, 2 * peak, kernels, memory).rows())
        add(try LayerTimes<Float>(.su2, 2, count, seconds, 2 * peak, kernels, memory).largerRows())
        add(try LayerTimes<Float>(.su3, 2, count, seconds, 2 * peak, kernels, memory).rows())
        add(try LayerTimes<Float>(.su3, 4, count, seconds, 2 * peak, kernels, memory).rows())
      }
      add(try LayerTimes<Double>(.su3, 4, count, seconds, peak, kernels, memory).rows())
    }
    for count in threads where wantsFourier {
      Threads.count = count
      add(try FourierTimes<Double>(count, seconds, kernels).rows())
      if !short { add(try FourierTimes<Float>(count, seconds, kernels).rows()) }
    }
    for count in threads where wantsEquivariant && !short {
      Threads.count = count
      let times = EquivariantTimes(
        threads: count, seconds: seconds, peak: 2 * peak, kernels: kernels)
      add(try times.rows())
    }
    try reporting {
      guard !rows.isEmpty else {
        throw UsageError("--kernels: expected the beginning of a kernel's name, found '\(kernels)'")
      }
    }
    if common.json {
      printJSON(
        .object([
          ("peakGigaflops", .number(peak)), ("streamGigabytes", .number(stream)),
          ("instructionSet", .string(instructionSetName)),
          ("rows", .array(rows.map(\.json))),
        ]))
    }
  }
}

/// One timed kernel.
struct BenchRow {
  let kernel: String
  /// The gauge group or that of the lattice; nil where there is none.
  let group: String?
  let precision: String
  let lattice: [Int]
  let threads: Int
  let nanosecondsPerSite: Double
  /// By the nominal count of operations; nil where there is none.
  let gigaflops: Double?
  /// By the operations that are executed.
  let fractionOfPeak: Double?
  /// The memory of the kernel with all it works on; nil where it is not measured.
  var peakMebibytes: Double?

  static let header =
    "kernel                                      group   bits  lattice        threads   ns/site"
    + "    GF/s  of peak   MiB"

  var text: String {
    func pad(_ s: String, _ width: Int) -> String {
      s + String(repeating: " ", count: max(1, width - s.count))
    }
    func right(_ s: String, _ width: Int) -> String {
      String(repeating: " ", count: max(1, width - s.count)) + s
    }
    return pad(kernel, 44) + pad(group ?? "", 8) + pad(precision, 6)
      + pad(lattice.map(String.init).joined(separator: "x"), 15) + right("\(threads)", 7)
      + right(fixed(nanosecondsPerSite, 1), 10)
      + right(gigaflops.map { fixed($0, 1) } ?? "", 8)
      + right(fractionOfPeak.map { fixed(100 * $0, 0) + " %" } ?? "", 9)
      + (peakMebibytes.map { right(fixed($0, 0), 6) } ?? "")
  }

  var json: JSONValue {
    .object([
      ("kernel", .string(kernel)), ("group", group.map { .string($0) } ?? .null),
      ("precision", .string(precision)), ("lattice", .ints(lattice)), ("threads", .int(threads)),
      ("nanosecondsPerSite", .number(nanosecondsPerSite)), ("gigaflops", .number(gigaflops)),
      ("fractionOfPeak", .number(fractionOfPeak)), ("peakMebibytes", .number(peakMebibytes)),
    ])
  }
}

/// Times the kernels of one group, precision and lattice on thermalised links.
struct KernelTimes<Scalar: LatticeReal> {
  let group: GaugeGroup
  let extents: [Int]
  let threads: Int
  let seconds: Double
  let peak: Double
  /// What the names of the kernels to time begin with.
  let kernels: String

  init(
    _ group: GaugeGroup, _ extent: Int, _ threads: Int, _ seconds: Double, _ peak: Double,
    _ kernels: String
  ) {
    self.kernels = kernels
    self.group = group
    extents = Array(repeating: extent, count: 4)
    self.threads = threads
    self.seconds = seconds
    self.peak = peak
  }

  func rows() throws -> [BenchRow] {
    let n = Double(group.n)
    // beta = 6 for SU(3), scaled so that the field is about as rough for the other groups.
    let action = try WilsonAction(beta: group == .u1 ? 1.1 : 6 * n * n / 9, dimension: 4)
    let heatBath = HeatBath(action: action, seed: 1)
    let overrelaxation = Overrelaxation(action: action)
    var field = try LinkField<Scalar>(Geometry(extents), group: group)
    var sweep: UInt32 = 0
    func heat() {
      heatBath.update(&field, sweep: sweep)
      sweep += 1
    }
    for _ in 0..<6 {
      heat()
      overrelaxation.update(&field)
    }
    // A product of two matrices and the real trace of one; nominally 4 products share nothing.
    let product = 8 * n * n * n - 2 * n * n
    let trace = 4 * n * n - 1
    let plaquetteExecuted = 6 * (2 * product + trace + 1)
    let plaquetteNominal = group == .su3 ? 2592 : plaquetteExecuted
    // Per link 12 products for the staples, with 5 additions of matrices, and one with the link.
    let staples = 4 * (13 * product + 5 * 2 * n * n)
    // Three products and three projections of half the size a plaquette.
    let force = 6 * 4.5 * product
    let forceNominal = group == .su3 ? 10656 : staples
    let update = 4 * 2 * product
    var momenta = AlgebraField<Scalar>(layout: field.layout, group: group)
    momenta.setGaussian(seed: 1)
    var moving = field
    func kick() { action.addForce(of: moving, times: -0.0125, to: &momenta) }
    func drift() { moving.multiplyByExponential(of: momenta, times: 0.025) }
    let flow = GradientFlow.wilson(group, dimension: 4)
    var flowing = field
    var accumulator = AlgebraField<Scalar>(layout: field.layout, group: field.group)
    let improved = try ImprovedAction.symanzik(beta: 1, dimension: 4)
    let theta = try ThetaAction(theta: 1, dimension: 4)
    return [
      row("plaquette", plaquetteNominal, plaquetteExecuted) { _ = field.planePlaquettes() },
      row("wilsonForce", forceNominal, force) { kick() },
      row("rectangleForce", nil, nil) {
        improved.rectangles.addForce(of: moving, times: -0.0125, to: &momenta)
      },
      row("thetaForce", nil, nil) { theta.addForce(of: moving, times: -0.0125, to: &momenta) },
      row("omelyanStep", 2 * (forceNominal + update), 2 * (force + update)) {
        kick()
        drift()
        kick()
        drift()
      },
      row("wilsonFlowStep", 3 * (forceNominal + update), 3 * (force + update)) {
        flow.step(&flowing, by: 0.01, accumulator: &accumulator)
      },
      row("cloverCharge", nil, nil) { _ = field.cloverObservables() },
      row("heatBath", staples, staples) { heat() },
      row("overrelaxation", staples, staples) { overrelaxation.update(&field) },
      row("copyLinks", nil, nil) { _ = field.buffer.copy() },
      row("latticeRotation", nil, nil) { _ = try! field.image(under: Self.rotation) },
    ].compactMap { $0 }
  }

  /// Turns every axis, and exchanges one that is divided among lanes with one that is not.
  private static var rotation: LatticeOperation {
    LatticeOperation(try! SignedPermutation("x->y, y->-x, z->t, t->-z", dimension: 4))
  }

  private func row(
    _ name: String, _ nominal: Double?, _ executed: Double?, _ body: () -> Void
  ) -> BenchRow? {
    guard name.hasPrefix(kernels) else { return nil }
    let volume = Double(extents.reduce(1, *))
    let time = Machine.best(seconds: seconds, body) / volume
    return BenchRow(
      kernel: name, group: group.description, precision: Scalar.precisionName, lattice: extents,
      threads: threads, nanosecondsPerSite: time, gigaflops: nominal.map { $0 / time },
      fractionOfPeak: executed.map { $0 / time / (peak * Double(threads)) })
  }
}
