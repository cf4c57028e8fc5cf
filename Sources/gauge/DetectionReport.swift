import ComplexModule
import Groups
import Lattice
import LatticeSymmetry
import SymmetryDetection

/// What is asked of a measured ensemble.
struct DetectionRequest {
  let ensemble: EnsembleObservables
  let expect: String?
  let detector: SymmetryDetector

  func result() throws -> DetectionReport {
    let expected = try expectedSubgroup()
    let (observables, remarks) = try ensemble.observables()
    guard !observables.isEmpty else {
      throw UsageError(
        "--symmetries: nothing can be tested: \(remarks.joined(separator: "; "))")
    }
    var result =
      observables.isEmpty
      ? .untested(configurations: ensemble.count, by: detector)
      : try detector.detect(observables, expecting: expected)
    result.notTested = remarks + result.notTested
    if !ensemble.points.isWhole && ensemble.symmetries.contains(.point) {
      result.notTested.insert(ensemble.points.summary, at: 0)
    }
    if ensemble.symmetries.contains(.center), ensemble.group.n > 1,
      let loops = ensemble.polyakovLoops
    {
      if loops.count >= CenterDescription.minimumSampleCount {
        result.center = try CenterDescription(
          polyakovLoops: [loops.map { ($0.real, $0.imaginary) }], centerOrder: ensemble.group.n)
      } else {
        result.notTested.append(
          "center: \(loops.count) configurations are too few to describe;"
            + " \(CenterDescription.minimumSampleCount) are needed")
      }
    }
    return DetectionReport(result: result, ensemble: ensemble)
  }

  /// By name among the subgroups of what the geometry leaves, with " x C" for charge conjugation, or by generators.
  private func expectedSubgroup() throws -> Subgroup? {
    guard let expect else { return nil }
    let group = ensemble.points.group
    guard expect.contains("->") else {
      let withCharge = expect.hasSuffix(" x C") && ensemble.symmetries.contains(.charge)
      let name = withCharge ? String(expect.dropLast(4)) : expect
      let axes = try LatticePointGroup(ensemble.geometry, boundary: ensemble.boundary).group
      let isWhole =
        name.filter { $0 != " " && $0 != "_" } == axes.name.filter { $0 != " " && $0 != "_" }
      let named = isWhole ? axes.whole : try axes.subgroup(named: name)
      let kept = Set(named.elements.map { axes.operations![$0].axes })
      return try group.subgroup { g in
        let operation = group.operations![g]
        return kept.contains(operation.axes) && (withCharge || !operation.conjugatesCharge)
      }
    }
    let d = ensemble.geometry.dimension
    let elements = try expect.split(separator: ";").map { text -> Int in
      let axes = try SignedPermutation(String(text), dimension: d)
      guard let element = group.element(of: SymmetryOperation(axes)) else {
        throw UsageError(
          "--expect: \(ensemble.points.summary), to which '\(axes.mapping)' does not belong")
      }
      return element
    }
    return try group.subgroup(generatedBy: elements)
  }
}

/// A detection with the ensemble behind it, as JSON and as a page.
struct DetectionReport {
  let result: DetectionResult
  let ensemble: EnsembleObservables

  var json: JSONValue {
    var fields: [(String, JSONValue)] = [
      ("group", .string(ensemble.group.description)),
      ("lattice", .ints(ensemble.geometry.extents)),
      ("boundary", .strings(ensemble.boundary.words)),
      ("tests", .array(result.tests.map(Self.json))),
      ("survivingGroups", .array(result.survivingGroups.map(Self.json))),
      ("notTested", .strings(result.notTested)),
      ("configurations", .int(result.configurations)), ("bins", .int(result.bins)),
      ("autocorrelation", .number(result.autocorrelation)),
      ("testedGroup", result.testedGroup.map { .string($0) } ?? .null),
      ("draws", .int(result.draws)), ("seed", .string("\(result.seed)")),
    ]
    if let center = result.center { fields.append(("center", Self.json(center))) }
    if let expectation = result.expectation {
      fields.append(
        (
          "expectation",
          .object([
            ("name", .string(expectation.name)), ("rejected", .bool(expectation.isRejected)),
          ])
        ))
    }
    return .object(fields)
  }

  private static func json(_ test: DetectionResult.Test) -> JSONValue {
    .object([
      ("symmetry", .string(test.symmetry.rawValue)), ("observable", .string(test.observable)),
      ("irrep", .string(test.irrep)), ("statistic", .number(test.statistic)),
      ("pValue", .number(test.pValue)), ("correctedP", .number(test.correctedP)),
      ("effect", .number(test.effect)), ("effectError", .number(test.effectError)),
      ("effectIsRelativeToScalar", .bool(test.effectIsRelativeToScalar)),
      ("upperBound95", .number(test.upperBound95)), ("verdict", .string(test.verdict.rawValue)),
      ("bins", .int(test.bins)), ("binLength", .int(test.binLength)),
      ("autocorrelation", .number(test.autocorrelation)),
      ("note", test.note.map { .string($0) } ?? .null),
      (
        "place",
        test.place.map {
          .object([
            ("direction", .string($0.direction)), ("slice", .number($0.slice)),
            ("uncertainty", .number($0.uncertainty)), ("deviation", .number($0.deviation)),
          ])
        } ?? .null
      ),
    ])
  }

  private static func json(_ group: DetectionResult.SurvivingGroup) -> JSONValue {
    .object([
      ("name", .string(group.name)), ("order", .int(group.order)), ("index", .int(group.index)),
      ("generators", .strings(group.generators)),
      ("withChargeConjugation", .bool(group.withChargeConjugation)),
      ("pValue", .number(group.pValue)),
    ])
  }

  private static func json(_ center: CenterDescription) -> JSONValue {
    .object([
      ("summary", .string(center.summary)), ("phase", .string(center.phase.rawValue)),
      ("meanMagnitude", .number(center.meanMagnitude)),
      ("meanMagnitudeError", .number(center.meanMagnitudeError)),
      ("mean", .array([.number(center.meanReal), .number(center.meanImaginary)])),
      ("binderRatio", .number(center.binderRatio)),
      ("binderRatioError", .number(center.binderRatioError)),
      ("sectorShares", .array(center.sectorShares.map { .number($0) })),
      ("sectorChanges", .int(center.sectorChanges)),
    ])
  }
}
