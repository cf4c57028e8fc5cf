import Groups

/// An observable in the basis in which its irreducible parts show.
struct IrrepSeries {
  /// All equal irreducible parts of the observable.
  struct Part {
    let irrep: Irrep
    /// How often it occurs.
    let multiplicity: Int
    /// Where its components stand, copy by copy.
    let columns: Range<Int>
    /// Whether it vanishes in all samples, to 1e-12 of the observable's magnitude.
    let vanishes: Bool
  }

  let observable: SampledObservable
  let parts: [Part]

  /// Samples in the new basis, component fastest.
  let values: [Double]

  init(_ observable: SampledObservable) throws(DetectionError) {
    self.observable = observable
    let division = try groups { () throws(GroupError) in
      try observable.representation.decomposed()
    }
    let n = observable.dimension
    let count = observable.sampleCount
    var values = [Double](repeating: 0, count: observable.values.count)
    let inverse = division.inverseBasis.elements
    for sample in 0..<count {
      for i in 0..<n {
        var sum = 0.0
        for j in 0..<n { sum += inverse[i * n + j] * observable.values[sample * n + j] }
        values[sample * n + i] = sum
      }
    }
    var parts: [Part] = []
    for irrep in observable.group.irreps {
      let copies = division.parts.filter { $0.irrep.index == irrep.index }
      guard let first = copies.first, let last = copies.last else { continue }
      let columns = first.columns.lowerBound..<last.columns.upperBound
      let largest = (0..<count).reduce(0.0) { largest, sample in
        columns.reduce(largest) { max($0, values[sample * n + $1].magnitude) }
      }
      parts.append(
        Part(
          irrep: irrep, multiplicity: copies.count, columns: columns,
          vanishes: largest <= 1e-12 * observable.magnitude))
    }
    self.values = values
    self.parts = parts
  }

  /// The parts that a symmetry forbids to have a mean.
  var nonTrivialParts: [Part] { parts.filter { !$0.irrep.isTrivial } }

  /// The series of one component on one chain.
  func series(component: Int, chain: Int) -> [Double] {
    let start = observable.chainLengths[..<chain].reduce(0, +)
    let n = observable.dimension
    return (start..<(start + observable.chainLengths[chain])).map { values[$0 * n + component] }
  }

  /// The means of bins of a length, aligned to the end of each chain: component fastest.
  func binMeans(columns: Range<Int>, length: Int) -> [Double] {
    let n = observable.dimension
    var means: [Double] = []
    var start = 0
    for chain in observable.chainLengths {
      let count = chain / length
      let first = start + chain - count * length
      for bin in 0..<count {
        for column in columns {
          var sum = 0.0
          for i in 0..<length { sum += values[(first + bin * length + i) * n + column] }
          means.append(sum / Double(length))
        }
      }
      start += chain
    }
    return means
  }
}
