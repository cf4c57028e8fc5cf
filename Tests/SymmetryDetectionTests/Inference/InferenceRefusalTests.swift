import Compute
import Lattice
import Loops
import SymmetryDetection
import Testing

@Suite("Inference refuses what has no answer")
struct InferenceRefusalTests {
  private func fields(
    _ extents: [Int] = [4, 4, 4, 4], _ group: GaugeGroup = .su2, count: Int
  ) throws -> [LinkField<Double>] {
    try (0..<count).map { k in
      var u = try LinkField<Double>(try Geometry(extents), group: group)
      u.setHaarRandom(seed: UInt64(71 + k))
      return u
    }
  }

  private func error(
    _ terms: [CouplingTerm]?, _ fields: [LinkField<Double>], binLength: Int? = nil
  ) throws -> InferenceError? {
    var inference = try CouplingInference(
      terms, geometry: fields[0].geometry, group: fields[0].group)
    for field in fields { try inference.add(field) }
    do throws(InferenceError) {
      _ = try inference.couplings(binLength: binLength)
      return nil
    } catch {
      return error
    }
  }

  @Test("too few configurations, with the number that is needed")
  func few() throws {
    let seven = try fields(count: 7)
    #expect(
      try error(nil, seven)
        == .tooFewConfigurations(expected: 8, found: 7, bins: 8, binLength: 1))
    #expect(
      try error(nil, seven + seven, binLength: 2)
        == .tooFewConfigurations(expected: 16, found: 14, bins: 8, binLength: 2))
    // Three configurations, each four times: long bins are needed, and more of them.
    let slow = try fields(count: 3).flatMap { Array(repeating: $0, count: 4) }
    guard case .tooFewConfigurations(let expected, 12, 8, _)? = try error(nil, slow) else {
      Issue.record("an ensemble of three different configurations has no error")
      return
    }
    #expect(expected > 12)
    #expect(try error(nil, fields(count: 8), binLength: 1) == nil)
  }

  @Test("configurations that are cold, or all the same")
  func constant() throws {
    let cold = try LinkField<Double>(try Geometry([4, 4, 4, 4]), group: .su2)
    #expect(
      try error(nil, Array(repeating: cold, count: 20)) == .noGradient("spatial"))
    #expect(
      try error([.theta, .plaquette], Array(repeating: cold, count: 20)) == .noGradient("theta"))
    let one = try fields(count: 1)[0]
    #expect(
      try error(nil, Array(repeating: one, count: 20)) == .constant(configurations: 20))
  }

  @Test("terms that cannot be told from each other, by name")
  func dependent() throws {
    let some = try fields(count: 10)
    #expect(
      try error([.spatial, .plaquette, .rectangle, .temporal], some)
        == .dependentTerms("temporal", others: ["spatial", "plaquette"]))
    #expect(
      try error([.plane(0, 1), .spatial, .plane(0, 2), .plane(1, 2)], some)
        == .dependentTerms("plane-yz", others: ["plane-xy", "spatial", "plane-xz"]))
  }

  @Test("terms that the lattice does not have")
  func terms() throws {
    func refusal(_ terms: [CouplingTerm], _ extents: [Int]) throws -> InferenceError? {
      let geometry = try Geometry(extents)
      do throws(InferenceError) {
        _ = try CouplingInference(terms, geometry: geometry, group: .u1)
        return nil
      } catch {
        return error
      }
    }
    let cases: [([CouplingTerm], [Int], String)] = [
      ([.spatial], [4, 4], "'spatial'"), ([.rectangleSpatial], [4, 4], "'rectangle-spatial'"),
      ([.theta], [4, 4], "'theta'"), ([.theta], [4, 4, 4], "'theta'"),
      ([.plane(1, 3)], [4, 4, 4], "(1, 3)"), ([], [4, 4], "at least one"),
      ([.plaquette, .plaquette], [4, 4], "'plaquette' twice"),
    ]
    for (terms, extents, text) in cases {
      let error = try #require(try refusal(terms, extents))
      #expect("\(error)".contains(text), "\(error)")
    }
    #expect(throws: InferenceError.term(expected: "every term once", found: "'theta' twice")) {
      try CouplingInference(
        [.plaquette, .theta], further: [.theta], geometry: Geometry([2, 2, 2, 2]), group: .u1)
    }
    for (list, text) in [
      ("plaquettes", "'plaquettes'"), ("", "''"), ("theta,theta", "'theta' twice"),
      ("planes,planes", "'planes' twice"),
    ] {
      #expect {
        try CouplingTerm.parse(list, dimension: 4)
      } throws: {
        "\($0)".contains(text)
      }
    }
    #expect(
      try CouplingTerm.parse("spatial,rectangle-temporal,planes", dimension: 3)
        == [.spatial, .rectangleTemporal, .plane(0, 1), .plane(0, 2), .plane(1, 2)])
  }

  @Test("another lattice, group, boundary or number of chains")
  func mixed() throws {
    var inference = try CouplingInference(geometry: Geometry([4, 4]), group: .su2)
    try inference.add(try fields([4, 4], count: 1)[0])
    var open = try fields([4, 4], count: 1)[0]
    open.setBoundary(Boundary(isOpen: [false, true]))
    for field in try fields([4, 6], count: 1) + fields([4, 4], .su3, count: 1) + [open] {
      #expect(throws: InferenceError.self) { try inference.add(field) }
    }
    let two = try LinkField<Double>(try Geometry([4, 4]), group: .su2, batch: 2)
    #expect(throws: InferenceError.ensemble(expected: "1 chains", found: "2")) {
      try inference.add(two)
    }
    #expect(inference.configurations == 1)
  }
}
