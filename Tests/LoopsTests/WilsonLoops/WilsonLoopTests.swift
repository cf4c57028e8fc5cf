import ComplexModule
import Compute
import Lattice
import Loops
import RealModule
import TestSupport
import Testing

@Suite("Wilson and Polyakov loops")
struct WilsonLoopTests {
  @Test(
    "the table is the mean of the planes with time",
    arguments: [[4, 6], [3, 5, 4], [2, 4, 3, 5]])
  func table(_ extents: [Int]) throws {
    let u = try LinkField<Double>.hot(extents, .su3, batch: 2, seed: 3)
    let d = extents.count
    for member in 0..<2 {
      let table = u.wilsonLoopTable(maximumR: 3, maximumT: 4, member: member)
      #expect(table.count == 3 && table.allSatisfy { $0.count == 4 })
      for r in 1...3 {
        for t in 1...4 {
          let expected =
            try (0..<(d - 1)).reduce(0.0) { sum, mu in
              let path = try LatticePath.rectangle(mu, d - 1, r, t, dimension: d)
              return sum + u.loopTrace(path, member: member)!.real
            } / Double(d - 1)
          #expect(abs(table[r - 1][t - 1]! - expected) < 1e-12)
        }
      }
      let temporal = zip(u.geometry.planes, u.planePlaquettes(member: member))
        .filter { $0.0.nu == d - 1 }.map(\.1)
      #expect(abs(table[0][0]! - temporal.reduce(0, +) / Double(temporal.count)) < 1e-12)
    }
  }

  @Test(
    "the mean rectangle is what the rectangle action sums", arguments: [[6, 4], [2, 3, 2, 4]])
  func rectangles(_ extents: [Int]) throws {
    let u = try LinkField<Double>.hot(extents, .su3, batch: 2, seed: 4)
    let action = try RectangleAction(beta: 1, dimension: extents.count)
    // Two orientations a plane and site.
    let count = Double(2 * u.geometry.planes.count * u.geometry.volume)
    for member in 0..<2 {
      let expected = 1 - action.value(of: u, member: member) / count
      #expect(abs(try #require(u.meanRectangle(member: member)) - expected) < 1e-13)
    }
    // Between open boundaries two apart, no loop of two links fits.
    let open = try LinkField<Double>(
      Geometry([2, 2]), group: .su2, boundary: Boundary(isOpen: [true, true]))
    #expect(open.meanRectangle() == nil)
  }

  @Test("loops of every plane, either orientation", arguments: [GaugeGroup.u1, .su2, .su4])
  func planes(_ group: GaugeGroup) throws {
    let u = try LinkField<Double>.hot([3, 2, 4], group, seed: 9)
    for mu in 0..<3 {
      for nu in 0..<3 where nu != mu {
        for (r, t) in [(1, 3), (2, 2), (4, 1)] {
          let path = try LatticePath.rectangle(mu, nu, r, t, dimension: 3)
          #expect((u.wilsonLoop(mu, nu, r, t)! - u.loopTrace(path)!).length < 1e-12)
          #expect(
            (u.wilsonLoop(mu, nu, r, t)! - u.wilsonLoop(nu, mu, t, r)!.conjugate).length < 1e-12)
        }
      }
    }
  }

  @Test("a centre element on one slice turns the Polyakov loop and nothing else")
  func centre() throws {
    var u = try LinkField<Double>.hot([3, 4, 2, 5], .su3, seed: 9)
    let before = (
      u.polyakovLoop()!, u.plaquette(), u.cloverObservables(), u.polyakovLoop(1)!
    )
    let z = Complex(length: 1, phase: 2 * Double.pi / 3)
    for site in 0..<u.geometry.volume where u.geometry.coordinates(of: site)[3] == 2 {
      u[site, 3] = z * u[site, 3]
    }
    #expect((u.polyakovLoop()! - z * before.0).length < 1e-13)
    #expect(abs(u.plaquette() - before.1) < 1e-13)
    #expect(abs(u.cloverObservables().charge! - before.2.charge!) < 1e-12)
    #expect((u.polyakovLoop(1)! - before.3).length < 1e-13)
  }

  @Test("cold links")
  func cold() throws {
    let u = try LinkField<Float>(Geometry([4, 2, 3]), group: .su(5), batch: 3)
    for member in 0..<3 {
      #expect(u.polyakovLoop(member: member) == 1)
      #expect(u.wilsonLoop(0, 2, 2, 3, member: member) == 1)
      #expect(u.cloverEnergy(member: member) == 0)
    }
  }
}
