import Autodiff
import Compute
import Groups
import Lattice
import LatticeSymmetry

extension SharedLayer {
  /// What keeps relaxed weights together:
  ///
  ///     alpha sum_l sum_{g, h} |w_l(g) - w_l(h)|
  ///
  /// over labels that the group connects, and for sites the sum of |w_l(x) - w_l(x + mu)| over true neighbours,
  /// each pair once and around the lattice. Its adjoint is alpha times signs, 0 where weights are equal. R. Wang et al.,
  /// arXiv:2310.02299, equation 7.
  ///
  /// - Returns: nil where nothing is relaxed.
  public func relaxationPenalty<Scalar>(
    _ parameters: Variable<Parameters<Scalar>>, prefix: String = "", strength: Double
  ) throws -> Variable<Tensor<Scalar>>? {
    var total: Variable<Tensor<Scalar>>?
    for parameter in self.parameters {
      guard let symmetry = parameter.relaxes else { continue }
      let w = try parameters.tensor(prefix + parameter.name)
      try requireShape(name, parameter.name, parameter.shape, w.value)
      let term = absoluteDifferences(w, penalisedPairs(symmetry), strength)
      total = try total.map { try $0.adding(term) } ?? term
    }
    return total
  }

  /// The relaxed weights of a symmetry projected on those with which the layer keeps a subgroup: means over its orbits.
  ///
  /// Relaxed translations keep a subgroup about site 0; with the whole group, 1 and `isTranslated` they become
  /// constant.
  /// - Throws: `.setting` for a subgroup of another group, `AutodiffError` for parameters that do not fit.
  public func restrictRelaxation<Scalar: LatticeReal>(
    of parameters: inout Parameters<Scalar>, to subgroup: Subgroup, prefix: String = "",
    translations isTranslated: Bool = true
  ) throws {
    guard subgroup.parent === input.group else {
      throw LayerError.setting(
        layer: name, name: "the subgroup", expected: "one of \(input.group)",
        found: "one of \(subgroup.parent)")
    }
    for parameter in self.parameters {
      guard let symmetry = parameter.relaxes else { continue }
      let orbits = orbits(symmetry, under: subgroup, isTranslated)
      guard let old = parameters[prefix + parameter.name], old.shape == parameter.shape else {
        throw AutodiffError.parameterNames(expected: prefix + parameter.name, found: nil)
      }
      var values = old.values
      let width = parameter.shape[1]
      for l in 0..<relaxation.banks {
        for orbit in orbits {
          let mean =
            orbit.reduce(0.0) { $0 + Double(values[l * width + $1]) } / Double(orbit.count)
          for k in orbit { values[l * width + k] = Scalar(mean) }
        }
      }
      try parameters.update(
        prefix + parameter.name, Tensor(shape: parameter.shape, values: values))
    }
  }

  /// How the group permutes the factors of a symmetry of labels, a row for each element; nil where it is not relaxed.
  ///
  /// What the weights are decomposed by: `Representation.permutation(group, images:)`.
  public func images(ofRelaxed symmetry: RelaxedSymmetry) -> [[Int]]? {
    factors.first { $0.symmetry == symmetry }.map { factor in
      (0..<input.group.order).map(factor.images)
    }
  }

  private func orbits(
    _ symmetry: RelaxedSymmetry, under subgroup: Subgroup, _ isTranslated: Bool
  ) -> [[Int]] {
    let images: [[Int]]
    if symmetry == .translation {
      // Extents of positive numbers make a lattice.
      let geometry = try! Geometry(relaxation.extents!)
      if isTranslated { return [Array(0..<geometry.volume)] }
      images = subgroup.elements.map { g in
        let operation = LatticeOperation(input.group.operations![g])
        return (0..<geometry.volume).map { operation.image(ofSite: $0, of: geometry) }
      }
    } else {
      let factor = factors.first { $0.symmetry == symmetry }!
      images = subgroup.elements.map(factor.images)
    }
    var seen = [Bool](repeating: false, count: images[0].count)
    var result = [[Int]]()
    for index in seen.indices where !seen[index] {
      let orbit = Set(images.map { $0[index] }).sorted()
      for member in orbit { seen[member] = true }
      result.append(orbit)
    }
    return result
  }

  private func penalisedPairs(_ symmetry: RelaxedSymmetry) -> [(Int, Int)] {
    guard symmetry == .translation else {
      return orbits(symmetry, under: input.group.whole, false).flatMap { orbit in
        orbit.flatMap { i in orbit.filter { $0 != i }.map { (i, $0) } }
      }
    }
    let geometry = try! Geometry(relaxation.extents!)
    return (0..<geometry.volume).flatMap { site in
      (0..<geometry.dimension).compactMap { mu -> (Int, Int)? in
        let next = geometry.neighbour(of: site, direction: mu, steps: 1)
        // Of two slices each pair is met twice, of one it is none.
        return next == site || (geometry.extents[mu] == 2 && next < site) ? nil : (site, next)
      }
    }
  }
}

/// strength sum_l sum over pairs |w_l(i) - w_l(j)|
private func absoluteDifferences<Scalar: LatticeReal>(
  _ w: Variable<Tensor<Scalar>>, _ pairs: [(Int, Int)], _ strength: Double
) -> Variable<Tensor<Scalar>> {
  let (sum, signs) = differences(w.value, pairs)
  return w.tape.record(Tensor(Scalar(strength * sum)), inputs: [w]) { g, cotangents in
    let factor = strength * Double(g.values[0])
    cotangents.add(sumTensor(w.value.shape, signs.map { factor * $0 }), to: w)
  }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func differences<Scalar: LatticeReal>(
  _ w: Tensor<Scalar>, _ pairs: [(Int, Int)]
) -> (sum: Double, signs: [Double]) {
  let width = w.shape[1]
  var sum = 0.0
  var signs = [Double](repeating: 0, count: w.count)
  for start in stride(from: 0, to: w.count, by: width) {
    for (i, j) in pairs {
      let difference = Double(w.values[start + i]) - Double(w.values[start + j])
      sum += abs(difference)
      if difference == 0 { continue }
      signs[start + i] += difference > 0 ? 1 : -1
      signs[start + j] -= difference > 0 ? 1 : -1
    }
  }
  return (sum, signs)
}
