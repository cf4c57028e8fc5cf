import Autodiff
import GaugeLayers
import Lattice
import TestSupport
import Testing

/// Links as ordinary images.
@Suite struct LinkImagesTests {
  @Test("every number in its place", arguments: PrimitiveCase.all)
  func values(_ c: PrimitiveCase) throws {
    let u = try c.links()
    let images = Tape().constant(u).images().value
    let (n, d, volume) = (c.group.n, c.extents.count, u.geometry.volume)
    #expect(images.shape == [c.batch, 2 * d * n * n] + c.extents.reversed())
    for member in 0..<c.batch {
      for site in 0..<volume {
        for mu in 0..<d {
          let m = u[site, mu, member]
          for k in 0..<(n * n) {
            let channel = 2 * (mu * n * n + k)
            let place = (member * 2 * d * n * n + channel) * volume + site
            #expect(images.values[place] == m[k / n, k % n].real)
            #expect(images.values[place + volume] == m[k / n, k % n].imaginary)
          }
        }
      }
    }
  }

  @Test("the adjoint", arguments: PrimitiveCase.all)
  func adjoint(_ c: PrimitiveCase) throws {
    let report = try checkGradients(at: try c.links()) { _, u in
      let x = u.images()
      return dot(x, x.value.randomDirection(seed: 3))
    }
    #expect(report.holds(1e-9), "\(report)")
  }

  @Test func threadsDoNotShow() throws {
    let u = try PrimitiveCase.large.links()
    #expect(
      try isIndependentOfThreads {
        let tape = Tape()
        let links = tape.variable(u)
        let x = links.images()
        return tape.gradients(of: x, cotangent: x.value.randomDirection(seed: 3))[links].numbers
      })
  }
}
