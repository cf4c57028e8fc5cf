import Autodiff
import ComplexModule
import GaugeLayers
import Lattice
import RealModule
import TestSupport
import Testing

@Suite("Trace norm", .serialized)
struct TraceNormTests {
  @Test("values in plain arithmetic", arguments: PrimitiveCase.all)
  func values(_ c: PrimitiveCase) throws {
    let w = try c.sites(3)
    let epsilon = 1e-3
    let x = Tape().constant(w)
    let (sites, members) = (
      try x.traceNormalised(.perSite, epsilon: epsilon).value,
      try x.traceNormalised(.perMember, epsilon: epsilon).value
    )
    let volume = w.geometry.volume
    for member in 0..<c.batch {
      let means = (0..<volume).map { site in
        (0..<3).reduce(0) { $0 + w[site, $1, member].trace.length } / Double(3 * c.group.n)
      }
      let mean = means.reduce(0, +) / Double(volume)
      #expect(
        sites.largestDifference(member: member) {
          Complex(1 / (means[$0] + epsilon)) * w[$0, $1, member]
        } < 1e-12)
      #expect(
        members.largestDifference(member: member) {
          Complex(1 / (mean + epsilon)) * w[$0, $1, member]
        } < 1e-12)
    }
  }

  @Test("derivatives", arguments: PrimitiveCase.all, TraceNormScope.allCases)
  func gradients(_ c: PrimitiveCase, _ scope: TraceNormScope) throws {
    let w = try c.sites(3)
    let report = try checkGradients(at: w, step: 0.005) { _, w in
      try w.traceNormalised(scope, epsilon: 0.1).loss()
    }
    #expect(report.holds(1e-9), "\(report)")
  }

  @Test("covariance and the size of the result", arguments: PrimitiveCase.all)
  func covariance(_ c: PrimitiveCase) throws {
    let (w, g) = (try c.sites(2), try c.transformation())
    for scope in TraceNormScope.allCases {
      func normalised(_ w: SiteField<Double>) throws -> SiteField<Double> {
        try Tape().constant(w).traceNormalised(scope, epsilon: 1e-6).value
      }
      let before = try normalised(w)
      let scale = max(1, before.realInnerProduct(before).squareRoot())
      #expect(
        try normalised(w.transformed(by: g)).largestDifference(before.transformed(by: g))
          < 1e-10 * scale)
      #expect(
        try normalised(w.shifted(by: c.displacement)).largestDifference(
          before.shifted(by: c.displacement)) < 1e-10 * scale)
      // A million times the field has the same norm.
      let large = try normalised(Tape().constant(w).scaled(by: 1e6).value)
      #expect(large.largestDifference(before) < 1e-4 * scale)
    }
  }

  @Test func membersDoNotFeelEachOtherAndThreadsDoNotShow() throws {
    let w = try PrimitiveCase.large.sites(2)
    var other = w
    other[3, 0, 7] = Complex(100) * w[3, 0, 7]
    func normalised(_ w: SiteField<Double>) throws -> (SiteField<Double>, SiteField<Double>) {
      let tape = Tape()
      let x = tape.variable(w)
      let y = try x.traceNormalised(.perMember)
      return (y.value, tape.gradients(of: try y.loss())[x])
    }
    let (a, b) = (try normalised(w), try normalised(other))
    for site in [0, 100, 255] {
      #expect(a.0[site, 1, 6] == b.0[site, 1, 6] && a.1[site, 1, 6] == b.1[site, 1, 6])
      #expect(a.0[site, 1, 7] != b.0[site, 1, 7])
    }
    #expect(
      try isIndependentOfThreads {
        let (value, gradient) = try normalised(w)
        return value.numbers + gradient.numbers
      })
  }

  @Test func anEpsilonThatIsNotPositiveIsRefused() throws {
    let w = Tape().constant(try PrimitiveCase(group: .su2, extents: [3, 2]).sites(2))
    for epsilon in [0, -1, Double.nan, .infinity] {
      #expect(throws: LayerError.self) { try w.traceNormalised(epsilon: epsilon) }
    }
  }
}
