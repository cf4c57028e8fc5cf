import ComplexModule
import Groups
import Lattice
import LatticeSymmetry
import Loops
import TestSupport
import Testing

@Suite("What is made of moved links")
struct EquivarianceTests {
  private func links(
    _ extents: [Int], _ group: GaugeGroup, seed: UInt64 = 21
  ) throws -> LinkField<Double> {
    var u = try LinkField<Double>(try Geometry(extents), group: group)
    u.setHaarRandom(seed: seed)
    return u
  }

  @Test("products along paths move with the links", arguments: [2, 3, 4])
  func paths(_ d: Int) throws {
    let u = try links([4, 2, 3, 4].suffix(d), .su3)
    var random = SplitMix64(seed: 5)
    for g in try someOperations(d, count: 10, seed: 6) {
      let path = LatticePath(
        (0..<6).map { _ in
          LatticePath.Step(Int(random.next() % UInt64(d)), forward: random.next() % 2 == 0)
        }, dimension: d)
      let before = try u.pathProduct(path).image(under: g)
      let after = try u.image(under: g).pathProduct(g.image(of: path))
      #expect(before.largestDifference(after) < 1e-14)
    }
  }

  @Test("a gauge transformation moves with the links")
  func gaugeTransformations() throws {
    let u = try links([4, 4, 2, 6], .su2)
    var omega = try SiteField<Double>(u.geometry, group: .su2)
    omega.setHaarRandom(seed: 8)
    for g in try someOperations(4, count: 10, seed: 7) {
      let before = try u.transformed(by: omega).image(under: g)
      let after = try u.image(under: g).transformed(by: omega.image(under: g))
      #expect(before.largestDifference(after) < 1e-14)
    }
  }

  @Test("clover field strengths, hermitian matrices, are tensors and odd under charge conjugation")
  func fieldStrength() throws {
    let u = try links([4, 4, 4, 4], .su3)
    for g in try someOperations(4, count: 10, seed: 8) {
      let before = try u.cloverFieldStrength().image(
        under: g, labels: .fieldStrength, isChargeOdd: true)
      let after = try u.image(under: g).cloverFieldStrength()
      #expect(before.largestDifference(after) < 1e-13)
    }
  }

  @Test("the charge is odd under elements that change the orientation, and even under C")
  func charge() throws {
    let u = try links([4, 4, 4, 4], .su3)
    let q = try #require(u.topologicalChargeClover())
    #expect(abs(q) > 1e-3)
    let group = try FiniteGroup(named: "B4 x C")
    for (index, operation) in group.operations!.enumerated() where index % 7 == 0 {
      let moved = try u.image(under: LatticeOperation(operation))
      let sign = Double(operation.axes.determinant)
      #expect(abs(try #require(moved.topologicalChargeClover()) - sign * q) < 1e-11 * abs(q))
    }
    for g in [LatticeOperation.parity(4), .timeReversal(4)] {
      let moved = try u.image(under: g)
      #expect(abs(try #require(moved.topologicalChargeClover()) + q) < 1e-11 * abs(q))
    }
    let conjugated = try u.image(under: .chargeConjugation(4))
    #expect(abs(try #require(conjugated.topologicalChargeClover()) - q) < 1e-11 * abs(q))
  }

  @Test("the charge of U(1) in two dimensions is odd under both C and reflections")
  func chargeInTwoDimensions() throws {
    let u = try links([6, 6], .u1, seed: 4)
    let q = try #require(u.topologicalCharge())
    try #require(q != 0)
    for operation in try FiniteGroup(named: "B2 x C").operations! {
      let sign = Double(operation.axes.determinant * (operation.conjugatesCharge ? -1 : 1))
      let moved = try u.image(under: LatticeOperation(operation))
      #expect(abs(try #require(moved.topologicalCharge()) - sign * q) < 1e-10)
    }
  }

  @Test("Polyakov loops are conjugated where their direction is reversed")
  func polyakovLoops() throws {
    let u = try links([4, 2, 4], .su3)
    let numbers = (0..<3).flatMap { mu -> [Double] in
      let p = u.polyakovLoop(mu)!
      return [p.real, p.imaginary]
    }
    for g in try someOperations(3, count: 12, seed: 10) {
      let moved = try u.image(under: g)
      let expected = try FieldLabels.orientedDirections.image(of: numbers, under: g.axes)
      for mu in 0..<3 {
        let p = moved.polyakovLoop(mu)!
        let sign = g.conjugatesCharge ? -1.0 : 1
        #expect(abs(p.real - expected[2 * mu]) < 1e-14)
        #expect(abs(p.imaginary - sign * expected[2 * mu + 1]) < 1e-14)
      }
    }
  }

  @Test("traces of plaquettes move with their corners")
  func plaquetteTraces() throws {
    let u = try links([4, 6, 2], .su2)
    let v = try links([4, 6, 2], .u1)
    for g in try someOperations(3, count: 12, seed: 12) {
      let real = try Self.traces(u, imaginary: false).image(under: g, labels: .plaquettes)
      #expect(Self.difference(real, Self.traces(try u.image(under: g), imaginary: false)) < 1e-14)
      let odd = try Self.traces(v, imaginary: true).image(
        under: g, labels: .plaquetteFieldStrength, isChargeOdd: true)
      #expect(Self.difference(odd, Self.traces(try v.image(under: g), imaginary: true)) < 1e-14)
    }
  }

  private static func traces(_ u: LinkField<Double>, imaginary: Bool) -> ScalarField<Double> {
    let p = u.plaquetteField()
    var s = ScalarField<Double>(layout: u.layout, channels: p.channels)
    for site in 0..<u.geometry.volume {
      for c in 0..<p.channels {
        let trace = p[site, c].trace
        s[site, c] = imaginary ? trace.imaginary : trace.real
      }
    }
    return s
  }

  private static func difference(_ a: ScalarField<Double>, _ b: ScalarField<Double>) -> Double {
    var largest = 0.0
    for site in 0..<a.geometry.volume {
      for c in 0..<a.channels { largest = max(largest, abs(a[site, c] - b[site, c])) }
    }
    return largest
  }

  @Test("momenta move so that what they generate does, in every group", arguments: [1, 2, 3, 4])
  func momenta(_ n: Int) throws {
    let group = GaugeGroup(n: n)!
    let u = try links([4, 2, 3], group)
    var p = AlgebraField<Double>(layout: u.layout, group: group)
    p.setGaussian(seed: 3)
    for g in try someOperations(3, count: 12, seed: 13) {
      let moved = try p.image(under: g, over: u)
      #expect(abs(moved.kineticEnergy() / p.kineticEnergy() - 1) < 1e-13)
      var evolved = u
      evolved.multiplyByExponential(of: p, times: 0.3)
      var after = try u.image(under: g)
      after.multiplyByExponential(of: moved, times: 0.3)
      #expect(try evolved.image(under: g).largestDifference(after) < 1e-13)
    }
    var other = try links([2, 2, 2], group)
    other.setHaarRandom(seed: 1)
    #expect(throws: LatticeSymmetryError.self) { try p.image(under: .identity(3), over: other) }
  }
}
