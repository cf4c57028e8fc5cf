import Autodiff
import ComplexModule
import GaugeLayers
import Lattice
import Loops
import TestSupport
import Testing

@Suite("Loops on a tape", .serialized)
struct LoopsTests {
  /// Loops that wind, go back on themselves, cross a link twice and wrap around extents 2.
  static func paths(_ d: Int) throws -> [LatticePath] {
    let texts = ["+x +t -x -t", "-x +t +t +x -t -t", "+x +x +t -x -x -t +x -x", "-t -x +t +x", ""]
    return try texts.map { try LatticePath($0, dimension: d) }
  }

  @Test("values are the products of links", arguments: PrimitiveCase.all)
  func values(_ c: PrimitiveCase) throws {
    let u = try c.links()
    let links = Tape().constant(u)
    let paths = try Self.paths(c.extents.count)
    let loops = try links.loops(paths).value
    for (channel, path) in paths.enumerated() {
      let expected = u.pathProduct(path)
      for member in 0..<c.batch {
        for site in 0..<u.geometry.volume {
          #expect(loops[site, channel, member] == expected[site, 0, member])
        }
      }
    }
    #expect(links.plaquettes().value.largestDifference(u.plaquetteField()) == 0)
    let polyakov = links.polyakovLoops().value
    for mu in c.extents.indices {
      let expected = u.polyakovLoopField(mu)
      for member in 0..<c.batch {
        #expect(
          polyakov.largestDifference(member: member) { site, channel in
            channel == mu ? expected[site, 0, member] : polyakov[site, channel, member]
          } < 1e-13)
      }
    }
  }

  @Test("the force of every kind of loop", arguments: PrimitiveCase.all)
  func gradients(_ c: PrimitiveCase) throws {
    let u = try c.links()
    let paths = try Self.paths(c.extents.count)
    let loops = try checkGradients(at: u) { _, u in try u.loops(paths).loss() }
    #expect(loops.holds(1e-9), "\(loops)")
    let plaquettes = try checkGradients(at: u) { _, u in try u.plaquettes().loss() }
    #expect(plaquettes.holds(1e-9), "\(plaquettes)")
    let polyakov = try checkGradients(at: u) { _, u in try u.polyakovLoops().loss() }
    #expect(polyakov.holds(1e-9), "\(polyakov)")
  }

  @Test("the force with open boundaries", arguments: PrimitiveCase.all)
  func openGradients(_ c: PrimitiveCase) throws {
    let u = try c.openLinks()
    let paths = try Self.paths(c.extents.count).filter { $0.length > 0 }
    let report = try checkGradients(at: u) { _, u in try u.loops(paths).loss() }
    #expect(report.holds(1e-9), "\(report)")
    let tape = Tape()
    let links = tape.variable(u)
    let force = tape.gradients(of: try links.loops(paths).loss())[links]
    for site in 0..<u.geometry.volume {
      for mu in c.extents.indices where !u.boundary.hasLink(mu, at: site, in: u.geometry) {
        #expect(force[site, mu].frobeniusNorm == 0)
      }
    }
    let polyakov = tapeless(u).polyakovLoops().value
    #expect(polyakov[0, 0].frobeniusNorm == 0)
  }

  func tapeless(_ u: LinkField<Double>) -> Variable<LinkField<Double>> { Tape().constant(u) }

  @Test("the force of open paths, from the elements at their starts", arguments: PrimitiveCase.all)
  func openPaths(_ c: PrimitiveCase) throws {
    let u = try c.links()
    for text in ["+t", "-x", "+x +t -x", "-t -t +x"] {
      let path = try LatticePath(text, dimension: c.extents.count)
      let probe = try c.sites(1, seed: 20)
      var force = u.zeroCotangent()
      let element = SiteAlgebra(products: u.pathProduct(path), cotangent: probe, channel: 0)
      addPathForce(of: element, along: path, links: u, to: &force)
      let direction = u.randomDirection(seed: 3)
      let h = 1e-3
      var difference = 0.0
      for (step, weight) in [(1.0, 45.0), (2, -9), (3, 1)] {
        for sign in [1.0, -1] {
          let moved = u.moved(along: direction, by: sign * step * h)
          difference += sign * weight * probe.realInnerProduct(moved.pathProduct(path)) / (60 * h)
        }
      }
      let slope = LinkField.derivative(force, along: direction)
      #expect(abs(slope - difference) < 1e-9 * max(1, abs(slope)))
    }
  }

  @Test("loops and their forces are gauge covariant", arguments: PrimitiveCase.all)
  func covariance(_ c: PrimitiveCase) throws {
    let (u, g) = (try c.links(), try c.transformation())
    let paths = try Self.paths(c.extents.count)
    let probe = try c.sites(paths.count, seed: 20)
    func force(_ u: LinkField<Double>, _ probe: SiteField<Double>) throws
      -> (SiteField<Double>, AlgebraField<Double>)
    {
      let tape = Tape()
      let links = tape.variable(u)
      let loops = try links.loops(paths)
      let gradient = tape.gradients(of: try loops.innerProduct(with: probe))[links]
      return (loops.value, gradient)
    }
    let (before, after) = (
      try force(u, probe), try force(u.transformed(by: g), probe.transformed(by: g))
    )
    #expect(after.0.largestDifference(before.0.transformed(by: g)) < 1e-10)
    #expect(after.1.largestDifference(before.1.transformed(by: g)) < 1e-10)
    let shifted = try force(
      u.shifted(by: c.displacement), probe.shifted(by: c.displacement))
    #expect(shifted.0.largestDifference(before.0.shifted(by: c.displacement)) < 1e-10)
    var moved = 0.0
    for site in 0..<u.geometry.volume {
      let x = zip(u.geometry.coordinates(of: site), c.displacement).map { $0 + $1 }
      for mu in c.extents.indices {
        moved = max(
          moved,
          (shifted.1[site, mu] - before.1[u.geometry.site(at: x), mu]).frobeniusNorm)
      }
    }
    #expect(moved < 1e-10)
  }

  func force<S>(_ u: LinkField<S>) throws -> AlgebraField<S> {
    let tape = Tape()
    let links = tape.variable(u)
    let loops = try links.loops(try Self.paths(u.dimension))
    return tape.gradients(of: try loops.loss())[links]
  }

  @Test("single precision agrees", arguments: PrimitiveCase.all)
  func singlePrecision(_ c: PrimitiveCase) throws {
    let (double, single) = (
      try force(c.links(Double.self)), try force(c.links(Float.self))
    )
    for site in 0..<double.geometry.volume {
      for mu in c.extents.indices {
        #expect((double[site, mu] - single[site, mu]).frobeniusNorm < 1e-4)
      }
    }
  }

  @Test func threadsDoNotShow() throws {
    let u = try PrimitiveCase.large.links()
    #expect(
      try isIndependentOfThreads {
        let result = try force(u)
        return result.numbers
      })
  }

  @Test func pathsThatAreNoLoopsAreRefused() throws {
    let u = try LinkField<Double>(try Geometry([3, 4]), group: .su2)
    let links = Tape().constant(u)
    let open = try LatticePath("+x +y", dimension: 2)
    #expect(
      throws: LayerError.openPath("+x +y", lattice: "3x4", displacement: [1, 1])
    ) { try links.loops([open]) }
    let other = try LatticePath("+x -x", dimension: 3)
    #expect(throws: LayerError.pathDimension(path: "+x -x", expected: 2, found: 3)) {
      try links.loops([other])
    }
    #expect(throws: LayerError.noChannels(layer: "loops")) { try links.loops([]) }
    let winding = try LatticePath("+x +x +x", dimension: 2)
    #expect(try links.loops([winding]).value.channels == 1)
  }
}
