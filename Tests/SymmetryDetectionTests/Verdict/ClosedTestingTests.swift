import Groups
import SymmetryDetection
import Testing

@Suite("The subgroups that are left")
struct ClosedTestingTests {
  static let group = try! FiniteGroup(named: "B4")
  static let representations: [(String, Representation)] = [
    ("axes", try! .axes(group)), ("planes", try! .planes(group)),
    ("F", try! .fieldStrength(group)), ("vector", try! .vector(group)),
    ("T", try! .symmetricTensor(group)), ("Q", try! .pseudoscalar(group)),
  ]

  /// All observables with means that a subgroup keeps and nothing larger does.
  static func observables(
    _ subgroup: Subgroup, count: Int, seed: UInt64
  ) throws -> [SampledObservable] {
    try representations.enumerated().map { number, entry in
      var mean = [Double](repeating: 0, count: entry.1.dimension)
      for (k, v) in entry.1.invariantSubspace(of: subgroup).enumerated() {
        for i in mean.indices { mean[i] += [2, -3.1, 4.3, -0.9][k] * v[i] }
      }
      return try SampledObservable(
        name: entry.0, representation: entry.1,
        samples: SyntheticEnsemble(entry.1, mean: mean)
          .samples(count: count, seed: 100 * seed + UInt64(number)))
    }
  }

  @Test(
    "The stabiliser of what is planted is what is left",
    arguments: HypercubicSubgroup.allCases.filter { ![.twoPairs, .trivial].contains($0) })
  func planted(_ pattern: HypercubicSubgroup) throws {
    // With strong means only the true group can be lost, in one of 20 ensembles; the seeds are fixed.
    let subgroup = try Self.group.subgroup(pattern)
    let vectors = try Self.observables(subgroup, count: 60, seed: 4)
    let result = try SymmetryDetector(draws: 99, subgroupDraws: 199).detect(vectors)
    #expect(result.survivingGroups.map(\.name) == [pattern.rawValue])
    #expect(result.survivingGroups.first?.order == pattern.order)
    #expect(result.survivingGroups.first?.withChargeConjugation == false)
  }

  @Test("Plane plaquettes are blind to the 16 reflections, and the report says so")
  func blind() throws {
    let planes = try Self.observables(Self.group.whole, count: 60, seed: 1)[1]
    let result = try SymmetryDetector(draws: 99, subgroupDraws: 99).detect([planes])
    #expect(result.notTested.contains { $0.contains("blind to 16 pure reflections of B4") })
    #expect(result.survivingGroups.map(\.name) == ["B4"])
  }

  @Test("With charge conjugation: a theta term in four dimensions keeps rotations and C")
  func thetaTerm() throws {
    let group = try Self.group.timesChargeConjugation()
    let charge = try Representation.pseudoscalar(group)
    let loops = try Representation.vector(group).tensorProduct(.chargeParity(group))
    let observables = try [
      SampledObservable(
        name: "Q", representation: charge,
        samples: SyntheticEnsemble(charge, mean: [1]).samples(count: 60, seed: 1)),
      SampledObservable(
        name: "loops", representation: loops,
        samples: SyntheticEnsemble(loops, mean: [0, 0, 0, 0]).samples(count: 60, seed: 2)),
    ]
    let result = try SymmetryDetector(draws: 199, subgroupDraws: 199).detect(observables)
    let left = try #require(result.survivingGroups.first)
    #expect(result.survivingGroups.count == 1)
    #expect(left.name == "B4+" && left.order == 192 && left.withChargeConjugation)
    #expect(result.tests.map(\.symmetry) == [.point, .charge])
    #expect(result.tests.map(\.verdict) == [.broken, .notSeenBroken])
  }

  @Test("In two dimensions a theta term breaks C and P and keeps CP, 8 of 16 elements")
  func chargeTimesParity() throws {
    let group = try FiniteGroup(named: "B2").timesChargeConjugation()
    let charge = try Representation.pseudoscalar(group).tensorProduct(.chargeParity(group))
    let axes = try Representation.axes(group)
    let vector = try Representation.vector(group).tensorProduct(.chargeParity(group))
    let result = try SymmetryDetector(draws: 199, subgroupDraws: 199).detect([
      SampledObservable(
        name: "Q", representation: charge,
        samples: SyntheticEnsemble(charge, mean: [1]).samples(count: 60, seed: 1)),
      SampledObservable(
        name: "axes", representation: axes,
        samples: SyntheticEnsemble(axes, mean: [1, 1]).samples(count: 60, seed: 2)),
      SampledObservable(
        name: "current", representation: vector,
        samples: SyntheticEnsemble(vector, mean: [0, 0]).samples(count: 60, seed: 4)),
    ])
    let left = try #require(result.survivingGroups.first)
    #expect(result.survivingGroups.count == 1)
    #expect(left.order == 8 && left.index == 2 && !left.withChargeConjugation)
    #expect(left.name == "B2(C4) C" || left.name.hasSuffix(" C"))
  }
}
