import Compute
import Lattice
import Loops
import Sampling
import TestSupport
import Testing
import Training

/// Labels against the observables of the library, plain loops and reference vectors.
@Suite struct TargetTests {
  @Test func namesReadBack() throws {
    for name in ["W1x1", "W2x4", "polyakov", "charge", "chargeDensity", "chargeDensityField"] {
      #expect("\(try Target(name))" == name)
    }
    for name in ["", "W", "W1", "W0x1", "W-1x2", "W1x2x3", "Wax1", "w1x1", "Polyakov", "W300x1"] {
      let error = try #require(throws: TrainingError.self) { try Target(name) }
      #expect("\(error)".contains("chargeDensityField, found '\(name)'"), "\(error)")
      #expect(error.exitStatus == 64)
    }
    #expect(try Target("chargeDensityField").isField && !Target("chargeDensity").isField)
  }

  @Test(arguments: [
    ([4, 6], GaugeGroup.su2), ([3, 5], .u1), ([3, 2, 4], .su3), ([2, 3, 2, 4], .su3),
  ])
  func plainSums(_ extents: [Int], _ group: GaugeGroup) throws {
    let links = try LinkField<Double>.hot(extents, group, batch: 3)
    for (r, t) in [(1, 1), (1, 2), (2, 1), (2, 3)] {
      let found = try Target("W\(r)x\(t)").values(links)
      #expect(found.count == 3)
      for member in 0..<3 {
        let plain = ReferenceLattice(links, member: member)
        let planes = plain.geometry.planes
        let paths = planes.map { ReferenceLattice.rectangle($0, $1, r, t) }
        let closed = Boundary(isOpen: extents.map { _ in false })
        let mean = try #require(plain.meanTrace(paths, closed))
        #expect(abs(found[member][0] - mean.real) < 1e-13)
        #expect(found[member].count == 1)
      }
    }
    let polyakov = try Target.polyakov.values(links)
    for member in 0..<3 {
      let alone = try links.alone(member)
      #expect(abs(polyakov[member][0] - alone.polyakovLoop()!.real) < 1e-14)
      #expect(abs(try Target.wilsonLoop(1, 1).values(links)[member][0] - alone.plaquette()) < 1e-14)
    }
    // In single precision the same to its digits.
    let single = try LinkField<Float>.hot(extents, group, batch: 3)
    let (a, b) = (try Target("W2x2").values(single), try Target("W2x2").values(links))
    for member in 0..<3 { #expect(abs(a[member][0] - b[member][0]) < 1e-6) }
  }

  @Test(
    "reference vectors", .enabled(if: ReferenceVectors.areEnabled),
    arguments: ReferenceVectors.names)
  func reference(_ name: String) throws {
    let v = try ReferenceVectors(name)
    for kind in ["hot", "smooth"] {
      let links = try v.links("\(kind)_U")
      for (r, t) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
        let array = v["\(kind)_W\(r)x\(t)"]
        let mean = array.re.reduce(0, +) / Double(array.re.count)
        #expect(abs(try Target.wilsonLoop(r, t).values(links)[0][0] - mean) < 1e-12)
      }
      let loops = v["\(kind)_poly_mean"].re
      #expect(abs(try Target.polyakov.values(links)[0][0] - loops.last!) < 1e-12)
      guard v.geometry.dimension == 4 else { continue }
      let density = v["\(kind)_q_plaq"]
      let field = try Target.chargeDensityField.values(links)[0]
      for site in 0..<v.geometry.volume {
        #expect(abs(field[site] - v.number(density, 0, site).real) < 1e-12)
      }
      let mean = v.number("\(kind)_Q_plaq") / Double(v.geometry.volume)
      #expect(abs(try Target.chargeDensity.values(links)[0][0] - mean) < 1e-12)
      #expect(abs(try Target.charge.values(links)[0][0] - v.number("\(kind)_Q_clover")) < 1e-12)
    }
  }

  @Test func chargesExistWhereTheyDo() throws {
    let u1 = try LinkField<Double>.hot([6, 4], .u1, batch: 2)
    let charges = try Target.charge.values(u1)
    for member in 0..<2 {
      #expect(charges[member][0] == (try u1.alone(member).topologicalCharge()!))
    }
    for (target, extents, group) in [
      (Target.charge, [4, 4], GaugeGroup.su2), (.charge, [2, 2, 2], .u1),
      (.chargeDensity, [4, 4], .u1), (.chargeDensityField, [2, 3, 2], .su3),
    ] {
      let links = try LinkField<Double>.hot(extents, group)
      let error = try #require(throws: TrainingError.self) { try target.values(links) }
      #expect("\(error)".contains("expected four dimensions"), "\(error)")
      #expect("\(error)".contains("\(group) on \(links.geometry)") && error.exitStatus == 64)
    }
  }
}
