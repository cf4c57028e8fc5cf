import Groups
import Lattice
import LatticeSymmetry
import SymmetryDetection
import TestSupport
import Testing

@Suite("Observables of an ensemble")
struct EnsembleObservablesTests {
  private struct Case: Sendable, CustomTestStringConvertible {
    let extents: [Int]
    let group: GaugeGroup
    var open: Int?
    var testDescription: String { "\(group) on \(extents)" }
    var boundary: Boundary { Boundary(isOpen: extents.indices.map { $0 == open }) }
  }

  private static let cases = [
    Case(extents: [4, 4, 4, 4], group: .su3), Case(extents: [4, 4, 4, 2], group: .su2),
    Case(extents: [3, 3, 3], group: .u1), Case(extents: [4, 4], group: .u1),
    Case(extents: [4, 4, 6], group: .su3, open: 2), Case(extents: [2, 4], group: .su2),
  ]

  private func observables(
    _ c: Case, _ fields: [LinkField<Double>]
  ) throws -> [SampledObservable] {
    var ensemble = try EnsembleObservables(
      geometry: try Geometry(c.extents), group: c.group, boundary: c.boundary)
    for field in fields { ensemble.add(field) }
    return try ensemble.observables().observables
  }

  @Test("move with the links by the matrices of their representation", arguments: cases)
  private func representations(_ c: Case) throws {
    let fields = try (0..<2).map { k in
      var u = try LinkField<Double>(
        try Geometry(c.extents), group: c.group, boundary: c.boundary)
      u.setNearUnit(epsilon: 0.7, seed: UInt64(5 + k))
      return u
    }
    let points = try LatticePointGroup(
      fields[0].geometry, boundary: c.boundary, chargeConjugation: true)
    let before = try observables(c, fields)
    let expected = Set(before.filter { $0.symmetry == .point }.map(\.name))
    #expect(expected.count >= 2)
    for g in stride(from: 1, to: points.order, by: max(1, points.order / 12)) {
      let moved = try fields.map { try $0.image(under: points.operation(g)) }
      for (a, b) in zip(before, try observables(c, moved))
      where a.symmetry == .point && a.group.order == points.order {
        let matrix = a.representation.matrix(g)
        for sample in 0..<2 {
          let image = matrix * a.sample(sample)
          for (x, y) in zip(image, b.sample(sample)) {
            #expect(abs(x - y) < 1e-11, "\(a.name) under \(points.group.labels[g])")
          }
        }
      }
    }
  }

  @Test("profiles move with translations", arguments: cases)
  private func translations(_ c: Case) throws {
    let fields = try (0..<2).map { k in
      var u = try LinkField<Double>(
        try Geometry(c.extents), group: c.group, boundary: c.boundary)
      u.setNearUnit(epsilon: 0.7, seed: UInt64(9 + k))
      return u
    }
    let before = try observables(c, fields)
    for mu in c.extents.indices where mu != c.open {
      let step = c.extents.indices.map { $0 == mu ? 1 : 0 }
      let moved = try fields.map { try $0.image(under: .translation(step)) }
      for (a, b) in zip(before, try observables(c, moved)) where a.symmetry == .translation {
        let g = a.direction == SignedPermutation.axisNames(c.extents.count)[mu] ? 1 : 0
        for (x, y) in zip(a.representation.matrix(g) * a.sample(0), b.sample(0)) {
          #expect(abs(x - y) < 1e-12, "\(a.name)")
        }
      }
    }
  }

  @Test("configurations that are all the same are refused by the name of an observable")
  func constant() throws {
    let u = try LinkField<Double>.hot([4, 4, 4], .su2)
    var ensemble = try EnsembleObservables(geometry: u.geometry, group: .su2)
    for _ in 0..<4 { ensemble.add(u) }
    #expect(throws: DetectionError.self) { try ensemble.observables() }
  }

  @Test("only what is asked for, and what cannot be asked is said")
  func choice() throws {
    let u = try [1, 2].map { try LinkField<Double>.hot([4, 4, 4], .su2, seed: $0) }
    var ensemble = try EnsembleObservables(
      geometry: u[0].geometry, group: .su2, symmetries: [.charge, .parity])
    for field in u { ensemble.add(field) }
    let (observables, notTested) = try ensemble.observables()
    #expect(observables.map(\.name) == ["imaginary plaquettes"])
    let tests = try SymmetryDetector(draws: 99).detect(observables).tests
    #expect(tests.map(\.verdict) == [.trivial])
    #expect(notTested.contains { $0.hasPrefix("charge: trivial") })
    #expect(notTested.contains { $0.hasPrefix("parity") })
  }
}
