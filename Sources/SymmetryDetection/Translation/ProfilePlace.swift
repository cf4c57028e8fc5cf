import Compute
import Foundation

extension DetectionResult.Place {
  /// Where the profile of an observable deviates most from the median of its slices.
  ///
  /// The place is the centre of the slices around the largest deviation that deviate at least half as much to
  /// the same side, so that a wall between two slices lies at a half; its uncertainty is the distance that
  /// 95 % of 400 ensembles of resampled bins keep to it.
  init?(_ observable: SampledObservable, binLength: Int, seed: UInt64) {
    guard let direction = observable.direction else { return nil }
    let length = observable.dimension
    let bins = Self.bins(observable, binLength)
    guard bins.count >= 2 else { return nil }
    func mean(_ chosen: [Int]) -> [Double] {
      var sum = [Double](repeating: 0, count: length)
      for b in chosen {
        for x in 0..<length { sum[x] += bins[b][x] }
      }
      return sum.map { $0 / Double(chosen.count) }
    }
    let profile = mean(Array(bins.indices))
    let center = Self.center(profile)
    let stream = RandomStream(seed: seed, purpose: .symmetryRandomisation)
    let distances = (0..<400).map { draw in
      let chosen = bins.indices.map { b in
        let words = stream.words(UInt32(draw), UInt32(b), 1, 0)
        return Int((UInt64(words[0]) * UInt64(bins.count)) >> 32)
      }
      let difference = (Self.center(mean(chosen)).place - center.place).magnitude
      return min(difference, Double(length) - difference)
    }.sorted()
    let average = profile.reduce(0, +) / Double(length)
    self.init(
      direction: direction, slice: center.place, uncertainty: distances[379],
      deviation: average == 0 ? center.deviation : center.deviation / average.magnitude)
  }

  /// The centre of the largest deviation, in 0 ..< L, and the deviation.
  static func center(_ profile: [Double]) -> (place: Double, deviation: Double) {
    let length = profile.count
    let sorted = profile.sorted()
    let median = (sorted[length / 2] + sorted[(length - 1) / 2]) / 2
    let deviations = profile.map { $0 - median }
    let top = deviations.indices.max {
      (deviations[$0].magnitude, $1) < (deviations[$1].magnitude, $0)
    }!
    let peak = deviations[top]
    func belongs(_ x: Int) -> Bool {
      peak != 0 && deviations[(x % length + length) % length] / peak >= 0.5
    }
    var (low, high) = (top, top)
    while high - low < length - 1, belongs(high + 1) { high += 1 }
    while high - low < length - 1, belongs(low - 1) { low -= 1 }
    let place = (Double(low + high) / 2).truncatingRemainder(dividingBy: Double(length))
    return (place < 0 ? place + Double(length) : place, peak)
  }

  private static func bins(_ observable: SampledObservable, _ length: Int) -> [[Double]] {
    let n = observable.dimension
    var result: [[Double]] = []
    var start = 0
    for chain in observable.chainLengths {
      let count = chain / length
      let first = start + chain - count * length
      for bin in 0..<count {
        var sum = [Double](repeating: 0, count: n)
        for i in 0..<length {
          for x in 0..<n { sum[x] += observable.values[(first + bin * length + i) * n + x] }
        }
        result.append(sum.map { $0 / Double(length) })
      }
      start += chain
    }
    return result
  }
}
