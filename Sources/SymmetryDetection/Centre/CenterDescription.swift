import Foundation
import Statistics

/// Whether the centre Z_N is spontaneously broken, as far as a finite lattice can tell.
///
/// From the Polyakov loop P averaged over the lattice, tr/N. On a finite lattice <P> vanishes in both phases as
/// long as the chain tunnels; what differs is the distribution of |P|. With R = <|P|^4>/<|P|^2>^2 a disordered
/// ensemble has the Gaussian R = 2 (3 where P is real, N = 2), an ordered one R = 1. With a quarter of the error
/// r = <|P|>^2/<|P|^2> tells them apart, pi/4 (2/pi) and 1: order = (r - r_disordered)/(1 - r_disordered) lies between
/// 0 and 1 and decides on the phase. This describes, and is no test: an
/// explicit breaking is tested on <P> (`SampledObservable.polyakovLoop`).
public struct CenterDescription: Sendable, Hashable, Codable {
  public enum Phase: String, Sendable, Hashable, Codable {
    case ordered
    case disordered
    /// The error of `order` reaches across one half.
    case undecided
  }

  /// N of Z_N.
  public let centerOrder: Int
  /// <|P|> and its error.
  public let meanMagnitude: Double
  public let meanMagnitudeError: Double
  /// <P>.
  public let meanReal: Double
  public let meanImaginary: Double
  /// R = <|P|^4>/<|P|^2>^2 and its error.
  public let binderRatio: Double
  public let binderRatioError: Double
  /// (r - r_disordered)/(1 - r_disordered): 0 for a Gaussian, 1 for one magnitude.
  public let order: Double
  public let phase: Phase
  /// The share of samples in each sector of the phase, around 2 pi k/N.
  public let sectorShares: [Double]
  /// How often the chains change the sector, by samples that stand clearly in one.
  public let sectorChanges: Int
  /// The counts of |P| in equal steps from 0 to the largest.
  public let magnitudeHistogram: [Int]
  /// What a Gaussian ensemble of the same <|P|^2> has there.
  public let disorderedHistogram: [Double]
  public let largestMagnitude: Double

  /// "ordered, tunnels 12 times", "ordered, frozen", "disordered", "undecided".
  public var summary: String {
    guard phase == .ordered else { return phase.rawValue }
    switch sectorChanges {
    case 0: return "ordered, frozen"
    case 1: return "ordered, tunnels once"
    default: return "ordered, tunnels \(sectorChanges) times"
    }
  }

  /// The fewest samples that are described.
  public static let minimumSampleCount = 8

  /// Describes chains of Polyakov loops.
  ///
  /// - Throws: `DetectionError.invalidParameter` for N below 2 or fewer than `minimumSampleCount` samples in
  ///   all, `.nonFiniteSample`, `.constantObservable` where P is zero in all samples.
  public init(
    polyakovLoops chains: [[(real: Double, imaginary: Double)]], centerOrder n: Int
  ) throws(DetectionError) {
    try Self.check(chains, n)
    let all = chains.flatMap { $0 }
    let isReal = n == 2
    let magnitudes = all.map {
      isReal ? $0.real.magnitude : ($0.real * $0.real + $0.imaginary * $0.imaginary).squareRoot()
    }
    let largest = magnitudes.max()!
    guard largest > 0 else { throw .constantObservable(observable: "the Polyakov loop") }
    let disordered = isReal ? 2 / Double.pi : Double.pi / 4
    let powers = [1, 2, 4].map { power in
      var position = 0
      return chains.map { chain in
        defer { position += chain.count }
        return magnitudes[position..<(position + chain.count)].map {
          pow($0 / largest, Double(power))
        }
      }
    }
    let (magnitude, ratio, flatness) = try Self.estimates(powers)
    centerOrder = n
    meanMagnitude = magnitude.value * largest
    meanMagnitudeError = magnitude.error * largest
    meanReal = all.reduce(0) { $0 + $1.real } / Double(all.count)
    meanImaginary = isReal ? 0 : all.reduce(0) { $0 + $1.imaginary } / Double(all.count)
    binderRatio = ratio.value
    binderRatioError = ratio.error
    order = (flatness.value - disordered) / (1 - disordered)
    let error = flatness.error / (1 - disordered)
    phase =
      order - 2 * error > 0.5 ? .ordered : order + 2 * error < 0.5 ? .disordered : .undecided

    let sectors = all.map { Self.sector($0, n) }
    sectorShares = (0..<n).map { k in
      Double(sectors.count { $0.number == k }) / Double(all.count)
    }
    sectorChanges = Self.changes(chains, n, threshold: meanMagnitude / 2)
    let mean = magnitudes.reduce(0) { $0 + $1 * $1 } / Double(all.count)
    (magnitudeHistogram, disorderedHistogram) = Self.histograms(
      magnitudes, largest, meanSquare: mean, isReal: isReal)
    largestMagnitude = largest
  }

  private static func check(
    _ chains: [[(real: Double, imaginary: Double)]], _ n: Int
  ) throws(DetectionError) {
    guard n >= 2 else {
      throw .invalidParameter(name: "N of the centre", expected: "2 or more", found: "\(n)")
    }
    let count = chains.reduce(0) { $0 + $1.count }
    guard count >= minimumSampleCount, chains.allSatisfy({ !$0.isEmpty }) else {
      throw .invalidParameter(
        name: "the number of Polyakov loops", expected: "at least \(minimumSampleCount)",
        found: "\(count)")
    }
    for (chain, samples) in chains.enumerated() {
      for (index, p) in samples.enumerated() where !(p.real.isFinite && p.imaginary.isFinite) {
        throw .nonFiniteSample(
          observable: "the Polyakov loop", chain: chain, sample: index,
          component: p.real.isFinite ? 1 : 0)
      }
    }
  }

  /// <|P|>, R and r by the jackknife over some twenty bins.
  private static func estimates(
    _ powers: [[[Double]]]
  ) throws(DetectionError) -> (Estimate, Estimate, Estimate) {
    let count = powers[0].reduce(0) { $0 + $1.count }
    let length = max(1, count / 20)
    let bins = powers.map { chains in
      chains.flatMap { chain -> [Double] in
        (0..<(chain.count / length)).map { bin in
          let samples: ArraySlice<Double> = chain[(bin * length)..<((bin + 1) * length)]
          return samples.reduce(0, +) / Double(length)
        }
      }
    }
    func ratio(_ m: [Double]) -> Double { m[2] / (m[1] * m[1]) }
    func flatness(_ m: [Double]) -> Double { m[0] * m[0] / m[1] }
    let q = bins[0].count
    guard q >= 2 else {
      throw .invalidParameter(
        name: "the number of Polyakov loops in a chain", expected: "at least \(length)",
        found: "fewer")
    }
    let means = powers.map { $0.joined().reduce(0, +) / Double(count) }
    let sums = bins.map { $0.reduce(0, +) }
    let replicates: [[Double]] = (0..<q).map { b in
      bins.indices.map { (sums[$0] - bins[$0][b]) / Double(q - 1) }
    }
    func error(_ f: ([Double]) -> Double) -> Double {
      let values = replicates.map(f)
      let center = values.reduce(0, +) / Double(q)
      let squares: Double = values.reduce(0) { $0 + ($1 - center) * ($1 - center) }
      return (squares * Double(q - 1) / Double(q)).squareRoot()
    }
    return (
      Estimate(value: means[0], error: error { $0[0] }),
      Estimate(value: ratio(means), error: error(ratio)),
      Estimate(value: flatness(means), error: error(flatness))
    )
  }

  /// The sector of the phase and how far the phase is from its middle, 1 at the border.
  static func sector(
    _ p: (real: Double, imaginary: Double), _ n: Int
  ) -> (number: Int, distance: Double) {
    let angle = n == 2 ? (p.real < 0 ? Double.pi : 0) : atan2(p.imaginary, p.real)
    let turns = angle * Double(n) / (2 * Double.pi)
    let nearest = turns.rounded()
    return ((Int(nearest) % n + n) % n, 2 * (turns - nearest).magnitude)
  }

  /// Changes between samples with |P| above a threshold and a phase in the inner half of a sector.
  private static func changes(
    _ chains: [[(real: Double, imaginary: Double)]], _ n: Int, threshold: Double
  ) -> Int {
    var changes = 0
    for chain in chains {
      var last: Int?
      for p in chain {
        let magnitude =
          n == 2
          ? p.real.magnitude : (p.real * p.real + p.imaginary * p.imaginary).squareRoot()
        let place = sector(p, n)
        guard magnitude >= threshold, place.distance <= 0.5 else { continue }
        if let last, last != place.number { changes += 1 }
        last = place.number
      }
    }
    return changes
  }

  private static func histograms(
    _ magnitudes: [Double], _ largest: Double, meanSquare: Double, isReal: Bool
  ) -> ([Int], [Double]) {
    let steps = max(8, min(40, Int(Double(magnitudes.count).squareRoot())))
    var counts = [Int](repeating: 0, count: steps)
    for m in magnitudes { counts[min(steps - 1, Int(m / largest * Double(steps)))] += 1 }
    func below(_ x: Double) -> Double {
      isReal ? erf(x / (2 * meanSquare).squareRoot()) : 1 - exp(-x * x / meanSquare)
    }
    let expected = (0..<steps).map { k in
      let (low, high) = (Double(k), Double(k + 1))
      let step = largest / Double(steps)
      return Double(magnitudes.count) * (below(high * step) - below(low * step))
    }
    return (counts, expected)
  }
}
