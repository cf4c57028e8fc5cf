import Foundation
import GaugeLayers
import GaugeTesting
import Loops
import Testing

/// Failures shrink to the smallest lattice and the simplest transformation, always the same ones.
@Suite("Shrinking and the adversary", .serialized)
struct ShrinkingTests {
  @Test("the smallest lattice, group, field and transformation")
  func smallest() throws {
    var plan = CheckPlan(seed: 5)
    plan.groups = [.su3]
    plan.lattices = [[4, 4, 3, 5], [2, 3, 4, 3]]
    let code = { (u: PlainLinks) in u.meanPlaquette(.missingDagger) }
    let report = CheckSuite.gauge(.observable("action", code), plan)
    let smallest = try #require(report.smallest)
    // Dimensions and groups stay those of the plan.
    #expect(smallest.setting == "SU(3) on 2x2x2x2, double precision", "\(report)")
    #expect(smallest.input == "unit links", "\(report)")
    #expect(
      smallest.transformation
        == "the gauge transformation diag(i, -i) in colours 0 and 1 at site [0, 0, 0, 0] alone",
      "\(report)")
    #expect(report.found!.setting == "SU(3) on 2x3x4x3, double precision")
    #expect(CheckSuite.gauge(.observable("action", code), plan) == report)
  }

  @Test("what shows on larger lattices only is not shrunk below them")
  func larger() throws {
    var plan = CheckPlan(.su2, [5, 4], seed: 6)
    plan.lattices.append([2, 2])
    let report = CheckSuite.gauge(
      .observable("action") { (u: PlainLinks) in
        u.extents[0] > 2 ? u[u.volume - 1, 1][0, 1].real : u.meanPlaquette()
      }, plan)
    let smallest = try #require(report.smallest)
    #expect(smallest.setting.contains("SU(2) on 3x3"), "\(report)")
    #expect(smallest.transformation.contains("at site"), "\(report)")
  }

  @Test("translations and axes")
  func others() throws {
    let place = CheckSuite.translation(
      .observable("place") { (u: PlainLinks) in u.plaquette(3, 0, 1, nil).trace },
      CheckPlan(.su3, [4, 3, 2]))
    #expect(place.smallest!.transformation == "a translation by [1, 0, 0]", "\(place)")
    let axes = CheckSuite.lattice(
      .observable("plane") { (u: PlainLinks) in
        (0..<u.volume).reduce(0) { $0 + u.plaquette($1, 0, 1, nil).trace.real }
      }, CheckPlan(.su3, [4, 3, 2]))
    #expect(axes.smallest!.transformation == "y->z, z->y", "\(axes)")
  }

  @Test("the budget of calls is kept")
  func budget() {
    var plan = CheckPlan(seed: 7)
    plan.shrinkingCalls = 20
    let report = CheckSuite.gauge(
      .observable("links") { (u: PlainLinks) in u.elements[0] }, plan)
    #expect(report.isBroken && report.calls < 100, "\(report)")
  }

  @Test("an adversary without gradient finds what fixed transformations miss")
  func random() {
    // Visible only where the first link is close to one matrix that fixed kinds seldom come near.
    let code = CheckedCode.observable("hidden") { (u: PlainLinks) in
      let distance = (u[0, 0] - u.hiddenPlace).frobeniusNorm
      // Far away its slope is below the tolerance.
      return u.meanPlaquette() + 1.2e-13 * exp(-distance * distance / 4) + max(0, 0.4 - distance)
    }
    var (missed, caught) = (0, 0)
    for seed in 1...8 {
      var plan = CheckPlan(.su2, [2, 2], seed: UInt64(seed))
      plan.precisions = [.double]
      plan.inputs = [.haar, .nearUnit(0.2)]
      plan.adversarySteps = 0
      guard CheckSuite.gauge(code, plan).holds else { continue }
      missed += 1
      plan.adversarySteps = 400
      let report = CheckSuite.gauge(code, plan)
      if report.isBroken, "\(report)".contains("an adversary found") { caught += 1 }
    }
    #expect(missed >= 4 && 2 * caught > missed, "\(caught) of \(missed)")
  }

  @Test("an adversary on a tape climbs by gradient")
  func gradient() throws {
    func plaquette(_ u: Variable<LinkField<Double>>) throws -> Variable<Tensor<Double>> {
      try u.plaquettes().realTraces().meanOverSites()
    }
    // The eighth power of m, the mean of Re tr U / 2: some 0.06 whatever fixed transformations do to
    // random links, so that it is below the tolerance, and near 0.8 in Landau gauge.
    func hidden(_ u: Variable<LinkField<Double>>) throws -> Variable<Tensor<Double>> {
      let links = u.value
      let unit = LinkField<Double>(layout: links.layout, group: links.group)
      let weights = Tape().constant(unit).images().value
      let count = Double(links.geometry.volume * links.dimension)
      let m = try u.images().multiplied(by: u.tape.constant(weights)).sum().scaled(
        by: 0.5 / count)
      let power = try m.squared().squared().squared().reshaped(to: [1, 1])
      return try power.adding(try plaquette(u).adding(2))
    }
    for seed in 1...4 {
      var plan = CheckPlan(.su2, [6, 6], seed: UInt64(seed))
      plan.precisions = [.double]
      plan.inputs = [.haar]
      plan.tolerance = .relative(5e-6)
      plan.adversarySteps = 0
      let fixed = CheckSuite.gauge(.model("hidden", hidden), plan)
      #expect(fixed.holds, "\(fixed)")
      plan.adversarySteps = 30
      let climbed = CheckSuite.gauge(.model("hidden", hidden), plan)
      let found = try #require(climbed.found, "\(climbed)")
      #expect(climbed.isBroken && found.excess > 1000, "\(climbed)")
      #expect(found.transformation == "a transformation that an adversary found", "\(climbed)")
      // The same effort without the gradient does not get there.
      let random = CheckSuite.gauge(
        .observable("hidden") { (u: LinkField<Double>) in
          try hidden(Tape().constant(u)).value.values
        }, plan)
      #expect((random.found?.excess ?? 0) < found.excess / 10, "\(random)")
      expectGaugeInvariant(.model("mean plaquette", plaquette), plan)
    }
  }
}

extension PlainLinks {
  /// A matrix of SU(2).
  fileprivate var hiddenPlace: ComplexMatrix {
    ComplexMatrix(n: 2) { i, j in
      i == j ? Complex(0, i == 0 ? 0.8 : -0.8) : Complex(i == 0 ? 0.6 : -0.6)
    }
  }
}
