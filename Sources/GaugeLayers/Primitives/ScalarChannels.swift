import Autodiff
import Compute
import Lattice

extension Variable {
  /// A dense layer at every site: y_o(x) = sum_i w_oi s_i(x) + b_o.
  ///
  /// Adjoints: s_i gets sum_o w_oi g_o, w_oi the sum over sites and members of g_o s_i, b_o that of g_o.
  ///
  /// - Parameters:
  ///   - weight: [out, in].
  ///   - bias: [out], zero if nil.
  /// - Throws: `.shape` where the weights do not fit, `.noChannels` for no output.
  public func dense<Scalar>(
    weight: Variable<Tensor<Scalar>>, bias: Variable<Tensor<Scalar>>? = nil
  ) throws(LayerError) -> Variable where Value == ScalarField<Scalar> {
    let shape = weight.value.shape
    guard shape.count == 2, shape[1] == value.channels else {
      throw .shape(
        layer: "dense", name: "weight", expected: [-1, value.channels], found: shape)
    }
    guard shape[0] > 0 else { throw .noChannels(layer: "dense") }
    if let bias { try requireShape("dense", "bias", [shape[0]], bias.value) }
    let result = combinations(of: value, weight.value, bias?.value, outputs: shape[0])
    let inputs: [any AnyVariable] = [self, weight] + (bias.map { [$0] } ?? [])
    return tape.record(result, inputs: inputs) { g, cotangents in
      if self.isActive {
        cotangents.add(
          combinations(of: g, transposedMatrix(weight.value), nil, outputs: value.channels),
          to: self)
      }
      if weight.isActive {
        cotangents.add(sumTensor(shape, sumsOfProducts(g, value)), to: weight)
      }
      if let bias, bias.isActive {
        cotangents.add(sumTensor([shape[0]], sumsOfChannels(g)), to: bias)
      }
    }
  }

  /// s_c(x) + b_c; b_c gets the sum of g_c over sites and members.
  ///
  /// - Throws: `.shape` where the bias has not a number for every channel.
  public func adding<Scalar>(
    bias: Variable<Tensor<Scalar>>
  ) throws(LayerError) -> Variable where Value == ScalarField<Scalar> {
    try requireShape("bias", "bias", [value.channels], bias.value)
    let result = shifted(value, by: bias.value)
    return tape.record(result, inputs: [self, bias]) { g, cotangents in
      cotangents.add(g, to: self)
      if bias.isActive {
        cotangents.add(sumTensor([value.channels], sumsOfChannels(g)), to: bias)
      }
    }
  }
}

private func transposedMatrix<Scalar: LatticeReal>(_ weight: Tensor<Scalar>) -> Tensor<Scalar> {
  let (rows, columns) = (weight.shape[0], weight.shape[1])
  return try! Tensor(
    shape: [columns, rows],
    values: (0..<columns).flatMap { j in (0..<rows).map { weight.values[$0 * columns + j] } })
}

/// sum_i w_oi s_i + b_o at every site.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func combinations<Scalar: LatticeReal>(
  of field: ScalarField<Scalar>, _ weight: Tensor<Scalar>, _ bias: Tensor<Scalar>?, outputs: Int
) -> ScalarField<Scalar> {
  typealias V = Scalar.Lanes
  let (layout, inputs) = (field.layout, field.channels)
  var result = ScalarField<Scalar>(uninitialized: layout, channels: outputs)
  let (from, to) = (field.view, result.mutableView)
  let w = lanes(weight.values)
  let b = lanes(bias?.values ?? [Scalar](repeating: 0, count: outputs))
  forEachBlockRange(layout, work: 2 * inputs * outputs, scratch: 1, of: V.self) {
    group, blocks, _ in
    let first = group * layout.siteBlocks
    for block in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
      let (s, y) = (from.block(block, 0), to.block(block, 0))
      for o in 0..<outputs {
        var sum = b.pointer[o]
        let row = w.pointer + o * inputs
        for i in 0..<inputs { sum = multiplyAdd(row[i], s[i], sum) }
        y[o] = sum
      }
    }
  }
  return result
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func shifted<Scalar: LatticeReal>(
  _ field: ScalarField<Scalar>, by bias: Tensor<Scalar>
) -> ScalarField<Scalar> {
  let layout = field.layout
  var result = ScalarField<Scalar>(uninitialized: layout, channels: field.channels)
  let (from, to, b) = (field.view, result.mutableView, lanes(bias.values))
  forEachBlockRange(layout, work: 2 * field.channels, scratch: 1, of: Scalar.Lanes.self) {
    group, blocks, _ in
    let first = group * layout.siteBlocks
    for block in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
      let (s, y) = (from.block(block, 0), to.block(block, 0))
      for c in 0..<from.perSite { y[c] = s[c] + b.pointer[c] }
    }
  }
  return result
}

/// The sums over sites and members of g_o s_i, o slowest.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func sumsOfProducts<Scalar: LatticeReal>(
  _ g: ScalarField<Scalar>, _ field: ScalarField<Scalar>
) -> [Double] {
  let (layout, g, s) = (g.layout, g.view, field.view)
  let quantities = g.perSite * s.perSite
  return orderedSums(
    layout, quantities: quantities, work: quantities, scratch: 0, of: Scalar.Lanes.self
  ) { group, blocks, sums, _ in
    let first = group * layout.siteBlocks
    for b in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
      let (p, q) = (g.block(b, 0), s.block(b, 0))
      for o in 0..<g.perSite {
        let row = sums + o * s.perSite
        for i in 0..<s.perSite { row[i] = multiplyAdd(p[o], q[i], row[i]) }
      }
    }
  }
}

/// The sums over sites and members of every channel.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func sumsOfChannels<Scalar: LatticeReal>(_ g: ScalarField<Scalar>) -> [Double] {
  let (layout, g) = (g.layout, g.view)
  return orderedSums(
    layout, quantities: g.perSite, work: g.perSite, scratch: 0, of: Scalar.Lanes.self
  ) { group, blocks, sums, _ in
    let first = group * layout.siteBlocks
    for b in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
      let p = g.block(b, 0)
      for c in 0..<g.perSite { sums[c] = sums[c] + p[c] }
    }
  }
}

/// Every number in all lanes of a vector.
@inline(__always)
func lanes<Scalar: LatticeReal>(_ numbers: [Scalar]) -> AlignedBuffer<Scalar.Lanes> {
  let buffer = AlignedBuffer<Scalar.Lanes>(uninitialized: numbers.count)
  for (k, number) in numbers.enumerated() {
    buffer.pointer[k] = Scalar.Lanes(repeating: number)
  }
  return buffer
}
