import Foundation
import Groups

/// Groups that are shared by all observables, so that their null draws are joint.
private enum SharedGroups {
  static let sign: Result<FiniteGroup, GroupError> = .init { () throws(GroupError) in
    try FiniteGroup(named: "Z2")
  }
}

extension SampledObservable {
  /// Quantities that a symmetry of order two changes by a sign, such as Im tr of loops under charge
  /// conjugation or the topological charge under parity: [chain][sample][component].
  ///
  /// Several components, which have to be of one kind, are one test with their covariance.
  /// - Throws: As `init(name:symmetry:representation:chains:magnitude:)`.
  public static func odd(
    name: String, symmetry: TestedSymmetry, chains: [[[Double]]], magnitude: Double? = nil
  ) throws(DetectionError) -> SampledObservable {
    let group = try groups { () throws(GroupError) in try SharedGroups.sign.get() }
    guard let width = chains.first?.first?.count, width > 0 else { throw .noData(observable: name) }
    let representation = try groups { () throws(GroupError) in
      try Representation(
        group, name: name, matrices: [1, -1].map { Double($0) * RealMatrix.identity(width) })
    }
    return try SampledObservable(
      name: name, symmetry: symmetry, representation: representation, chains: chains,
      magnitude: magnitude)
  }

  /// The profile of a scalar along a direction, one number a slice, under the translations along it:
  /// [chain][sample][slice].
  ///
  /// The irreps are the Fourier modes k = 1 ... L/2, (1/L) sum_x f(x) e^(-2 pi i k x/L).
  /// - Parameters:
  ///   - direction: What a reader calls it: x, y, z or t.
  ///   - group: Z_L, where profiles of the same length share it, for joint draws.
  /// - Throws: `DetectionError.invalidParameter` for one slice; as `init(name:symmetry:...)`.
  public static func profile(
    name: String, direction: String, chains: [[[Double]]], group: FiniteGroup? = nil,
    magnitude: Double? = nil
  ) throws(DetectionError) -> SampledObservable {
    guard let length = chains.first?.first?.count else { throw .noData(observable: name) }
    guard length >= 2 else {
      throw .invalidParameter(
        name: "the number of slices along \(direction)", expected: "2 or more", found: "\(length)")
    }
    let representation = try groups { () throws(GroupError) in
      let translations: FiniteGroup
      if let group {
        translations = group
      } else {
        translations = try FiniteGroup(named: "Z\(length)")
      }
      guard translations.order == length else {
        throw .sizeMismatch(
          quantity: "translations along \(direction)", expected: length,
          found: translations.order)
      }
      return try Representation.permutation(
        translations, name: name,
        images: (0..<length).map { shift in (0..<length).map { ($0 + shift) % length } })
    }
    return try SampledObservable(
      name: name, symmetry: .translation, representation: representation, chains: chains,
      magnitude: magnitude, direction: direction)
  }

  /// The fewest changes of the sector that make a mean of the Polyakov loop a test.
  public static let minimumSectorChanges = 8

  /// The Polyakov loop averaged over the lattice, (real, imaginary), under the centre Z_N: a mean that is not
  /// zero is an explicit breaking.
  ///
  /// Chains that change the sector nearest to the phase fewer than `minimumSectorChanges` times get no verdict:
  /// theirs would be the mean of a chain that does not tunnel, explicit breaking or not.
  /// - Throws: `DetectionError.invalidParameter` for N below 2; as `init(name:symmetry:...)`.
  public static func polyakovLoop(
    chains: [[(real: Double, imaginary: Double)]], centerOrder n: Int
  ) throws(DetectionError) -> SampledObservable {
    guard n >= 2 else {
      throw .invalidParameter(name: "N of the centre", expected: "2 or more", found: "\(n)")
    }
    let representation = try groups { () throws(GroupError) in
      let center = try FiniteGroup(named: "Z\(n)")
      return try Representation(
        center, name: "Polyakov loop",
        matrices: (0..<n).map { k in
          if n == 2 { return (k == 0 ? 1 : -1) * RealMatrix.identity(1) }
          let angle = 2 * Double.pi * Double(k) / Double(n)
          let (c, s) = (cos(angle), sin(angle))
          return RealMatrix(rows: 2, columns: 2) { $0 == $1 ? c : $0 < $1 ? -s : s }
        })
    }
    var observable = try SampledObservable(
      name: "Polyakov loop", symmetry: .center, representation: representation,
      chains: chains.map { $0.map { n == 2 ? [$0.real] : [$0.real, $0.imaginary] } },
      magnitude: 1)
    let changes = chains.reduce(0) { count, chain in
      let sectors = chain.map { CenterDescription.sector($0, n).number }
      return count + zip(sectors, sectors.dropFirst()).count { $0 != $1 }
    }
    if changes < minimumSectorChanges {
      observable.obstacle =
        "\(changes) changes of the sector do not tell an explicit breaking from a chain that does not"
        + " tunnel; \(minimumSectorChanges) are needed"
    }
    return observable
  }
}
