import Autodiff
import Compute
import Lattice

extension Variable {
  /// The exponents Q_mu(x) = TA(sum_c beta_{mu c} W_c(x)), one algebra element a link.
  ///
  /// Adjoints, with q that of Q: W_c gets sum_mu beta_{mu c} q_mu, beta_{mu c} gets the sum over sites and
  /// members of Re tr(q_mu^dagger W_c).
  ///
  /// - Parameter beta: [directions, channels].
  /// - Throws: `.shape` where beta does not fit.
  public func linkExponents<Scalar>(
    beta: Variable<Tensor<Scalar>>
  ) throws(LayerError) -> Variable<AlgebraField<Scalar>> where Value == SiteField<Scalar> {
    let shape = [value.layout.dimension, value.channels]
    try requireShape("link exponents", "beta", shape, beta.value)
    let result = exponents(of: value, beta.value)
    return tape.record(result, inputs: [self, beta]) { q, cotangents in
      cotangents.update(self) { addExponentCotangent(q, beta.value, to: &$0) }
      if beta.isActive {
        cotangents.add(sumTensor(shape, exponentSums(q, value)), to: beta)
      }
    }
  }

  /// L-Exp, U'_mu(x) = exp(TA(sum_c beta_{mu c} W_c(x))) U_mu(x), which changes the links.
  ///
  /// M. Favoni, A. Ipp, D. I. Mueller, D. Schuh, arXiv:2012.12901.
  ///
  /// - Parameters:
  ///   - field: matrix channels at the sites, such as loops.
  ///   - beta: [directions, channels].
  /// - Throws: `.shape` where beta does not fit, `.lattice` for a field of another lattice.
  public func exponentiated<Scalar>(
    with field: Variable<SiteField<Scalar>>, beta: Variable<Tensor<Scalar>>
  ) throws(LayerError) -> Variable where Value == LinkField<Scalar> {
    guard field.value.layout === value.layout, field.value.group == value.group else {
      throw .lattice(
        layer: "exponential layer", expected: value.placeDescription,
        found: field.value.placeDescription)
    }
    return try multiplied(byExponentialOf: field.linkExponents(beta: beta))
  }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func exponents<Scalar: LatticeReal>(
  of field: SiteField<Scalar>, _ beta: Tensor<Scalar>
) -> AlgebraField<Scalar> {
  var result = AlgebraField<Scalar>(layout: field.layout, group: field.group)
  withMatrixKernel(
    n: field.group.n,
    ExponentBlocks(
      field: field.view, exponents: result.mutableView, beta: lanes(beta.values),
      layout: field.layout))
  return result
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func addExponentCotangent<Scalar: LatticeReal>(
  _ q: AlgebraField<Scalar>, _ beta: Tensor<Scalar>, to field: inout SiteField<Scalar>
) {
  withMatrixKernel(
    n: q.group.n,
    ExponentCotangents(
      cotangent: q.view, field: field.mutableView, beta: lanes(beta.values), layout: q.layout))
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func exponentSums<Scalar: LatticeReal>(
  _ q: AlgebraField<Scalar>, _ field: SiteField<Scalar>
) -> [Double] {
  withMatrixKernel(
    n: q.group.n, ExponentSums(cotangent: q.view, field: field.view, layout: q.layout))
}

private struct ExponentBlocks<V: LaneVector>: BlockOperation, @unchecked Sendable {
  typealias Vector = V
  let field: BlockView<V>
  let exponents: BlockView<V>
  let beta: AlignedBuffer<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let (s, channels) = (field.stride, field.perSite)
    let work = channels * s * layout.dimension
    forEachBlockRange(layout, work: work, scratch: s, of: V.self) { group, blocks, sum in
      let first = group * layout.siteBlocks
      for b in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
        for mu in 0..<layout.dimension {
          kernel.clear(sum)
          for c in 0..<channels {
            kernel.addScaled(sum, field.block(b, c), beta.pointer[mu * channels + c])
          }
          kernel.projectAlgebra(sum, sum)
          kernel.compressAlgebra(exponents.block(b, mu), sum)
        }
      }
    }
  }
}

private struct ExponentCotangents<V: LaneVector>: BlockOperation, @unchecked Sendable {
  typealias Vector = V
  let cotangent: BlockView<V>
  let field: BlockView<V>
  let beta: AlignedBuffer<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let (s, channels) = (field.stride, field.perSite)
    let work = 2 * channels * s * layout.dimension
    forEachBlockRange(layout, work: work, scratch: s, of: V.self) { group, blocks, matrix in
      let first = group * layout.siteBlocks
      for b in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
        for mu in 0..<layout.dimension {
          kernel.expandAlgebra(matrix, cotangent.block(b, mu))
          for c in 0..<channels {
            kernel.addScaled(field.block(b, c), matrix, beta.pointer[mu * channels + c])
          }
        }
      }
    }
  }
}

private struct ExponentSums<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let cotangent: BlockView<V>
  let field: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) -> [Double] where K.Vector == V {
    let (s, d, channels) = (field.stride, layout.dimension, field.perSite)
    return orderedSums(
      layout, quantities: d * channels, work: channels * s * d, scratch: s, of: V.self
    ) { group, blocks, sums, matrix in
      let first = group * layout.siteBlocks
      for b in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
        for mu in 0..<d {
          kernel.expandAlgebra(matrix, cotangent.block(b, mu))
          for c in 0..<channels {
            let place = sums + (mu * channels + c)
            place[0] = place[0] + kernel.contraction(matrix, field.block(b, c))
          }
        }
      }
    }
  }
}
