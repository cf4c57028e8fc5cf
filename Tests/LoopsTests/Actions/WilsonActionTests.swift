import ComplexModule
import Compute
import Lattice
import Loops
import RealModule
import TestSupport
import Testing

@Suite("Wilson action and its force", .serialized)
struct WilsonActionTests {
  /// What plain arithmetic does in a second.
  static let cases = mixedExtents.flatMap { extents in
    everyGroup.filter { extents.reduce(1, *) * $0.n * $0.n <= 4000 }.map { (extents, $0) }
  }

  /// Couplings that differ from plane to plane.
  static func action(_ dimension: Int) throws -> WilsonAction {
    let planes = dimension * (dimension - 1) / 2
    return try WilsonAction(
      couplings: (0..<planes).map { 2 + 0.3 * Double($0) }, dimension: dimension)
  }

  /// (1/N) TA(U sum of weighted staples), in plain arithmetic.
  static func plainForce(
    _ lattice: ReferenceLattice, _ action: WilsonAction, _ site: Int, _ mu: Int
  ) -> ComplexMatrix {
    var sum = ComplexMatrix.zero(lattice.n)
    let ahead = lattice.neighbour(site, mu)
    for nu in 0..<lattice.dimension where nu != mu {
      let weight = Complex(action.coupling(mu, nu) / Double(lattice.n))
      sum = sum + weight * lattice.product(ahead, [(nu, true), (mu, false), (nu, false)])
      sum = sum + weight * lattice.product(ahead, [(nu, false), (mu, false), (nu, true)])
    }
    return (lattice.links[site][mu] * sum).tracelessAntihermitian
  }

  func worst<S: LatticeReal>(
    _ type: S.Type, _ extents: [Int], _ group: GaugeGroup, batch: Int
  ) throws -> Double {
    let u = try LinkField<S>.hot(extents, group, batch: batch, seed: 7)
    let action = try Self.action(extents.count)
    let force = action.force(of: u)
    var worst = 0.0
    for member in 0..<batch {
      let plain = ReferenceLattice(u, member: member)
      for site in 0..<u.geometry.volume {
        for mu in 0..<u.dimension {
          let d = force[site, mu, member] - Self.plainForce(plain, action, site, mu)
          worst = d.frobeniusNorm.isNaN ? .infinity : max(worst, d.frobeniusNorm)
        }
      }
    }
    return worst
  }

  @Test("force of every lattice and group against staples", arguments: cases)
  func force(_ extents: [Int], _ group: GaugeGroup) throws {
    #expect(try worst(Double.self, extents, group, batch: 1) < 1e-12)
    #expect(try worst(Float.self, extents, group, batch: 1) < 2e-5)
  }

  @Test("force of batches", arguments: [2, 3, 8, 19])
  func batches(_ batch: Int) throws {
    #expect(try worst(Double.self, [2, 3, 4], .su3, batch: batch) < 1e-12)
    #expect(try worst(Float.self, [2, 4], .su2, batch: batch) < 2e-5)
  }

  @Test("force on reference data", .enabled(if: ReferenceVectors.areEnabled))
  func reference() throws {
    for name in ReferenceVectors.names {
      for kind in ["hot", "smooth"] {
        let v = try ReferenceVectors(name)
        let u = try v.links("\(kind)_U")
        let action = try WilsonAction(beta: v.number("\(kind)_beta"), dimension: u.dimension)
        let force = action.force(of: u)
        for site in 0..<v.geometry.volume {
          for mu in 0..<u.dimension {
            let expected = v.matrix(v["\(kind)_force"], mu, site)
            #expect(
              (force[site, mu] - expected).frobeniusNorm < 1e-12 * max(1, expected.frobeniusNorm))
          }
        }
      }
    }
  }

  @Test("the force adds to what is there, times a factor, alike for 1, 2 and 3 threads")
  func threads() throws {
    defer { Threads.count = 2 }
    let u = try LinkField<Double>.hot([16, 8, 4, 6], .su3, seed: 3)
    let action = try Self.action(4)
    var start = AlgebraField<Double>(layout: u.layout, group: .su3)
    start.setGaussian(seed: 5)
    let count = u.layout.blockCount * 4 * 8
    func added(_ threads: Int) -> [SIMD8<Double>] {
      Threads.count = threads
      var p = start
      action.addForce(of: u, times: -0.25, to: &p)
      return Array(UnsafeBufferPointer(start: p.view.base, count: count))
    }
    let one = added(1)
    #expect(added(2) == one)
    #expect(added(3) == one)
    let force = action.force(of: u)
    for site in stride(from: 0, to: u.geometry.volume, by: 37) {
      let index = u.layout.locate(site: site)
      let block = index.block * 32
      let expected = start[site, 0] + Complex(-0.25) * force[site, 0]
      let found = one[block][index.lane]
      #expect(abs(found - expected[0, 0].imaginary) < 1e-13)
    }
  }
}
