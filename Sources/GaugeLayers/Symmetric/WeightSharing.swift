import Autodiff
import Compute
import Groups

/// How the dense weights of a layer follow from few: one for each orbit of the group on the entries
/// (output channel, left channel, right channel and displacement), times factors where a symmetry is relaxed.
///
///     a(e) = sum_l free[l, orbit(e)] prod_f w_l[f(e)]
///
/// W'_{g i}(g x) = W_i(x) is kept by a layer iff a(g e) = a(e), since matrices move without adjoints. The adjoint of
/// free sums over each orbit, in the order of the entries.
struct WeightSharing: Sendable {
  /// The shape of the dense weights.
  let shape: [Int]
  let orbitCount: Int
  /// The orbit of every entry.
  let orbits: [Int32]
  /// For every kind of factor and side the place in the table of factors, whose last place is 1 for none.
  let factors: [[Int32]]
  /// Places of the table without the last.
  let factorCount: Int

  /// What a layer with more dense weights is refused for: 16 million, 128 MB in double precision.
  static let maximumEntries = 1 << 24

  /// Orbits of the group, from where its generators send every index.
  ///
  /// - Parameter generators: for each a permutation of every axis of the shape.
  init(shape: [Int], generators: [[[Int]]], factors: [[Int32]], factorCount: Int) {
    self.shape = shape
    self.factors = factors
    self.factorCount = factorCount
    let count = shape.reduce(1, *)
    var orbits = [Int32](repeating: -1, count: count)
    // Permutations of an axis in units of entries: images add up.
    var stride = count
    let strides = shape.map { extent -> Int in
      stride /= extent
      return stride
    }
    let steps = generators.map { axes in
      zip(axes, strides).map { images, stride in images.map { $0 * stride } }
    }
    var number: Int32 = 0
    var stack = [Int]()
    for first in 0..<count where orbits[first] < 0 {
      orbits[first] = number
      stack.append(first)
      while let entry = stack.popLast() {
        for step in steps {
          var (rest, image) = (entry, 0)
          for axis in shape.indices {
            image += step[axis][rest / strides[axis]]
            rest %= strides[axis]
          }
          if orbits[image] < 0 {
            orbits[image] = number
            stack.append(image)
          }
        }
      }
      number += 1
    }
    self.orbits = orbits
    orbitCount = Int(number)
  }

  /// The dense weights on a tape.
  ///
  /// - Parameters:
  ///   - free: [L, orbits].
  ///   - factors: [L, n] each, together the places of the table.
  ///   - bank: the bank alone; all of them added up by default.
  func expanded<Scalar>(
    _ free: Variable<Tensor<Scalar>>, _ factors: [Variable<Tensor<Scalar>>], bank: Int? = nil
  ) -> Variable<Tensor<Scalar>> {
    let tables = factors.map(\.value)
    let banks = bank.map { $0..<($0 + 1) } ?? 0..<free.value.shape[0]
    let dense = expansion(free.value, tables, banks)
    return free.tape.record(dense, inputs: [free] + factors) { g, cotangents in
      let (weights, changes) = contraction(g, free.value, tables, banks)
      cotangents.add(weights, to: free)
      for (variable, change) in zip(factors, changes) { cotangents.add(change, to: variable) }
    }
  }

  /// The factors of a bank one after the other, and 1.
  private func table<Scalar: LatticeReal>(_ tables: [Tensor<Scalar>], _ bank: Int) -> [Double] {
    var result = [Double]()
    for table in tables {
      let width = table.shape[1]
      result += table.values[(bank * width)..<((bank + 1) * width)].map { Double($0) }
    }
    return result + [1]
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func expansion<Scalar: LatticeReal>(
    _ free: Tensor<Scalar>, _ tables: [Tensor<Scalar>], _ banks: Range<Int>
  ) -> Tensor<Scalar> {
    var sums = [Double](repeating: 0, count: orbits.count)
    for l in banks {
      let weights = free.values[(l * orbitCount)..<((l + 1) * orbitCount)].map { Double($0) }
      var terms = orbits.map { weights[Int($0)] }
      let table = table(tables, l)
      for places in factors { multiply(&terms, by: table, at: places) }
      for e in terms.indices { sums[e] += terms[e] }
    }
    return try! Tensor(shape: shape, values: sums.map { Scalar($0) })
  }

  /// The products of cotangents with all factors, added up by orbits, and with all but one, by its place.
  private func addProducts(
    _ cotangent: [Double], _ weights: [Double], _ table: [Double],
    to orbitSums: UnsafeMutablePointer<Double>, factors factorSums: inout [Double]
  ) {
    // One pass for each kind of factor: products of the others, then the sums.
    func products(without skipped: Int?) -> [Double] {
      var terms = cotangent
      for (k, places) in factors.enumerated() where k != skipped {
        multiply(&terms, by: table, at: places)
      }
      return terms
    }
    let all = products(without: nil)
    orbits.withUnsafeBufferPointer { orbits in
      all.withUnsafeBufferPointer { all in
        for e in orbits.indices { orbitSums[Int(orbits[e])] += all[e] }
      }
    }
    for (k, places) in factors.enumerated() {
      var terms = products(without: k)
      multiply(&terms, by: weights, at: orbits)
      terms.withUnsafeBufferPointer { terms in
        places.withUnsafeBufferPointer { places in
          factorSums.withUnsafeMutableBufferPointer { sums in
            for e in terms.indices { sums[Int(places[e])] += terms[e] }
          }
        }
      }
    }
  }

  /// terms[e] *= table[places[e]]
  private func multiply(_ terms: inout [Double], by table: [Double], at places: [Int32]) {
    terms.withUnsafeMutableBufferPointer { terms in
      table.withUnsafeBufferPointer { table in
        places.withUnsafeBufferPointer { places in
          for e in terms.indices { terms[e] *= table[Int(places[e])] }
        }
      }
    }
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func contraction<Scalar: LatticeReal>(
    _ g: Tensor<Scalar>, _ free: Tensor<Scalar>, _ tables: [Tensor<Scalar>], _ banks: Range<Int>
  ) -> (Tensor<Scalar>, [Tensor<Scalar>]) {
    var weightSums = [Double](repeating: 0, count: free.count)
    var tableSums = tables.map { [Double](repeating: 0, count: $0.count) }
    let cotangent = g.values.map { Double($0) }
    for l in banks {
      let weights = free.values[(l * orbitCount)..<((l + 1) * orbitCount)].map { Double($0) }
      let table = table(tables, l)
      var sums = [Double](repeating: 0, count: factorCount + 1)
      weightSums.withUnsafeMutableBufferPointer { all in
        addProducts(
          cotangent, weights, table, to: all.baseAddress! + l * orbitCount, factors: &sums)
      }
      var start = 0
      for (k, table) in tables.enumerated() {
        let width = table.shape[1]
        for i in 0..<width { tableSums[k][l * width + i] = sums[start + i] }
        start += width
      }
    }
    return (
      sumTensor(free.shape, weightSums),
      zip(tables, tableSums).map { sumTensor($0.shape, $1) }
    )
  }
}
