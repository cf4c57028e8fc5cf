import ComplexModule
import Compute
import Lattice
import RealModule
import TestSupport
import Testing

/// Links that leave an open lattice are zero and stay zero; means run over the others.
@Suite("Link fields with open boundaries")
struct OpenLinkFieldTests {
  /// Whether exactly the missing links are zero, with no sign and no NaN anywhere.
  func isWhole<S>(_ u: LinkField<S>) -> Bool {
    for member in 0..<u.batch {
      for site in 0..<u.geometry.volume {
        for mu in 0..<u.dimension {
          let m = u[site, mu, member]
          let exists = u.boundary.hasLink(mu, at: site, in: u.geometry)
          let isZero = m.elements.allSatisfy { $0.real == 0 && $0.imaginary == 0 }
          let hasSign = m.elements.contains {
            $0.real.sign == .minus || $0.imaginary.sign == .minus
          }
          if isZero == exists || (!exists && hasSign) { return false }
          if exists && !(abs(m.frobeniusNorm - Double(u.group.n).squareRoot()) < 0.1) {
            return false
          }
        }
      }
    }
    return u.boundary.anyOpen
  }

  func check<S: LatticeReal>(_ group: GaugeGroup, as: S.Type) throws {
    for (extents, isOpen) in openCases {
      let boundary = Boundary(isOpen: isOpen)
      let eps = tolerance(S.self)
      var u = try LinkField<S>(
        Geometry(extents), group: group, batch: 3, boundary: boundary)
      #expect(isWhole(u) && u.linkTrace(member: 2) == 1 && u.plaquette() == 1)
      #expect(u.unitarityViolation() == 0)
      u.setNearUnit(epsilon: 0.3, seed: 3)
      #expect(isWhole(u))
      u.setHaarRandom(seed: 4)
      #expect(isWhole(u))
      for method in Reunitarization.allCases {
        u.reunitarize(method)
        #expect(isWhole(u))
        #expect(u.reunitarized(method).boundary == boundary)
      }
      #expect(u.unitarityViolationsOfMembers().allSatisfy { $0 < eps })
      var g = SiteField<S>(layout: u.layout, group: group)
      g.setHaarRandom(seed: 5)
      #expect(isWhole(u.transformed(by: g)) && isWhole(u.chargeConjugated()))
      let displacement = isOpen.enumerated().map { $1 ? 0 : $0 + 1 }
      #expect(isWhole(u.shifted(by: displacement)))
      var x = AlgebraField<S>(layout: u.layout, group: group)
      x.setGaussian(seed: 6)
      u.multiplyByExponential(of: x, times: 0.2)
      #expect(isWhole(u))
      var y = x
      y.clearMissingLinks(of: boundary)
      for site in 0..<u.geometry.volume {
        for mu in 0..<u.dimension {
          let exists = boundary.hasLink(mu, at: site, in: u.geometry)
          #expect(y[site, mu, 1] == (exists ? x[site, mu, 1] : .zero(group.n)))
        }
      }

      // Numbers for links that do not exist are passed over.
      var copy = try LinkField<S>(Geometry(extents), group: group, boundary: boundary)
      let full = try LinkField<S>.hot(extents, group, seed: 8)
      let numbers = UnsafeMutableBufferPointer<Double>.allocate(
        capacity: full.geometry.volume * full.numbersPerSite)
      defer { numbers.deallocate() }
      full.exportSites(0..<full.geometry.volume, to: numbers)
      copy.importSites(0..<full.geometry.volume, from: UnsafeBufferPointer(numbers))
      #expect(isWhole(copy))
      #expect(copy.boundaryOfContent() == boundary)
      #expect(full.boundaryOfContent() == .periodic(extents.count))

      // Opening is the same; closing gives unit links.
      var opened = full
      opened.setBoundary(boundary)
      #expect(opened.largestDifference { copy[$0, $1] } == 0)
      opened.setBoundary(.periodic(extents.count))
      #expect(opened.unitarityViolation() < eps && opened.boundaryOfContent() == opened.boundary)
    }
  }

  @Test("missing links are zero after everything", arguments: [GaugeGroup.u1, .su2, .su3, .su4])
  func zero(_ group: GaugeGroup) throws {
    try check(group, as: Double.self)
    try check(group, as: Float.self)
  }

  func means<S: LatticeReal>(_ group: GaugeGroup, as: S.Type) throws {
    for (extents, isOpen) in openCases {
      let boundary = Boundary(isOpen: isOpen)
      var u = try LinkField<S>(Geometry(extents), group: group, batch: 3, boundary: boundary)
      u.setHaarRandom(seed: 9)
      let eps = tolerance(S.self)
      for member in 0..<3 {
        let plain = ReferenceLattice(u, member: member)
        let planes = u.geometry.planes
        let paths = planes.map { ReferenceLattice.rectangle($0.mu, $0.nu, 1, 1) }
        for (path, value) in zip(paths, u.planePlaquettes(member: member)) {
          #expect(abs(value - plain.meanTrace([path], boundary)!.real) < eps)
        }
        #expect(abs(u.plaquette(member: member) - plain.meanTrace(paths, boundary)!.real) < eps)
        var (sum, count) = (0.0, 0.0)
        for site in 0..<u.geometry.volume {
          for mu in 0..<u.dimension where boundary.hasLink(mu, at: site, in: u.geometry) {
            sum += u[site, mu, member].trace.real / Double(group.n)
            count += 1
          }
        }
        #expect(abs(u.linkTrace(member: member) - sum / count) < eps)
      }
    }
  }

  @Test(
    "plaquettes and link trace are means over what exists",
    arguments: [GaugeGroup.u1, .su2, .su3, .su4])
  func observables(_ group: GaugeGroup) throws {
    try means(group, as: Double.self)
    try means(group, as: Float.self)
  }

  @Test("a zero link that exists is seen by the unitarity violation")
  func violation() throws {
    var u = try LinkField<Double>(
      Geometry([4, 3, 4]), group: .su2, boundary: Boundary(isOpen: [false, false, true]))
    u[0, 2] = .zero(2)
    #expect(abs(u.unitarityViolation() - 2.0.squareRoot()) < 1e-14)
    #expect(u.boundaryOfContent() == u.boundary)
  }
}
