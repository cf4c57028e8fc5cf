import ComplexModule
import Compute
import Lattice
import Loops
import RealModule
import Sampling
import TestSupport
import Testing

/// Every observable of this module on independent reference data, hot and smooth, to 1e-12.
@Suite("Reference vectors of loops", .enabled(if: ReferenceVectors.areEnabled))
struct ReferenceVectorsTests {
  static let cases = ReferenceVectors.names.flatMap { name in
    ["hot", "smooth"].map { (name, $0) }
  }

  @Test("plaquettes, traced and untraced", arguments: cases)
  func plaquettes(_ name: String, _ kind: String) throws {
    let v = try ReferenceVectors(name)
    let u = try v.links("\(kind)_U")
    let plaq = v["\(kind)_plaq"]
    #expect(u.plaquetteField().largestDifference { v.matrix(plaq, $1, $0) } < 1e-12)
    #expect(abs(u.plaquette() - v.number("\(kind)_plaq_mean")) < 1e-12)
    let action = try WilsonAction(beta: v.number("\(kind)_beta"), dimension: u.dimension)
    let expected = v.number("\(kind)_action")
    #expect(abs(action.value(of: u) - expected) < 1e-12 * max(1, abs(expected)))
    let single = try v.links("\(kind)_U", Float.self)
    #expect(abs(single.plaquette() - v.number("\(kind)_plaq_mean")) < 1e-6)
  }

  @Test("Wilson loops of every plane", arguments: cases)
  func wilsonLoops(_ name: String, _ kind: String) throws {
    let v = try ReferenceVectors(name)
    let u = try v.links("\(kind)_U")
    let planes = v.geometry.planes
    for (r, t) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
      let array = v["\(kind)_W\(r)x\(t)"]
      let means = u.planeWilsonLoops(r, t).map { $0! }
      for (plane, (mu, nu)) in planes.enumerated() {
        let path = try LatticePath.rectangle(mu, nu, r, t, dimension: u.dimension)
        let traces = u.pathProduct(path).traces()
        var mean = Complex<Double>.zero
        for site in 0..<v.geometry.volume {
          let expected = v.number(array, plane, site)
          mean += expected / Complex(Double(v.geometry.volume))
          #expect((traces[site] - expected).length < 1e-12)
        }
        #expect((means[plane] - mean).length < 1e-12)
        #expect((u.wilsonLoop(mu, nu, r, t)! - mean).length < 1e-12)
        #expect((u.loopTrace(path)! - mean).length < 1e-12)
      }
    }
  }

  @Test("Polyakov loops of every direction", arguments: cases)
  func polyakovLoops(_ name: String, _ kind: String) throws {
    let v = try ReferenceVectors(name)
    let u = try v.links("\(kind)_U")
    let means = v["\(kind)_poly_mean"].values
    for mu in 0..<u.dimension {
      let traces = u.polyakovLoopField(mu).traces()
      for site in 0..<v.geometry.volume {
        #expect((traces[site] - v.number(v["\(kind)_poly"], mu, site)).length < 1e-12)
      }
      #expect((u.polyakovLoop(mu)! - means[mu]).length < 1e-12)
    }
    #expect(u.polyakovLoop() == u.polyakovLoop(u.dimension - 1))
  }

  @Test("staples and the force they make", arguments: cases)
  func staples(_ name: String, _ kind: String) throws {
    let v = try ReferenceVectors(name)
    let u = try v.links("\(kind)_U")
    let staple = v["\(kind)_staple"]
    let field = u.stapleField()
    #expect(field.largestDifference { v.matrix(staple, $1, $0) } < 1e-12)
    let force = v["\(kind)_force"]
    let factor = Complex(v.number("\(kind)_beta") / Double(v.group.n))
    let worst = largestDifference(
      (0..<v.geometry.volume).flatMap { site in
        (0..<u.dimension).map { mu in
          (
            factor * (u[site, mu] * field[site, mu]).tracelessAntihermitian,
            v.matrix(force, mu, site)
          )
        }
      })
    #expect(worst < 1e-11)
  }

  @Test("clover energy", arguments: cases)
  func cloverEnergy(_ name: String, _ kind: String) throws {
    let v = try ReferenceVectors(name)
    let u = try v.links("\(kind)_U")
    let energy = v.number("\(kind)_Eclov_t0")
    #expect(abs(u.cloverEnergy() - energy) < 1e-12)
    let plaquetteEnergy =
      u.planePlaquettes().reduce(0) { $0 + 2 * Double(v.group.n) * (1 - $1) }
    #expect(abs(plaquetteEnergy - v.number("\(kind)_Eplaq_t0")) < 1e-12)
    let f = u.cloverFieldStrength()
    let ofField = (0..<v.geometry.volume).reduce(0.0) { sum, site in
      (0..<f.channels).reduce(sum) { $0 + (f[site, $1] * f[site, $1]).trace.real }
    }
    #expect(abs(ofField / Double(v.geometry.volume) - energy) < 1e-12)
    let single = try v.links("\(kind)_U", Float.self)
    #expect(abs(single.cloverEnergy() - energy) < 1e-5)
  }

  @Test("topological charges of four-dimensional files", arguments: cases)
  func charges(_ name: String, _ kind: String) throws {
    let v = try ReferenceVectors(name)
    let u = try v.links("\(kind)_U")
    let definitions: [(ChargeDefinition, String)] = [
      (.clover, "clover"), (.cloverWithTrace, "clover_notrace"), (.plaquette, "plaq"),
    ]
    for (definition, key) in definitions {
      guard v.geometry.dimension == 4 else {
        #expect(u.topologicalCharge(definition) == nil)
        #expect(u.topologicalChargeDensity(definition) == nil)
        continue
      }
      let total = try #require(u.topologicalCharge(definition))
      #expect(abs(total - v.number("\(kind)_Q_\(key)")) < 1e-12)
      let density = try #require(u.topologicalChargeDensity(definition))
      for site in 0..<v.geometry.volume {
        #expect(abs(density[site] - v.number(v["\(kind)_q_\(key)"], 0, site).real) < 1e-12)
      }
    }
  }

  @Test("the given gauge transformation", arguments: ReferenceVectors.names)
  func gauged(_ name: String) throws {
    let v = try ReferenceVectors(name)
    let u = try v.links("hot_U")
    let omega = try v.sites("Omega")
    let gauged = u.transformed(by: omega)
    let expected = v["hot_U_gauged"]
    #expect(gauged.largestDifference { v.matrix(expected, $1, $0) } < 1e-12)
    let plaq = v["hot_plaq_gauged"]
    #expect(gauged.plaquetteField().largestDifference { v.matrix(plaq, $1, $0) } < 1e-12)
    #expect(
      u.plaquetteField().transformed(by: omega).largestDifference { v.matrix(plaq, $1, $0) }
        < 1e-12)
    #expect(abs(gauged.cloverEnergy() - v.number("hot_Eclov_t0")) < 1e-12)
    if v.geometry.dimension == 4 {
      #expect(abs(gauged.topologicalChargeClover()! - v.number("hot_Q_clover")) < 1e-12)
    }
  }
}
