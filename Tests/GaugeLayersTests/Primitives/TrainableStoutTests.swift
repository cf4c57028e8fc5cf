import Autodiff
import GaugeLayers
import Lattice
import Loops
import TestSupport
import Testing

@Suite("Trainable stout smearing", .serialized)
struct TrainableStoutTests {
  /// One weight, one a direction, and one a pair of directions.
  static func shapes(_ d: Int) -> [[Int]] { [[1], [d], [d, d]] }

  func rho(_ shape: [Int]) -> Tensor<Double> { weights(shape).map { 0.1 * $0 } }

  @Test("values are those of stout smearing", arguments: PrimitiveCase.all)
  func values(_ c: PrimitiveCase) throws {
    let d = c.extents.count
    for u in [try c.links(), try c.openLinks()] {
      for shape in Self.shapes(d) {
        let rho = rho(shape)
        let tape = Tape()
        let found = try tape.constant(u).stoutSmeared(rho: tape.constant(rho)).value
        let matrix = (0..<d).map { mu in
          (0..<d).map { nu in
            shape == [1] ? rho[0] : shape == [d] ? rho[mu] : rho[mu, nu]
          }
        }
        let expected = u.stoutSmeared(rho: matrix)
        for member in 0..<c.batch {
          #expect(found.largestDifference(member: member) { expected[$0, $1, member] } < 1e-13)
        }
      }
    }
  }

  @Test("derivatives with respect to links and weights", arguments: PrimitiveCase.all)
  func gradients(_ c: PrimitiveCase) throws {
    let d = c.extents.count
    for shape in Self.shapes(d) {
      let report = try checkGradients(at: try c.links(), rho(shape), directions: 2) {
        _, u, rho in try linkLoss(u.stoutSmeared(rho: rho))
      }
      #expect(report.holds(1e-9), "\(report)")
    }
    // Two steps one after the other, with open boundaries.
    let report = try checkGradients(at: try c.openLinks(), rho([d, d]), directions: 2) {
      _, u, rho in
      try u.stoutSmeared(rho: rho).stoutSmeared(rho: rho).plaquettes().loss()
    }
    #expect(report.holds(1e-9), "\(report)")
  }

  @Test(
    "the reference smearing", .enabled(if: ReferenceVectors.areEnabled),
    arguments: ReferenceVectors.names)
  func reference(_ name: String) throws {
    let v = try ReferenceVectors(name)
    for kind in ["hot", "smooth"] {
      let tape = Tape()
      let rho = tape.constant(try Tensor<Double>(shape: [1], values: [0.1]))
      let found = try tape.constant(v.links("\(kind)_U")).stoutSmeared(rho: rho).value
      let expected = v["\(kind)_stout_rho0.1"]
      #expect(found.largestDifference { v.matrix(expected, $1, $0) } < 1e-12)
    }
  }

  @Test("covariance of links and forces", arguments: PrimitiveCase.all)
  func covariance(_ c: PrimitiveCase) throws {
    let (u, g) = (try c.links(), try c.transformation())
    let rho = rho([c.extents.count])
    func force(_ u: LinkField<Double>) throws -> (LinkField<Double>, AlgebraField<Double>) {
      let tape = Tape()
      let links = tape.variable(u)
      let smeared = try links.stoutSmeared(rho: tape.constant(rho))
      let traces: Variable<ScalarField<Double>> = smeared.plaquettes().realTraces()
      let loss = dot(traces.sumOverSites(), weights(traces.sumOverSites().value.shape))
      return (smeared.value, tape.gradients(of: loss)[links])
    }
    let (before, after) = (try force(u), try force(u.transformed(by: g)))
    let expected = before.0.transformed(by: g)
    for member in 0..<c.batch {
      #expect(after.0.largestDifference(member: member) { expected[$0, $1, member] } < 1e-10)
    }
    #expect(after.1.largestDifference(before.1.transformed(by: g)) < 1e-10)
  }

  @Test func threadsDoNotShow() throws {
    let u = try PrimitiveCase.large.links()
    #expect(
      try isIndependentOfThreads {
        let tape = Tape()
        let (links, rho) = (tape.variable(u), tape.variable(rho([2, 2])))
        let gradients = tape.gradients(of: try linkLoss(links.stoutSmeared(rho: rho)))
        return gradients[rho].values + gradients[links].numbers
      })
  }

  @Test func otherShapesAreRefused() throws {
    let tape = Tape()
    let u = tape.constant(try PrimitiveCase(group: .su2, extents: [3, 2]).links())
    #expect(
      throws: LayerError.shape(
        layer: "stout smearing", name: "rho", expected: [2, 2], found: [3])
    ) { try u.stoutSmeared(rho: tape.constant(weights([3]))) }
  }
}
