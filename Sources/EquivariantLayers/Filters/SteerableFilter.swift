import Autodiff
import Compute

/// The filter of a steerable convolution as that of an ordinary one, block by block of the fields:
///
///     W[(o, a), (i, b), y] = sum_k c[o, i, k] w[k, y] phi_k(y)[a, b]
///
/// with w = 1 where nothing is relaxed.
struct SteerableFilter: Sendable {
  /// One block of fields of the output and one of the input.
  struct Pair: Sendable {
    let name: String
    let basis: IntertwinerBasis
    let outputs: Int
    let inputs: Int
    /// First channels, and channels of a field.
    let row: Int
    let column: Int
    let rowDimension: Int
    let columnDimension: Int
  }

  let pairs: [Pair]
  let rows: Int
  let columns: Int
  let places: Int
  /// Which factor of a relaxed basis element each place has, and how elements permute factors.
  let factorOfPlace: [Int32]
  let factorImages: [[Int32]]
  private var factorCount: Int { factorImages[0].count }

  /// Filters on the places around a site.
  init(_ input: FieldType, _ output: FieldType, window: KernelWindow) {
    self.init(
      input, output, places: window.places, factorOfPlace: (0..<Int32(window.places)).map { $0 },
      factorImages: window.images, rowsOfComponent: 1
    ) { a, b in
      IntertwinerBasis(images: window.images, from: a, to: b, group: input.group.group)
    }
  }

  /// Filters with a basis for every two representations, and so many rows for a component of the output.
  init(
    _ input: FieldType, _ output: FieldType, places: Int, factorOfPlace: [Int32],
    factorImages: [[Int32]], rowsOfComponent: Int,
    basis: (_ input: FieldRepresentation, _ output: FieldRepresentation) -> IntertwinerBasis
  ) {
    var pairs = [Pair]()
    var row = 0
    for (o, out) in output.blocks.enumerated() {
      var column = 0
      for (i, block) in input.blocks.enumerated() {
        let basis = basis(block.representation, out.representation)
        if basis.count > 0 {
          pairs.append(
            Pair(
              name: "\(o).\(i)", basis: basis, outputs: out.count, inputs: block.count, row: row,
              column: column, rowDimension: rowsOfComponent * out.representation.dimension,
              columnDimension: block.representation.dimension))
        }
        column += block.channels
      }
      row += rowsOfComponent * out.channels
    }
    self.pairs = pairs
    (rows, columns, self.places) = (rowsOfComponent * output.channels, input.channels, places)
    (self.factorOfPlace, self.factorImages) = (factorOfPlace, factorImages)
  }

  /// `[output channel][input channel][place]` of weights `[outputs, inputs, elements]` of every pair, with
  /// factors `[elements, places]` or none.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func filter<Scalar: LatticeReal>(
    _ weights: [Tensor<Scalar>], _ factors: [Tensor<Scalar>]
  ) -> [Scalar] {
    var result = [Scalar](repeating: 0, count: rows * columns * places)
    result.withUnsafeMutableBufferPointer { result in
      for (p, pair) in pairs.enumerated() {
        let isRelaxed = !factors.isEmpty
        weights[p].withUnsafeValues { c in
          (isRelaxed ? factors[p] : weights[p]).withUnsafeValues { w in
            pair.basis.entries.withUnsafeBufferPointer { entries in
              for o in 0..<pair.outputs {
                for i in 0..<pair.inputs {
                  let numbers = (o * pair.inputs + i) * pair.basis.count
                  for e in entries {
                    let factor =
                      isRelaxed ? w[factor(e)] : 1
                    result[place(pair, o, i, e)] +=
                      c[numbers + Int(e.element)] * factor * Scalar(e.value)
                  }
                }
              }
            }
          }
        }
      }
    }
    return result
  }

  @inline(__always)
  private func factor(_ e: IntertwinerBasis.Entry) -> Int {
    Int(e.element) * factorCount + Int(factorOfPlace[Int(e.point)])
  }

  @inline(__always)
  private func place(
    _ pair: Pair, _ o: Int, _ i: Int, _ e: IntertwinerBasis.Entry
  ) -> Int {
    let row = pair.row + o * pair.rowDimension + Int(e.row)
    let column = pair.column + i * pair.columnDimension + Int(e.column)
    return (row * columns + column) * places + Int(e.point)
  }

  /// The derivatives with respect to weights and factors from that with respect to the filter; sums in double
  /// precision.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func adjoint<Scalar: LatticeReal>(
    _ g: Tensor<Scalar>, _ weights: [Tensor<Scalar>], _ factors: [Tensor<Scalar>]
  ) -> (weights: [[Scalar]], factors: [[Scalar]]) {
    var (weightSums, factorSums) = ([[Scalar]](), [[Scalar]]())
    g.withUnsafeValues { g in
      for (p, pair) in pairs.enumerated() {
        let isRelaxed = !factors.isEmpty
        var sums = [Double](repeating: 0, count: weights[p].count)
        var more = [Double](repeating: 0, count: isRelaxed ? factors[p].count : 0)
        weights[p].withUnsafeValues { c in
          (isRelaxed ? factors[p] : weights[p]).withUnsafeValues { w in
            pair.basis.entries.withUnsafeBufferPointer { entries in
              for o in 0..<pair.outputs {
                for i in 0..<pair.inputs {
                  let numbers = (o * pair.inputs + i) * pair.basis.count
                  for e in entries {
                    let term = Double(g[place(pair, o, i, e)]) * e.value
                    let number = numbers + Int(e.element)
                    if isRelaxed {
                      let factor = factor(e)
                      sums[number] += term * Double(w[factor])
                      more[factor] += term * Double(c[number])
                    } else {
                      sums[number] += term
                    }
                  }
                }
              }
            }
          }
        }
        weightSums.append(sums.map { Scalar($0) })
        factorSums.append(more.map { Scalar($0) })
      }
    }
    return (weightSums, factorSums)
  }
}

extension SteerableFilter {
  /// What a layer learns: `weight.O.I` for block O of the output and I of the input, and with `relaxed` a
  /// factor for every element of the basis and every point.
  ///
  /// - Parameter gain: the root of the mean square of a component of the output, for inputs of 1.
  func parameters(relaxed: Bool, gain: Double = 1) -> [LayerParameter] {
    var result = [LayerParameter]()
    for pair in pairs {
      let shape = [pair.outputs, pair.inputs, pair.basis.count]
      // Basis elements have norm 1, so this keeps the variance of a component.
      let terms = pairs.reduce(0) { sum, other in
        other.row == pair.row ? sum + other.inputs * other.basis.count : sum
      }
      result.append(
        .init(
          name: "weight.\(pair.name)", shape: shape,
          start: .normal(
            fanIn: max(1, terms), gain: gain * Double(pair.rowDimension).squareRoot())))
    }
    guard relaxed else { return result }
    for pair in pairs {
      result.append(
        .init(
          name: "relaxed.basis.\(pair.name)", shape: [pair.basis.count, factorImages[0].count],
          start: .constant(1), relaxed: .places(factorImages)))
    }
    return result
  }

  /// The filter on the tape, in a shape of as many elements.
  func expanded<Scalar: LatticeReal>(
    _ layerWeights: LayerWeights<Scalar>, relaxed: Bool, shape: [Int]
  ) throws(EquivariantError) -> Variable<Tensor<Scalar>> {
    var (weights, factors) = ([Variable<Tensor<Scalar>>](), [Variable<Tensor<Scalar>>]())
    for parameter in parameters(relaxed: relaxed) {
      let variable = try layerWeights.tensor(parameter.name, shape: parameter.shape)
      if parameter.isRelaxed { factors.append(variable) } else { weights.append(variable) }
    }
    let (c, w) = (weights.map(\.value), factors.map(\.value))
    let value = tensor(shape, filter(c, w))
    guard let tape = weights.first?.tape else { return layerWeights.constant(value) }
    return tape.record(value, inputs: weights + factors) { [self] g, cotangents in
      let sums = adjoint(g, c, w)
      for (variable, sum) in zip(weights, sums.weights) where variable.isActive {
        cotangents.add(tensor(variable.value.shape, sum), to: variable)
      }
      for (variable, sum) in zip(factors, sums.factors) where variable.isActive {
        cotangents.add(tensor(variable.value.shape, sum), to: variable)
      }
    }
  }
}
