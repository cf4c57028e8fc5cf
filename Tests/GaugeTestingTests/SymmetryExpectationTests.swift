import GaugeTesting
import Testing

/// Right code passes and planted mistakes are caught, through plain arrays, our fields and a user's own.
@Suite("Expectations of symmetries", .serialized)
struct SymmetryExpectationTests {
  static let small: CheckPlan = {
    var plan = CheckPlan(seed: 3)
    plan.lattices = [[3, 3], [2, 3], [3, 2, 4]]
    return plan
  }()

  @Test("right observables pass, whatever the field type")
  func right() {
    expectGaugeInvariant("plaquette", Self.small) { (u: PlainLinks) in u.meanPlaquette() }
    expectGaugeInvariant("plaquette", Self.small) { (u: LinkField<Double>) in u.plaquette() }
    expectGaugeInvariant("plaquette", Self.small) { (u: LinkField<Float>) in u.plaquette() }
    expectGaugeInvariant("plaquette", Self.small) { (u: OwnField) in
      try u.plain.meanPlaquette()
    }
    expectTranslationCovariant("plaquette", Self.small) { (u: OwnField) in
      try u.plain.meanPlaquette()
    }
    expectLatticeCovariant("plaquette", Self.small) { (u: PlainLinks) in u.meanPlaquette() }
    expectChargeConjugationCovariant("plaquette", Self.small) { (u: PlainLinks) in
      u.meanPlaquette()
    }
    expectChargeConjugationCovariant("Polyakov loop", parity: .conjugate, Self.small) {
      (u: PlainLinks) in u.polyakovLoop()
    }
    expectGaugeInvariant("Polyakov loop", Self.small) { (u: PlainLinks) in u.polyakovLoop() }
  }

  @Test("an expectation records an issue where it fails, with the whole finding")
  func issues() {
    withKnownIssue {
      expectGaugeInvariant("links", Self.small) { (u: PlainLinks) in u.elements[0] }
    } matching: { issue in
      let text = issue.comments.map(\.rawValue).joined()
      return text.contains("links: gauge symmetry is BROKEN") && text.contains("seed 3")
        && text.contains("smallest example: U(1) on 2x2")
    }
    withKnownIssue {
      expectTranslationCovariant(
        .observable("a place") { (u: PlainLinks) in u[0, 0].trace }, Self.small)
    }
    withKnownIssue {
      expectLatticeCovariant("time", Self.small) { (u: PlainLinks) in u.polyakovLoop() }
    }
    withKnownIssue {
      expectChargeConjugationCovariant("Polyakov loop", parity: .even, Self.small) {
        (u: PlainLinks) in u.polyakovLoop()
      }
    }
    withKnownIssue {
      expectGaugeCovariant("gauge fixed", Self.small) { (u: PlainLinks) in
        var v = u
        v[0, 0] = .identity(u.n)
        return v
      }
    }
  }

  @Test("planted mistakes in a plaquette are caught", arguments: LoopMistake.allCases)
  func planted(_ mistake: LoopMistake) throws {
    let plain = CheckSuite.gauge(
      .observable("plaquette") { (u: PlainLinks) in u.meanPlaquette(mistake) }, Self.small)
    let fields = CheckSuite.gauge(
      .observable("plaquette") { (u: LinkField<Double>) in u.meanPlaquette(mistake) }, Self.small)
    let own = CheckSuite.gauge(
      .observable("plaquette") { (u: OwnField) in try u.plain.meanPlaquette(mistake) }, Self.small)
    for report in [plain, fields, own] {
      #expect(report.isBroken && !report.holds && report.problem == nil, "\(report)")
      let smallest = try #require(report.smallest)
      #expect(smallest.relative > smallest.tolerance)
      // Which other groups than SU(4) a divisor of 3 leaves invariant, tells its name.
      #expect(
        mistake == .hardCodedThree
          ? smallest.setting.contains("SU(4)") : smallest.setting.contains("U(1)"), "\(report)")
      #expect(smallest.transformation.contains("at site"), "\(report)")
    }
  }

  @Test("known answers of abelian fields find what is invariant and wrong")
  func knownAnswer() throws {
    let right = CheckSuite.gauge(
      .observable("plaquette") { (u: PlainLinks) in u.meanPlaquette() },
      knownAnswer: { [$0.plaquette] })
    #expect(right.holds, "\(right)")
    // Invariant under everything, but divided by 3.
    let wrong = CheckSuite.gauge(
      .observable("plaquette") { (u: PlainLinks) in Double(u.n) / 3 * u.meanPlaquette() },
      knownAnswer: { [$0.plaquette] })
    #expect(wrong.isBroken && "\(wrong)".contains("the exact answer"), "\(wrong)")
    let loops = CheckSuite.gauge(
      .observable("Polyakov loop") { (u: PlainLinks) in u.polyakovLoop() },
      knownAnswer: { field in
        let loop = field.polyakovLoop(field.geometry.dimension - 1)
        return [loop.real, loop.imaginary]
      })
    #expect(loops.holds, "\(loops)")
  }

  @Test("a Polyakov loop of interpolated links is caught")
  func interpolated() {
    let report = CheckSuite.gauge(
      .observable("Polyakov loop") { (u: PlainLinks) in u.polyakovLoop(interpolated: true) })
    #expect(report.isBroken, "\(report)")
  }

  @Test("site fields, numbers at sites, maps, updates, trajectories and models")
  func kinds() throws {
    expectGaugeCovariant(
      .siteField("plaquette field") { (u: PlainLinks) in
        var field = PlainSites(zeros: u.geometry, n: u.n)
        for x in 0..<u.volume { field[x] = u.plaquette(x, 0, 1, nil) }
        return field
      }, Self.small)
    let numbers = CheckedCode.siteNumbers("densities") { (u: PlainLinks) in
      PlainSiteNumbers(
        u.geometry, values: (0..<u.volume).map { u.plaquette($0, 0, 1, nil).trace.real })
    }
    expectGaugeInvariant(numbers, Self.small)
    expectTranslationCovariant(numbers, Self.small)
    expectChargeConjugationCovariant(numbers, Self.small)
    let planes = CheckedCode.siteField("wrong field") { (u: PlainLinks) in
      var field = PlainSites(zeros: u.geometry, n: u.n)
      for x in 0..<u.volume { field[x] = u.plaquette(x, 0, 1, x == 4 ? .missingDagger : nil) }
      return field
    }
    let wrong = CheckSuite.gauge(planes, CheckPlan(.su2, [3, 3]))
    #expect(wrong.isBroken && wrong.smallest!.place == "site [1, 1], channel 0", "\(wrong)")

    expectGaugeCovariant(
      .update("nothing but a scaling") { (u: inout OwnField) in
        for mu in u.links.indices { u.links[mu] = u.links[mu].map { Complex(2) * $0 } }
      }, Self.small)
    let moved = CheckedCode.update("one link") { (u: inout PlainLinks) in
      u[1, 0] = u[1, 0].adjoint
    }
    let link = CheckSuite.gauge(moved, CheckPlan(.su3, [3, 2]))
    #expect(link.isBroken && link.smallest!.place == "site [1, 0], direction 0", "\(link)")

    let drift = CheckedCode.trajectory("drift") {
      (u: inout LinkField<Double>, p: inout AlgebraField<Double>) in
      u.multiplyByExponential(of: p, times: 0.1)
    }
    expectGaugeCovariant(drift, Self.small)
    expectTranslationCovariant(drift, Self.small)
    expectLatticeCovariant(drift, Self.small)
    expectChargeConjugationCovariant(drift, Self.small)
    let fixed = CheckedCode.trajectory("fixed momenta") {
      (u: inout PlainLinks, p: inout PlainLinks) in
      for x in 0..<u.volume { p[x, 0] = p[0, 0] }
    }
    #expect(CheckSuite.gauge(fixed, Self.small).isBroken)
  }

  @Test("the suite on one observable takes less than five seconds")
  func time() {
    let clock = ContinuousClock()
    let code = CheckedCode.observable("plaquette") { (u: LinkField<Double>) in u.plaquette() }
    let elapsed = clock.measure {
      expectGaugeInvariant(code, knownAnswer: { [$0.plaquette] })
      expectTranslationCovariant(code)
      expectLatticeCovariant(code)
      expectChargeConjugationCovariant(code)
    }
    print("the whole suite on the plaquette:", elapsed)
    // Half a second on two cores that have nothing else to do.
    #expect(elapsed < .seconds(5))
  }
}
