import ComplexModule
import Compute
import Lattice
import Loops
import TestSupport
import Testing

@Suite("Terms of the Schwinger-Dyson equations", .serialized)
struct SchwingerDysonTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let group: GaugeGroup
    let extents: [Int]
    var open: [Int] = []
    var boundaryWeight = 1.0

    var testDescription: String { "\(group) on \(extents), open \(open)" }

    func field(batch: Int = 1) throws -> LinkField<Double> {
      var u = try LinkField<Double>.hot(extents, group, batch: batch, seed: 41)
      u.setBoundary(Boundary(isOpen: extents.indices.map(open.contains)))
      return u
    }

    /// All that have a Laplacian, with a coupling of its own in every plane.
    func actions() throws -> [any LaplacianAction] {
      let d = extents.count
      let couplings = (0..<(d * (d - 1) / 2)).map { 1 - 0.3 * Double($0) }
      var result: [any LaplacianAction] = [
        try WilsonAction(couplings: couplings, dimension: d, boundaryWeight: boundaryWeight),
        try RectangleAction(couplings: couplings, dimension: d),
        try ImprovedAction(beta: 1.4, anisotropy: 1.3, c1: -0.2, dimension: d),
      ]
      if d == 4 { result.append(try ThetaAction(theta: 1.7, dimension: 4)) }
      return result
    }
  }

  /// Extents of 2, where links occur twice, open ones, and N up to 4.
  static let cases = [
    Case(group: .u1, extents: [3, 2]), Case(group: .u1, extents: [2, 3, 2, 4]),
    Case(group: .u1, extents: [2, 4, 3], open: [0, 2], boundaryWeight: 0.5),
    Case(group: .su2, extents: [2, 2]), Case(group: .su2, extents: [3, 2, 4]),
    Case(group: .su2, extents: [2, 2, 3, 2]), Case(group: .su3, extents: [2, 3]),
    Case(group: .su3, extents: [2, 3, 2], open: [1]), Case(group: .su4, extents: [3, 2]),
  ]

  /// Sums over links and generators by central differences of fourth order.
  struct Differences {
    var laplacians: [Double]
    var products: [[Double]]

    init(_ u: LinkField<Double>, member: Int, _ actions: [any LaplacianAction]) {
      let h = 0.02
      laplacians = actions.map { _ in 0 }
      products = actions.map { _ in actions.map { _ in 0 } }
      let centre = actions.map { $0.value(of: u, member: member) }
      for site in 0..<u.geometry.volume {
        for mu in 0..<u.dimension where u.boundary.hasLink(mu, at: site, in: u.geometry) {
          for generator in Self.generators(u.group) {
            var x = AlgebraField<Double>(layout: u.layout, group: u.group)
            x[site, mu, member] = generator
            let values = [-2.0, -1, 1, 2].map { step in
              var moved = u
              moved.multiplyByExponential(of: x, times: step * h)
              return actions.map { $0.value(of: moved, member: member) }
            }
            let slopes = actions.indices.map { k in
              (values[0][k] - 8 * values[1][k] + 8 * values[2][k] - values[3][k]) / (12 * h)
            }
            for j in actions.indices {
              laplacians[j] +=
                (16 * (values[1][j] + values[2][j]) - values[0][j] - values[3][j] - 30 * centre[j])
                / (12 * h * h)
              for k in actions.indices { products[j][k] += slopes[j] * slopes[k] }
            }
          }
        }
      }
    }

    /// T^a with tr(T^a T^b) = -1/2 delta_ab; i for U(1).
    static func generators(_ group: GaugeGroup) -> [ComplexMatrix] {
      let n = group.n
      let i = Complex<Double>(0, 1)
      if group == .u1 { return [ComplexMatrix(n: 1) { _, _ in i }] }
      var result = [ComplexMatrix]()
      for a in 0..<n {
        for b in (a + 1)..<max(n, a + 1) {
          for factor in [Complex(0.5), Complex(0, 0.5)] {
            var m = ComplexMatrix.zero(n)
            m[a, b] = factor
            m[b, a] = -factor.conjugate
            result.append(m)
          }
        }
      }
      for a in 1..<n {
        var m = ComplexMatrix.zero(n)
        let norm = 1 / Double(2 * a * (a + 1)).squareRoot()
        for b in 0..<a { m[b, b] = Complex(0, norm) }
        m[a, a] = Complex(0, -Double(a) * norm)
        result.append(m)
      }
      return result
    }
  }

  @Test("Laplacians and products of gradients are those of central differences", arguments: cases)
  func differences(_ c: Case) throws {
    let u = try c.field(batch: 3)
    let actions = try c.actions()
    let terms = SchwingerDyson.ofMembers(u, terms: actions)
    let links = (0..<u.dimension).reduce(0) { $0 + u.boundary.linkCount($1, in: u.geometry) }
    let member = 2
    let expected = Differences(u, member: member, actions)
    for j in actions.indices {
      let laplacian = expected.laplacians[j] / Double(links)
      #expect(abs(terms[member].laplacians[j] - laplacian) < 1e-6, "\(actions[j].name)")
      for k in actions.indices {
        let product = expected.products[j][k] / Double(links)
        #expect(abs(terms[member].products[j][k] - product) < 1e-6)
        #expect(terms[member].products[j][k] == terms[member].products[k][j])
      }
    }
  }

  @Test("every member of a batch is what it is alone, in both precisions", arguments: cases)
  func members(_ c: Case) throws {
    let u = try c.field(batch: 3)
    let actions = try c.actions()
    let terms = SchwingerDyson.ofMembers(u, terms: actions)
    var rounded = try singlePrecision(u)
    rounded.setBoundary(u.boundary)
    let single = SchwingerDyson.ofMembers(rounded, terms: actions)
    for member in 0..<3 {
      var one = try u.alone(member)
      one.setBoundary(u.boundary)
      let alone = SchwingerDyson.ofMembers(one, terms: actions)[0]
      for j in actions.indices {
        #expect(abs(alone.laplacians[j] - terms[member].laplacians[j]) < 1e-12)
        #expect(abs(single[member].laplacians[j] - terms[member].laplacians[j]) < 1e-4)
        for k in actions.indices {
          #expect(abs(alone.products[j][k] - terms[member].products[j][k]) < 1e-12)
          #expect(abs(single[member].products[j][k] - terms[member].products[j][k]) < 1e-4)
        }
      }
    }
  }

  /// U(1), one angle: S = 1 - cos, D D S = cos; a plaquette has four of them.
  @Test("a plaquette of U(1) has the Laplacian 4 cos")
  func cosine() throws {
    let u = try LinkField<Double>.hot([4, 6], .u1, seed: 42)
    let sum = u.planePlaquettes()[0] * 24
    #expect(abs(try WilsonAction(beta: 1, dimension: 2).laplacian(of: u) - 4 * sum) < 1e-12)
    #expect(GaugeGroup.su3.casimir == 4.0 / 3 && GaugeGroup.su2.casimir == 0.75)
  }

  /// sum over links of D D S is the sum over sites of one local function, so signs of Q show.
  @Test("the charge is an eigenfunction, and in two dimensions harmonic where it exists")
  func charge() throws {
    let u = try LinkField<Double>.hot([4, 2, 4, 2], .su3, seed: 43)
    let action = try ThetaAction(theta: 0.7, dimension: 4)
    let expected = -8 * (4.0 / 3) * action.value(of: u)
    #expect(abs(action.laplacian(of: u) - expected) < 1e-12 * abs(expected))
    let flat = try LinkField<Double>.hot([4, 6], .u1, seed: 44)
    #expect(try ThetaAction(theta: 1, dimension: 2).laplacian(of: flat) == 0)
  }
}
