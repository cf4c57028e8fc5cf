import Autodiff
import Compute
import Lattice
import Loops

/// A mixing of channels with its inputs, from which value and derivatives follow; both use the same
/// transports and packed weights.
struct Mixing<Scalar: LatticeReal>: Sendable {
  let shape: MixingShape
  let left: SiteField<Scalar>?
  let right: SiteField<Scalar>
  let links: LinkField<Scalar>?
  private let transports: Transports<Scalar>
  private let packed: MixingWeights<Scalar>

  private var layout: Layout { right.layout }

  /// - Parameter links: what transports the right channels; nil for those of the site itself.
  init(
    _ shape: MixingShape, _ kernel: TransportKernel, left: SiteField<Scalar>?,
    right: SiteField<Scalar>, links: LinkField<Scalar>?, weights: Tensor<Scalar>
  ) {
    self.shape = shape
    self.left = left
    self.right = right
    self.links = links
    transports = links.map { Transports(kernel, links: $0) } ?? .local(right.layout)
    packed = MixingWeights(
      weights, shape, tileRows: KernelN<Scalar.Lanes>(n: right.group.n).tileRows)
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func value() -> SiteField<Scalar> {
    var result = SiteField<Scalar>(
      uninitialized: layout, group: right.group, channels: shape.outputs)
    withMatrixKernel(
      n: right.group.n,
      MixingForward(
        left: left?.view, right: right.view, result: result.mutableView, transports: transports,
        weights: packed, layout: layout))
    return result
  }

  struct Wanted {
    var left: Bool
    var right: Bool
    var links: Bool
    var weights: Bool
  }

  struct Derivatives {
    var left: SiteField<Scalar>?
    var right: SiteField<Scalar>?
    var links: AlgebraField<Scalar>?
    var weights: Tensor<Scalar>?
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func derivatives(_ cotangent: SiteField<Scalar>, _ wanted: Wanted) -> Derivatives {
    var cotangent = cotangent
    // Sums over lanes give the derivative with respect to the weights.
    if wanted.weights { cotangent.clearIdleLanes() }
    let parts = SlabParts(layout, reach: transports.reach)
    let group = right.group
    var result = Derivatives()
    if wanted.left, let left {
      result.left = SiteField(uninitialized: layout, group: group, channels: left.channels)
    }
    if wanted.right {
      result.right = SiteField(zeros: layout, group: group, channels: right.channels)
    }
    let halos =
      wanted.right && parts.needsHalo
      ? parts.slabs.map { slab in
        AlignedBuffer<Scalar.Lanes>(
          repeating: .zero,
          count: parts.haloCount(slab) * parts.sliceBlocks * right.channels * right.view.stride)
      } : []
    let elements = transports.terms.map { term in
      wanted.links && term.products != nil
        ? SiteAlgebra<Scalar>(uninitialized: layout, group: group) : nil
    }
    let sums = wanted.weights ? parts.parts.map { _ in MixingWeightSums(packed) } : []
    withMatrixKernel(
      n: group.n,
      MixingBackward(
        left: left?.view, right: right.view, cotangent: cotangent.view, transports: transports,
        weights: packed, layout: layout, parts: parts, leftResult: result.left?.view,
        rightResult: result.right?.view,
        halos: halos.map {
          BlockView(
            $0.pointer, perSite: right.channels, stride: right.view.stride, layout: layout.view)
        },
        elements: wanted.links ? elements.map { $0?.view } : [], weightSums: sums))
    withExtendedLifetime(cotangent) {}
    if !halos.isEmpty { addHalos(halos, parts, to: result.right!.view) }
    if wanted.links, let links {
      var force = AlgebraField<Scalar>(layout: layout, group: group)
      for (term, element) in zip(transports.terms, elements) {
        if let element { addPathForce(of: element, along: term.path, links: links, to: &force) }
      }
      result.links = force
    }
    if wanted.weights {
      for other in sums.dropFirst() { sums[0].add(other) }
      result.weights = sums[0].gradient(packed)
    }
    return result
  }

  /// Adds what the halos hold of each slice, in the order of the slabs.
  private func addHalos(
    _ halos: [AlignedBuffer<Scalar.Lanes>], _ parts: SlabParts, to result: BlockView<Scalar.Lanes>
  ) {
    let sliceVectors = parts.sliceBlocks * result.perSite * result.stride
    let slices = layout.subExtents[0]
    let pointers = halos.map { SendablePointer($0.pointer) }
    parallelFor(slices * layout.outerBatch, grain: max(1, 65536 / sliceVectors)) { range in
      for index in range {
        let (group, slice) = (index / slices, index % slices)
        let d = result.base + index * sliceVectors
        for k in (group * parts.perGroup)..<((group + 1) * parts.perGroup) {
          guard let place = parts.haloPlace(slice, of: parts.slabs[k]) else { continue }
          addTo(d, pointers[k].pointer + place * sliceVectors, sliceVectors)
        }
      }
    }
    withExtendedLifetime(halos) {}
  }

  @inline(never)
  private func addTo(
    _ d: UnsafeMutablePointer<Scalar.Lanes>, _ s: UnsafeMutablePointer<Scalar.Lanes>, _ count: Int
  ) {
    for k in 0..<count { d[k] = d[k] + s[k] }
  }
}
