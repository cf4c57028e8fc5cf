import Autodiff
import Compute
import Lattice

/// Over what `traceNormalised` takes the mean of |tr W| / N.
///
/// A norm of a batch member joins all its sites: what follows is no longer local, so the force of a
/// learned action with it changes everywhere when one link does. Neither does it hold deep stacks, whose
/// sites drift apart.
public enum TraceNormScope: String, Codable, CaseIterable, Sendable {
  /// The channels of every site, which keeps the layer local.
  case perSite
  /// The channels and sites of every batch member.
  case perMember

  /// What is meant where nothing is said, in Swift and in descriptions.
  public static let standard = TraceNormScope.perSite
}

extension Variable {
  /// W_c(x) / (m + epsilon), with m the mean of |tr W_c| / N over the channels of a site or of a batch
  /// member.
  ///
  /// It keeps stacks of bilinear layers, whose channels are products of channels, from exploding and
  /// vanishing.
  ///
  /// - Parameter epsilon: above 0, for sites where all traces vanish.
  /// - Throws: `.setting` for another epsilon.
  public func traceNormalised<Scalar>(
    _ scope: TraceNormScope = .standard, epsilon: Double = 1e-5
  ) throws(LayerError) -> Variable where Value == SiteField<Scalar> {
    guard epsilon > 0, epsilon.isFinite else {
      throw .setting(
        layer: "trace norm", name: "epsilon", expected: "a number above 0", found: "\(epsilon)")
    }
    let magnitudes: Variable<ScalarField<Scalar>> = traceMagnitudes()
    return try multiplied(by: magnitudes.inverseMeans(scope, epsilon: Scalar(epsilon)))
  }
}

extension Variable {
  /// f = 1 / (m + epsilon) in one channel, with m the mean over channels, and over sites too.
  ///
  /// Adjoint: every number in a mean of n of them gets -f^2 g / n.
  fileprivate func inverseMeans<Scalar>(
    _ scope: TraceNormScope, epsilon: Scalar
  ) -> Variable where Value == ScalarField<Scalar> {
    switch scope {
    case .perSite:
      let result = inverseMeansOfSites(value, epsilon)
      return tape.record(result, inputs: [self]) { g, cotangents in
        cotangents.update(self) { addInverseMeanCotangents(g, of: result, to: &$0) }
      }
    case .perMember:
      let (layout, channels) = (value.layout, value.channels)
      let count = Double(channels * layout.geometry.volume)
      let inverses = value.exactSumsOfMembers().map {
        1 / ($0.reduce(0, +) / count + Double(epsilon))
      }
      // Idle lanes keep what they hold.
      let result = ScalarField<Scalar>(layout, repeating: inverses.map { [$0] }, idle: 1)
      return tape.record(result, inputs: [self]) { g, cotangents in
        guard self.isActive else { return }
        let slopes = zip(g.exactSumsOfMembers(), inverses).map { sums, f in
          [Double](repeating: -f * f * sums[0] / count, count: channels)
        }
        cotangents.add(ScalarField(layout, repeating: slopes), to: self)
      }
    }
  }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func inverseMeansOfSites<Scalar: LatticeReal>(
  _ field: ScalarField<Scalar>, _ epsilon: Scalar
) -> ScalarField<Scalar> {
  let layout = field.layout
  var result = ScalarField<Scalar>(uninitialized: layout, channels: 1)
  let (from, to) = (field.view, result.mutableView)
  typealias V = Scalar.Lanes
  forEachBlockRange(layout, work: from.perSite + 1, scratch: 1, of: V.self) { group, blocks, _ in
    let first = group * layout.siteBlocks
    let scale = V(repeating: 1 / Scalar(from.perSite))
    let shift = V(repeating: epsilon)
    for b in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
      let numbers = from.block(b, 0)
      var sum = V.zero
      for c in 0..<from.perSite { sum = sum + numbers[c] }
      to.block(b, 0)[0] = V(repeating: 1) / multiplyAdd(sum, scale, shift)
    }
  }
  return result
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func addInverseMeanCotangents<Scalar: LatticeReal>(
  _ g: ScalarField<Scalar>, of inverses: ScalarField<Scalar>, to field: inout ScalarField<Scalar>
) {
  let layout = g.layout
  let (g, inverses, to) = (g.view, inverses.view, field.mutableView)
  typealias V = Scalar.Lanes
  forEachBlockRange(layout, work: 2 * to.perSite + 2, scratch: 1, of: V.self) {
    group, blocks, _ in
    let first = group * layout.siteBlocks
    let scale = V(repeating: -1 / Scalar(to.perSite))
    for b in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
      let f = inverses.block(b, 0)[0]
      let slope = f * f * g.block(b, 0)[0] * scale
      let numbers = to.block(b, 0)
      for c in 0..<to.perSite { numbers[c] = numbers[c] + slope }
    }
  }
}
