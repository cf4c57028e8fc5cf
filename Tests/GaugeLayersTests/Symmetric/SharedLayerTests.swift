import GaugeLayers
import Groups
import LatticeSymmetry
import TestSupport
import Testing

/// Layers whose weights are shared under the lattice group: equivariance under it and under gauge
/// transformations, derivatives, composition.
@Suite struct SharedLayerTests {
  /// Every pair of neighbouring labels, and the regular representation, under all eight elements.
  @Test(arguments: [
    [PermutedLabels.corners, .directions, .scalar], [.orientedPlanes, .corners, .regular],
    [.regular, .regular, .orientedPlanes], [.scalar, .scalar, .corners],
  ])
  func layersCommuteWithTheSquaresGroup(_ labels: [PermutedLabels]) throws {
    let group = try FiniteGroup(named: "B2")
    let stack = try SharedStack(group, labels)
    let parameters = try stack.parameters()
    let links = try PrimitiveCase(group: .su3, extents: [4, 4]).links()
    for g in 0..<group.order {
      #expect(try stack.equivarianceError(links, parameters, g) < 1e-12, "\(group.labels[g])")
    }
  }

  @Test func mergedLayersCommuteWithTheSquaresGroup() throws {
    let group = try FiniteGroup(named: "B2 x C")
    let corners = try ChannelRepresentation(group, .corners)
    let kernel = try TransportKernel(size: 3, isSymmetric: true)
    let layer = try SharedLayer(.convolutionBilinear(kernel), from: corners, to: corners)
    let parameters: Parameters<Double> = try layer.initialParameters(seed: 2)
    let links = try PrimitiveCase(group: .su3, extents: [5, 5], batch: 2).links()
    func output(_ links: LinkField<Double>) throws -> SiteField<Double> {
      let tape = Tape()
      let u = tape.constant(links)
      return try layer(u.corners(), links: u, tape.constant(parameters)).value
    }
    let here = try output(links)
    for g in 0..<group.order {
      let moved = try output(links.image(under: LatticeOperation(group.operations![g])))
      #expect(relativeDifference(moved, try corners.image(of: here, under: g)) < 1e-12)
    }
  }

  /// Generators and random elements of the 384.
  @Test func layersCommuteWithTheHypercubesGroup() throws {
    let group = try FiniteGroup(named: "B4")
    let stack = try SharedStack(group, [.corners, .orientedPlanes, .directions, .scalar])
    let parameters = try stack.parameters()
    let links = try PrimitiveCase(group: .su2, extents: [2, 2, 2, 2]).links()
    var random = SplitMix64(seed: 12)
    let elements = group.generators + (0..<6).map { _ in Int(random.next() % 384) }
    for g in elements {
      #expect(try stack.equivarianceError(links, parameters, g) < 1e-12, "\(group.labels[g])")
    }
    // Odd extents, where forward and backward neighbours differ.
    let wide = try PrimitiveCase(group: .su2, extents: [3, 3, 3, 3]).links()
    #expect(try stack.equivarianceError(wide, parameters, group.generators.last!) < 1e-12)
  }

  /// The check can fail: weights of other orbits break it.
  @Test func weightsThatAreNotSharedBreakIt() throws {
    let (whole, part) = (try FiniteGroup(named: "B2"), try FiniteGroup(named: "B2+"))
    let stack = try SharedStack(part, [.corners, .scalar])
    let parameters = try stack.parameters()
    let links = try PrimitiveCase(group: .su3, extents: [4, 4]).links()
    let output = try ChannelRepresentation(whole, .scalar, copies: 2)
    var errors = [Double]()
    for g in 0..<8 {
      let moved = try stack.value(
        links.image(under: LatticeOperation(whole.operations![g])), parameters)
      let expected = try output.image(of: stack.value(links, parameters), under: g)
      errors.append(relativeDifference(moved, expected))
    }
    #expect(errors.filter { $0 < 1e-12 }.count == 4 && errors.filter { $0 > 0.01 }.count == 4)
  }

  @Test func gaugeCovarianceIsExact() throws {
    let c = PrimitiveCase(group: .su3, extents: [3, 4, 2], batch: 2)
    let (links, g) = (try c.links(), try c.transformation())
    let stack = try SharedStack(
      FiniteGroup.actingOnLattice(named: "timeReversal", dimension: 3), [.corners, .regular])
    let parameters = try stack.parameters()
    let turned = try stack.value(links.transformed(by: g), parameters)
    #expect(
      relativeDifference(turned, try stack.value(links, parameters).transformed(by: g)) < 1e-12)
  }

  @Test func derivativesAreThoseOfDifferences() throws {
    let group = try FiniteGroup(named: "B2")
    let stack = try SharedStack(group, [.corners, .scalar])
    let links = try PrimitiveCase(group: .su3, extents: [3, 3]).links()
    let report = try checkGradients(at: links, try stack.parameters()) { _, links, parameters in
      try stack(links, parameters).loss()
    }
    #expect(report.holds(1e-8), "\(report)")
  }

  /// Orbits of pairs under a group that acts freely on the outputs: as many as entries per output.
  @Test func weightsAreAsManyAsOrbits() throws {
    let group = try FiniteGroup(named: "B4")
    let corners = try ChannelRepresentation(group, .corners)
    let near = try TransportKernel(size: 2, isSymmetric: true)
    let convolution = try SharedLayer(.convolution(near), from: corners, to: corners)
    let bilinear = try SharedLayer(.bilinear, from: corners, to: corners)
    // By Burnside's lemma: the mean number of entries that an element keeps.
    func orbits(_ fixed: (_ corners: Int, _ terms: Int) -> Int) -> Int {
      let sum = (0..<group.order).reduce(0) { sum, g in
        let kept = corners.images(under: g).enumerated().filter { $0 == $1 }.count
        let axes = group.operations![g].axes
        let terms = 1 + (0..<4).filter { axes.image(of: $0) == ($0, 1) }.count * 2
        return sum + fixed(kept, terms)
      }
      return sum / group.order
    }
    #expect(convolution.orbitCount == orbits { $0 * $0 * $1 })
    #expect(bilinear.orbitCount == orbits { kept, _ in kept * (2 * kept + 1) * (2 * kept + 1) })
    #expect(convolution.denseCount == 48 * 48 * 9 && bilinear.denseCount == 48 * 97 * 97)
  }
}
