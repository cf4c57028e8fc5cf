import Groups

/// Samples of a quantity that a finite group acts on linearly: x -> matrix(g) x.
///
/// A chain is the series of one Markov chain in Monte Carlo time; different chains are independent. The
/// claim that is tested is about the law of the chain: it is invariant under x_t -> matrix(g) x_t.
public struct SampledObservable: Sendable {
  public let name: String

  /// Which part of the report it belongs to.
  public let symmetry: TestedSymmetry

  public let representation: Representation

  /// The numbers of samples of the chains.
  public let chainLengths: [Int]

  /// What a value of order one means: without it the root mean square of the samples.
  ///
  /// Parts below 1e-12 of it vanish identically and are called trivial.
  public let magnitude: Double

  /// The direction of a profile; nil for other quantities.
  public let direction: String?

  /// Whether half of the level of the correction for many tests is kept for it.
  ///
  /// For the one observable that is known beforehand to see most, such as the plaquettes that the action is
  /// made of: many others beside it then cost it little.
  public var isPrimary = false

  /// Why it is no test, however many samples there are; nil where it is one.
  var obstacle: String?

  /// The samples, component fastest, chains one after the other.
  let values: [Double]

  /// The components of one sample.
  public func sample(_ index: Int) -> [Double] {
    Array(values[(index * dimension)..<((index + 1) * dimension)])
  }

  public var group: FiniteGroup { representation.group }
  public var sampleCount: Int { chainLengths.reduce(0, +) }
  var dimension: Int { representation.dimension }

  /// Takes `chains[chain][sample][component]`.
  ///
  /// - Throws: `DetectionError.noData` without a chain or for an empty one, `.componentCountMismatch`,
  ///   `.nonFiniteSample`, `.overflow`, `.constantObservable` where all samples are one value that is not
  ///   zero, `.invalidParameter` for a magnitude that is not positive.
  public init(
    name: String, symmetry: TestedSymmetry = .point, representation: Representation,
    chains: [[[Double]]], magnitude: Double? = nil
  ) throws(DetectionError) {
    try self.init(
      name: name, symmetry: symmetry, representation: representation, chains: chains,
      magnitude: magnitude, direction: nil)
  }

  init(
    name: String, symmetry: TestedSymmetry, representation: Representation, chains: [[[Double]]],
    magnitude: Double?, direction: String?
  ) throws(DetectionError) {
    guard !chains.isEmpty, chains.allSatisfy({ !$0.isEmpty }) else {
      throw .noData(observable: name)
    }
    var values: [Double] = []
    values.reserveCapacity(chains.reduce(0) { $0 + $1.count } * representation.dimension)
    for (chain, samples) in chains.enumerated() {
      for (index, sample) in samples.enumerated() {
        guard sample.count == representation.dimension else {
          throw .componentCountMismatch(
            observable: name, chain: chain, sample: index, expected: representation.dimension,
            found: sample.count)
        }
        if let component = sample.firstIndex(where: { !$0.isFinite }) {
          throw .nonFiniteSample(
            observable: name, chain: chain, sample: index, component: component)
        }
        values += sample
      }
    }
    try self.init(
      name: name, symmetry: symmetry, representation: representation,
      chainLengths: chains.map(\.count), magnitude: magnitude, direction: direction, values: values)
  }

  /// Takes the samples of one chain, `samples[sample][component]`.
  ///
  /// - Throws: As `init(name:symmetry:representation:chains:magnitude:)`.
  public init(
    name: String, symmetry: TestedSymmetry = .point, representation: Representation,
    samples: [[Double]], magnitude: Double? = nil
  ) throws(DetectionError) {
    try self.init(
      name: name, symmetry: symmetry, representation: representation, chains: [samples],
      magnitude: magnitude)
  }

  /// The same samples under a subgroup only, such as {1, P} for a test of parity.
  ///
  /// - Parameter group: the subgroup as a group, shared by all observables that are tested under it.
  /// - Throws: `DetectionError.group` for a subgroup of another group.
  public func restricted(
    to subgroup: Subgroup, as group: FiniteGroup? = nil, symmetry: TestedSymmetry
  ) throws(DetectionError) -> SampledObservable {
    let own = try groups { () throws(GroupError) in
      try representation.restricted(to: subgroup, as: group)
    }
    return try SampledObservable(
      name: name, symmetry: symmetry, representation: own, chainLengths: chainLengths,
      magnitude: magnitude, direction: nil, values: values)
  }

  private init(
    name: String, symmetry: TestedSymmetry, representation: Representation, chainLengths: [Int],
    magnitude: Double?, direction: String?, values: [Double]
  ) throws(DetectionError) {
    let squares = values.reduce(0) { $0 + $1 * $1 }
    guard squares.isFinite, (squares * Double(values.count)).isFinite else {
      throw .overflow(observable: name)
    }
    let rootMeanSquare = (squares / Double(max(1, values.count))).squareRoot()
    let magnitude = magnitude ?? rootMeanSquare
    guard magnitude >= 0, magnitude.isFinite else {
      throw .invalidParameter(
        name: "the magnitude of \(name)", expected: "positive", found: "\(magnitude)")
    }
    let n = representation.dimension
    let count = chainLengths.reduce(0, +)
    let isConstant = (0..<count).allSatisfy { sample in
      (0..<n).allSatisfy {
        (values[sample * n + $0] - values[$0]).magnitude <= 1e-13 * rootMeanSquare
      }
    }
    if count > 1, isConstant, rootMeanSquare > 1e-12 * magnitude {
      throw .constantObservable(observable: name)
    }
    self.name = name
    self.symmetry = symmetry
    self.representation = representation
    self.chainLengths = chainLengths
    self.magnitude = magnitude
    self.direction = direction
    self.values = values
  }
}
