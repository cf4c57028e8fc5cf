import ComplexModule
import Lattice
import LatticeSymmetry
import Loops
import TestSupport
import Testing

@Suite("Centre transformations")
struct CentreTests {
  @Test("contractible loops stay, Polyakov loops get the factor", arguments: [2, 3, 4, 5])
  func loops(_ n: Int) throws {
    let group = GaugeGroup(n: n)!
    var u = try LinkField<Double>(try Geometry([4, 3, 4]), group: group, batch: 2)
    u.setHaarRandom(seed: 2)
    for power in -1...n {
      for direction in 0..<3 {
        let z = try CentreTransformation(
          of: group, power: power, direction: direction, slice: 2, on: u.geometry)
        let moved = try u.image(under: z)
        #expect(moved.unitarityViolation() < 1e-13)
        for member in 0..<2 {
          #expect(abs(moved.plaquette(member: member) - u.plaquette(member: member)) < 1e-14)
          for mu in 0..<3 {
            let (before, after) = (
              u.polyakovLoop(mu, member: member)!, moved.polyakovLoop(mu, member: member)!
            )
            let expected = mu == direction ? z.factor * before : before
            #expect((after - expected).length < 1e-14)
          }
        }
        if power == 0 || power == n { #expect(moved.largestDifference(u) == 0) }
      }
    }
  }

  @Test("SU(2) and quarters of SU(4) multiply to the bit")
  func homomorphism() throws {
    for n in [2, 4] {
      let group = GaugeGroup(n: n)!
      var u = try LinkField<Float>(try Geometry([4, 6]), group: group)
      u.setHaarRandom(seed: 2)
      func image(_ u: LinkField<Float>, _ k: Int) throws -> LinkField<Float> {
        try u.image(under: CentreTransformation(of: group, power: k, direction: 1, on: u.geometry))
      }
      for (a, b) in [(1, 1), (1, 3), (2, 3)] {
        #expect(try image(image(u, a), b).largestDifference(image(u, a + b)) == 0)
      }
    }
  }

  @Test("U(1) takes an angle, and everything else is refused by name")
  func refused() throws {
    let geometry = try Geometry([4, 4])
    var u = try LinkField<Double>(geometry, group: .u1)
    u.setHaarRandom(seed: 2)
    let z = try CentreTransformation(angle: 0.7, direction: 1, on: geometry)
    let expected = Complex<Double>(length: 1, phase: 0.7) * u.polyakovLoop(1)!
    #expect((try u.image(under: z).polyakovLoop(1)! - expected).length < 1e-14)
    #expect(throws: LatticeSymmetryError.self) {
      try CentreTransformation(of: .u1, power: 1, direction: 0, on: geometry)
    }
    #expect(throws: LatticeSymmetryError.self) {
      try CentreTransformation(of: .su2, power: 1, direction: 2, on: geometry)
    }
    #expect(throws: LatticeSymmetryError.self) {
      try CentreTransformation(of: .su2, power: 1, direction: 0, slice: 4, on: geometry)
    }
    let other = try CentreTransformation(of: .su2, power: 1, direction: 0, on: geometry)
    #expect(throws: LatticeSymmetryError.self) { try u.image(under: other) }
  }
}
