import Compute
import Foundation
import Lattice
import Loops
import TestSupport
import Testing

@Suite("Gradient flow")
struct GradientFlowTests {
  @Test("links and energies of reference data", .enabled(if: ReferenceVectors.areEnabled))
  func reference() throws {
    for name in ReferenceVectors.names {
      for kind in ["hot", "smooth"] {
        let v = try ReferenceVectors(name)
        var u = try v.links("\(kind)_U")
        let flow = GradientFlow.wilson(u.group, dimension: u.dimension)
        let run = try flow.run(&u, to: 0.1, .fixed(0.01))
        #expect(run.steps == 10)
        let expected = v["\(kind)_flow_t0.1"]
        #expect(u.largestDifference { v.matrix(expected, $1, $0) } < 1e-12)
        let last = run.rows[0].last!
        #expect(last.time == 0.1)
        #expect(abs(last.clover.energy - v.number("\(kind)_Eclov_t0.1")) < 1e-12)
        #expect(abs(last.energyPlaquette - v.number("\(kind)_Eplaq_t0.1")) < 1e-12)
      }
    }
  }

  /// Tables of another code, links reunitarised by rows, step 0.01.
  @Test(
    "tables of MILC", .enabled(if: SharedFolder.runs("configs")),
    arguments: [
      (
        "lat.sample.l8888",
        [
          [0, 1.00077610749213, 1.00149264189389, 0.0187416594424615],
          [0.1, 0.728390757332117, 0.739956141674821, -0.0116793763618074],
          [0.5, 0.153096991414683, 0.157062745461311, -0.0482976494597382],
          [1, 0.0514843388621829, 0.0532561976095514, -0.00818028660463716],
        ]
      ),
      (
        "lat.sample.l4448",
        [
          [0, 1.0578659327458, 1.03093499840356, 0.0955428709582442],
          [0.1, 0.789448915530706, 0.764403364784185, 0.0386513733173978],
          [0.5, 0.152551448283595, 0.125735009743541, 0.00569325262884753],
        ]
      ),
    ])
  func tables(_ file: String, _ table: [[Double]]) throws {
    var u = try ConfigurationReader.read(
      SharedFolder.url.appendingPathComponent("configs/\(file)").path, as: Double.self
    ).field
    u.reunitarize(.rows)
    let run = try GradientFlow.wilson(.su3, dimension: 4).run(
      &u, to: table.last![0], .fixed(0.01))
    for row in table {
      let found = try #require(run.rows[0].first { abs($0.time - row[0]) < 1e-12 })
      #expect(abs(found.clover.energyTemporal - row[1]) < 1e-10)
      #expect(abs(found.clover.energySpatial - row[2]) < 1e-10)
      #expect(abs(found.clover.charge! - row[3]) < 1e-10)
    }
  }

  @Test(
    "third order, and an estimate of third order that bounds the error",
    arguments: [GaugeGroup.u1, .su2, .su3, .su4])
  func order(_ group: GaugeGroup) throws {
    var u = try LinkField<Double>(Geometry([4, 3, 4]), group: group)
    u.setNearUnit(epsilon: 0.6, seed: 3)
    let flow = GradientFlow.wilson(group, dimension: 3)
    func flowed(_ steps: Int) throws -> LinkField<Double> {
      var v = u
      _ = try flow.run(&v, to: 0.4, .fixed(0.4 / Double(steps)))
      return v
    }
    let exact = try flowed(320)
    let errors = try [10, 20].map { try flowed($0).largestLinkDistance(to: exact) }
    #expect(abs(log2(errors[0] / errors[1]) - 3) < 0.4)

    var a = AlgebraField<Double>(layout: u.layout, group: group)
    var estimates = [Double]()
    for h in [0.04, 0.02] {
      var (v, start) = (u, u)
      estimates.append(flow.stepWithError(&v, by: h, accumulator: &a, start: &start))
      #expect(start.largestLinkDistance(to: u) == 0)
      var w = u
      flow.step(&w, by: h, accumulator: &a)
      #expect(v.largestLinkDistance(to: w) == 0)
    }
    #expect(abs(log2(estimates[0] / estimates[1]) - 3) < 0.4)
  }

  @Test("adaptive steps meet their tolerance, grow, and end at every row")
  func adaptive() throws {
    var u = try LinkField<Double>(Geometry([4, 4, 4, 4]), group: .su3)
    u.setNearUnit(epsilon: 0.8, seed: 3)
    let flow = GradientFlow.wilson(.su3, dimension: 4)
    var v = u
    let exact = try flow.run(&v, to: 1, .fixed(0.005))
    for (tolerance, bound) in [(1e-4, 2e-4), (1e-6, 3e-6)] {
      var w = u
      let run = try flow.run(
        &w, to: 1, .adaptive(tolerance: tolerance, longest: 0.5), measuringEvery: 0.25)
      #expect(run.rows[0].map(\.time) == [0, 0.25, 0.5, 0.75, 1])
      #expect(run.steps < (tolerance < 1e-5 ? 250 : 60))
      #expect(run.largestStepError <= tolerance)
      let (e, f) = (run.rows[0].last!.clover.energy, exact.rows[0].last!.clover.energy)
      #expect(abs(e / f - 1) < bound)
    }
  }

  @Test("times: fractions of a step, rows between steps, bad numbers")
  func times() throws {
    var u = try LinkField<Double>.hot([4, 4], .su2)
    let flow = GradientFlow.wilson(.su2, dimension: 2)
    let run = try flow.run(&u, to: 0.25, .fixed(0.1), measuringEvery: 0.15)
    #expect(run.rows[0].map(\.time) == [0, 0.15, 0.25])
    #expect(run.steps == 4)
    #expect(throws: FlowError.self) { try flow.run(&u, to: -1, .fixed(0.1)) }
    #expect(throws: FlowError.self) { try flow.run(&u, to: 1, .fixed(.nan)) }
    #expect(throws: FlowError.self) { try flow.run(&u, to: 1, .fixed(0)) }
    // More steps than memory has room for.
    #expect(throws: FlowError.self) { try flow.run(&u, to: 1e300, .fixed(1e-300)) }
    #expect(throws: FlowError.self) {
      try flow.run(&u, to: 1e12, .adaptive(tolerance: 1e-3, longest: 1), measuringEvery: 0.1)
    }
    #expect(throws: FlowError.self) {
      try flow.run(&u, to: 1, .adaptive(tolerance: 0, longest: 0.1))
    }
    #expect(throws: FlowError.self) { try flow.run(&u, to: 1, .fixed(0.1), measuringEvery: 0) }
  }

  @Test("a step far too long is told by the estimate")
  func lost() throws {
    var u = try LinkField<Double>.hot([4, 4, 4, 4], .su3)
    let run = try GradientFlow.wilson(.su3, dimension: 4).run(&u, to: 2, .fixed(0.5))
    #expect(run.largestStepError > 0.05)
  }

  @Test("members of a batch flow as if alone; threads do not show")
  func batches() throws {
    defer { Threads.count = 2 }
    var u = try LinkField<Double>.hot([8, 4, 6], .su3, batch: 3, seed: 5)
    let flow = GradientFlow.wilson(.su3, dimension: 3)
    var alone = try u.alone(1)
    var again = u
    Threads.count = 1
    let rows = try flow.run(&u, to: 0.1, .fixed(0.02)).rows
    Threads.count = 2
    let others = try flow.run(&again, to: 0.1, .fixed(0.02)).rows
    #expect(rows == others)
    #expect(u.largestLinkDistance(to: again) == 0)
    let single = try flow.run(&alone, to: 0.1, .fixed(0.02)).rows[0]
    for (a, b) in zip(rows[1], single) {
      #expect(abs(a.clover.energy - b.clover.energy) < 1e-12)
    }
  }

  @Test("scales of a known curve, and none where there is none")
  func scales() throws {
    // t^2 E = c t^2: E constant, t0 = sqrt(0.3 / c), t d/dt = 2 c t^2, w0^2 = sqrt(0.15 / c).
    let times = stride(from: 0.0, through: 4, by: 0.1).map { $0 }
    let c = 0.05
    let scales = FlowScales(times: times, energies: times.map { _ in c }, group: .su3)
    #expect(abs(scales.t0! - (0.3 / c).squareRoot()) < 1e-12)
    #expect(abs(scales.w0! - (0.15 / c).squareRoot().squareRoot()) < 1e-12)
    #expect(FlowScales(times: times, energies: times.map { _ in c }, group: .u1).t0 == nil)
    let short = Array(times.prefix(10))
    let none = FlowScales(times: short, energies: short.map { _ in c }, group: .su3)
    #expect(none.t0 == nil && none.w0 == nil)
    #expect(abs(FlowScales.threshold(.su3)! - 0.3) < 1e-15)
    #expect(abs(FlowScales.threshold(.su2)! - 0.16875) < 1e-15)
  }
}
