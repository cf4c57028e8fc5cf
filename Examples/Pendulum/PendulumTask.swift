import Autodiff
import Compute
import Foundation

/// What a pendulum did between two looks at it: from its angle at the ends of an interval to that at all times.
///
///     theta'' = -sin(theta) - 2 damping theta'
///
/// Angle and velocity in the middle are uniform in (-1.2, 1.2), so that without damping a motion and the same one
/// backwards are equally likely. Solved from the middle both ways by Runge-Kutta of fourth order, step 0.02.
struct PendulumTask {
  static let times = 9
  static let interval = 0.4
  let damping: Double
  /// The deviation of the noise on the two looks.
  let noise: Double
  let seed: UInt64

  /// Looks `[count, 1, 9]`, 0 between the ends, and angles of the same shape.
  func batch(
    set: Int, number: Int, count: Int
  ) throws -> (x: Tensor<Double>, y: Tensor<Double>) {
    let stream = RandomStream(seed: seed << 16 + UInt64(set), purpose: .trainingData)
    let n = Self.times
    var looks = [Double](repeating: 0, count: count * n)
    var angles = [Double]()
    let noises = try Tensor<Double>.initialised(
      shape: [count, 2], fanIn: 1, seed: (seed << 16 + UInt64(set)) | 1 << 63,
      stream: UInt32(number))
    for sample in 0..<count {
      let (u, v) = stream.uniforms(UInt32(number), UInt32(sample))
      let motion = self.motion(angle: 2.4 * u - 1.2, velocity: 2.4 * v - 1.2)
      looks[sample * n] = motion[0] + noise * noises.values[2 * sample]
      looks[sample * n + n - 1] = motion[n - 1] + noise * noises.values[2 * sample + 1]
      angles += motion
    }
    return (
      try Tensor(shape: [count, 1, n], values: looks),
      try Tensor(shape: [count, 1, n], values: angles)
    )
  }

  /// The angles at all times from angle and velocity in the middle.
  func motion(angle: Double, velocity: Double) -> [Double] {
    func half(_ direction: Double) -> [Double] {
      var (x, v) = (angle, velocity)
      let h = direction * 0.02
      return (0..<(Self.times / 2)).map { _ in
        for _ in 0..<Int((Self.interval / 0.02).rounded()) { (x, v) = step(x, v, h) }
        return x
      }
    }
    return half(-1).reversed() + [angle] + half(1)
  }

  private func step(_ x: Double, _ v: Double, _ h: Double) -> (Double, Double) {
    func slope(_ x: Double, _ v: Double) -> (Double, Double) {
      (v, -sin(x) - 2 * damping * v)
    }
    let a = slope(x, v)
    let b = slope(x + h / 2 * a.0, v + h / 2 * a.1)
    let c = slope(x + h / 2 * b.0, v + h / 2 * b.1)
    let d = slope(x + h * c.0, v + h * c.1)
    return (
      x + h / 6 * (a.0 + 2 * b.0 + 2 * c.0 + d.0), v + h / 6 * (a.1 + 2 * b.1 + 2 * c.1 + d.1)
    )
  }
}
