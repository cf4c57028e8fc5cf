import Autodiff
import Compute

extension EquivariantLayer {
  /// What keeps relaxed weights together (formula 7):
  ///
  ///     alpha sum_l sum_{g, h} |w_l(g) - w_l(h)|
  ///
  /// for weights of elements; for those of sites the sum of |w_l(x) - w_l(x + mu)| over true neighbours, across the
  /// boundary only where it is periodic; for those of places the first, within their orbits. Adjoint alpha times
  /// signs, 0 where weights are equal. alpha is 1e-6 ... 1e-4 in the literature.
  ///
  /// - Returns: nil where nothing is relaxed.
  public func relaxationPenalty<Scalar: LatticeReal>(
    _ weights: LayerWeights<Scalar>, strength: Double
  ) throws(EquivariantError) -> Variable<Tensor<Scalar>>? {
    var total: Variable<Tensor<Scalar>>?
    for parameter in parameters {
      guard let index = parameter.relaxed else { continue }
      let w = try weights.tensor(parameter.name, shape: parameter.shape)
      let penalty = absoluteDifferences(
        w, pairs: index.penalisedPairs(under: input.group), strength: strength)
      if let sum = total {
        total = try tensors { () throws(AutodiffError) in try sum.adding(penalty) }
      } else {
        total = penalty
      }
    }
    return total
  }
}

/// `strength sum_l sum over pairs |w_l(i) - w_l(j)|`
private func absoluteDifferences<Scalar: LatticeReal>(
  _ w: Variable<Tensor<Scalar>>, pairs: [(Int, Int)], strength: Double
) -> Variable<Tensor<Scalar>> {
  let sum = sumOfDifferences(w.value, pairs)
  return w.tape.record(Tensor(Scalar(strength * sum)), inputs: [w]) { g, cotangents in
    let factor = strength * Double(g.values[0])
    cotangents.add(tensor(w.value.shape, signsOfDifferences(w.value, pairs, factor)), to: w)
  }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func sumOfDifferences<Scalar: LatticeReal>(
  _ w: Tensor<Scalar>, _ pairs: [(Int, Int)]
) -> Double {
  let width = w.count / w.shape[0]
  return w.withUnsafeValues { w in
    var sum = 0.0
    for first in stride(from: 0, to: w.count, by: width) {
      for (i, j) in pairs { sum += abs(Double(w[first + i]) - Double(w[first + j])) }
    }
    return sum
  }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func signsOfDifferences<Scalar: LatticeReal>(
  _ w: Tensor<Scalar>, _ pairs: [(Int, Int)], _ factor: Double
) -> [Scalar] {
  let width = w.count / w.shape[0]
  var sums = [Double](repeating: 0, count: w.count)
  w.withUnsafeValues { w in
    for first in stride(from: 0, to: w.count, by: width) {
      for (i, j) in pairs {
        let (a, b) = (w[first + i], w[first + j])
        let sign = a > b ? factor : a < b ? -factor : 0
        sums[first + i] += sign
        sums[first + j] -= sign
      }
    }
  }
  return sums.map { Scalar($0) }
}
