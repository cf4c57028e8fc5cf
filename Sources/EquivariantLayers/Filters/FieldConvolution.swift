import Autodiff
import Compute

/// Throws `.setting` unless weights of sites fit a lattice.
func requireRelaxed(
  _ relaxation: Relaxation, on extents: [Int], layer: String
) throws(EquivariantError) {
  guard let own = relaxation.translation, own != extents else { return }
  throw .setting(
    layer: layer, name: "the lattice of the relaxed translation", expected: "\(extents)",
    found: "\(own)")
}

/// The ordinary convolution with an expanded filter, with a number for each channel, and with
/// weights of sites where translations are relaxed.
///
/// - Parameters:
///   - filter: the sum of banks, or with relaxed translation all of them, one behind the other.
///   - bias: a number for each channel of the output.
func convolve<Scalar: LatticeReal>(
  _ x: Variable<Tensor<Scalar>>, _ filter: Variable<Tensor<Scalar>>,
  bias: Variable<Tensor<Scalar>>?, of output: FieldType, padding: ConvolutionPadding,
  relaxation: Relaxation, _ weights: LayerWeights<Scalar>
) throws(EquivariantError) -> Variable<Tensor<Scalar>> {
  guard let extents = relaxation.translation else {
    return try tensors { () throws(AutodiffError) in
      try x.convolved(weight: filter, bias: bias, padding: padding, inTiles: true)
    }
  }
  let banks = try tensors { () throws(AutodiffError) in
    try x.convolved(weight: filter, bias: nil, padding: padding, inTiles: true)
  }
  let w = try weights.tensor(
    Relaxation.translationName, shape: [relaxation.banks] + extents)
  return siteMixture(banks, w, bias, channels: output.channels)
}

/// The numbers of some fields for all channels of these, 0 for others; adjoint the sum over them.
func fieldNumbers<Scalar: LatticeReal>(
  _ numbers: Variable<Tensor<Scalar>>, of fields: [Int], in type: FieldType
) -> Variable<Tensor<Scalar>> {
  var owner = [Int](repeating: -1, count: type.channels)
  let all = type.fields
  for (k, field) in fields.enumerated() {
    for i in 0..<all[field].representation.dimension { owner[all[field].channel + i] = k }
  }
  let value = tensor([owner.count], owner.map { $0 < 0 ? 0 : numbers.value.values[$0] })
  return numbers.tape.record(value, inputs: [numbers]) { g, cotangents in
    var sums = [Double](repeating: 0, count: numbers.value.count)
    for (channel, k) in owner.enumerated() where k >= 0 { sums[k] += Double(g.values[channel]) }
    cotangents.add(tensor(numbers.value.shape, sums.map { Scalar($0) }), to: numbers)
  }
}

/// `out[b, c, x] = sum_l w_l(x) y[b, (l, c), x] + bias[c]`.
private func siteMixture<Scalar: LatticeReal>(
  _ y: Variable<Tensor<Scalar>>, _ w: Variable<Tensor<Scalar>>,
  _ bias: Variable<Tensor<Scalar>>?, channels: Int
) -> Variable<Tensor<Scalar>> {
  let mixture = SiteMixture(
    batch: y.value.shape[0], channels: channels, banks: w.value.shape[0],
    sites: w.value.count / w.value.shape[0])
  let value = tensor(
    [mixture.batch, channels] + w.value.shape[1...],
    mixture.values(y.value, w.value, bias?.value))
  let inputs: [any AnyVariable] = [y, w] + (bias.map { [$0] } ?? [])
  return y.tape.record(value, inputs: inputs) { g, cotangents in
    if y.isActive {
      cotangents.add(
        tensor(y.value.shape, mixture.inputCotangent(g, w.value)), to: y)
    }
    if w.isActive {
      cotangents.add(
        tensor(w.value.shape, mixture.weightCotangent(g, y.value)), to: w)
    }
    if let bias, bias.isActive {
      cotangents.add(tensor(bias.value.shape, mixture.biasCotangent(g)), to: bias)
    }
  }
}

/// The sums over banks at every site, and their adjoints.
private struct SiteMixture: Sendable {
  let batch: Int
  let channels: Int
  let banks: Int
  let sites: Int

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func values<Scalar: LatticeReal>(
    _ y: Tensor<Scalar>, _ w: Tensor<Scalar>, _ bias: Tensor<Scalar>?
  ) -> [Scalar] {
    var result = [Scalar](repeating: 0, count: batch * channels * sites)
    y.withUnsafeValues { y in
      w.withUnsafeValues { w in
        for b in 0..<batch {
          for c in 0..<channels {
            let to = (b * channels + c) * sites
            let shift = bias?.values[c] ?? 0
            for x in 0..<sites { result[to + x] = shift }
            for l in 0..<banks {
              let from = ((b * banks + l) * channels + c) * sites
              for x in 0..<sites { result[to + x] += w[l * sites + x] * y[from + x] }
            }
          }
        }
      }
    }
    return result
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func inputCotangent<Scalar: LatticeReal>(
    _ g: Tensor<Scalar>, _ w: Tensor<Scalar>
  ) -> [Scalar] {
    var result = [Scalar](repeating: 0, count: batch * banks * channels * sites)
    g.withUnsafeValues { g in
      w.withUnsafeValues { w in
        for b in 0..<batch {
          for c in 0..<channels {
            let from = (b * channels + c) * sites
            for l in 0..<banks {
              let to = ((b * banks + l) * channels + c) * sites
              for x in 0..<sites { result[to + x] = w[l * sites + x] * g[from + x] }
            }
          }
        }
      }
    }
    return result
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func weightCotangent<Scalar: LatticeReal>(
    _ g: Tensor<Scalar>, _ y: Tensor<Scalar>
  ) -> [Scalar] {
    var sums = [Double](repeating: 0, count: banks * sites)
    g.withUnsafeValues { g in
      y.withUnsafeValues { y in
        for b in 0..<batch {
          for c in 0..<channels {
            let from = (b * channels + c) * sites
            for l in 0..<banks {
              let source = ((b * banks + l) * channels + c) * sites
              for x in 0..<sites {
                sums[l * sites + x] += Double(g[from + x]) * Double(y[source + x])
              }
            }
          }
        }
      }
    }
    return sums.map { Scalar($0) }
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func biasCotangent<Scalar: LatticeReal>(_ g: Tensor<Scalar>) -> [Scalar] {
    g.withUnsafeValues { g in
      (0..<channels).map { c in
        var sum = 0.0
        for b in 0..<batch {
          for x in 0..<sites { sum += Double(g[(b * channels + c) * sites + x]) }
        }
        return Scalar(sum)
      }
    }
  }
}
