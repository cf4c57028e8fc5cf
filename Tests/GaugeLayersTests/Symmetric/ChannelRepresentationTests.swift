import GaugeLayers
import Groups
import LatticeSymmetry
import TestSupport
import Testing

/// Channels that symmetries permute: products of elements, loops, numbers of labels, refusals.
@Suite struct ChannelRepresentationTests {
  @Test(arguments: ["B2", "B3", "B4", "B2 x C", "Oh x T", "timeReversal"])
  func imagesOfProductsAreImagesOfImages(_ name: String) throws {
    let dimension = ["B2": 2, "B2 x C": 2, "B3": 3][name] ?? 4
    let group = try FiniteGroup.actingOnLattice(named: name, dimension: dimension)
    let parts =
      PermutedLabels.allCases.map { ChannelRepresentation.Part($0, copies: 2) }
      + [.init(.corners, hasCharges: true)]
    let all = try ChannelRepresentation(group, parts)
    var random = SplitMix64(seed: 4)
    for _ in 0..<20 {
      let (g, h) = (
        Int(random.next() % UInt64(group.order)), Int(random.next() % UInt64(group.order))
      )
      let (first, second) = (all.images(under: h), all.images(under: g))
      #expect(first.sorted() == Array(0..<all.channels))
      #expect(all.images(under: group.product(g, h)) == first.map { second[$0] })
    }
  }

  @Test(arguments: [(2, [1, 4, 2, 8, 8]), (3, [1, 6, 6, 24, 48]), (4, [1, 8, 12, 48, 384])])
  func labelsHaveTheirNumbers(_ dimension: Int, _ counts: [Int]) throws {
    let group = try FiniteGroup(named: "B\(dimension)")
    #expect(PermutedLabels.allCases.map { $0.count(under: group) } == counts)
  }

  /// All of them permute without any adjoint: the image of a loop is the loop of the image, to the last bit.
  @Test(arguments: [[4, 4], [3, 3, 3], [2, 2, 2, 2]])
  func untracedLoopsArePermuted(_ extents: [Int]) throws {
    let group = try FiniteGroup(named: "B\(extents.count) x C")
    let links = try PrimitiveCase(group: .su3, extents: extents).links()
    func loops(_ links: LinkField<Double>, _ labels: PermutedLabels) throws -> SiteField<Double> {
      let u = Tape().constant(links)
      return switch labels {
      case .corners: try u.corners().value
      case .orientedPlanes: try u.clovers().value
      default: try u.signedPolyakovLoops().value
      }
    }
    for labels in [PermutedLabels.corners, .orientedPlanes, .directions] {
      let representation = try ChannelRepresentation(group, labels)
      let here = try loops(links, labels)
      for g in group.generators + [group.order - 1, group.order / 3] {
        let moved = try loops(links.image(under: LatticeOperation(group.operations![g])), labels)
        let expected = try representation.image(of: here, under: g)
        #expect(relativeDifference(moved, expected) < 1e-14, "\(labels) \(group.labels[g])")
      }
    }
  }

  @Test func whatDoesNotFitIsRefusedByName() throws {
    let (plane, space) = (try FiniteGroup(named: "B2"), try FiniteGroup(named: "B3"))
    #expect {
      _ = try ChannelRepresentation(FiniteGroup(named: "Q8"), .scalar)
    } throws: {
      "\($0)".contains("expected its group to be signed permutations") && "\($0)".contains("Q8")
    }
    #expect {
      _ = try ChannelRepresentation(plane, .corners).appending(
        ChannelRepresentation(space, .scalar))
    } throws: {
      "\($0)"
        == "concatenation: expected channels under B2 of order 8, found 1 scalar under B3 of order 48"
    }
    #expect {
      _ = try FiniteGroup.actingOnLattice(named: "B3", dimension: 4)
    } throws: {
      "\($0)".contains("one on 4 axes") && "\($0)".contains("B3")
    }
    #expect {
      _ = try FiniteGroup.actingOnLattice(named: "B44", dimension: 4)
    } throws: {
      "\($0)".contains("B4")
    }
  }
}
