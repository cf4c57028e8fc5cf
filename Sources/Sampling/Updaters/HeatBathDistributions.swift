import Compute
import Lattice

/// Draws h_0 in [-1, 1] from sqrt(1 - h_0^2) exp(alpha h_0), lane by lane.
///
/// Kennedy and Pendleton (Phys. Lett. B 156 (1985) 393) where alpha is large; below 0.8, where their
/// proposals are mostly refused, uniform proposals accepted with the density itself, which is exact
/// down to alpha = 0. What a lane draws depends on its own place in the stream only.
///
/// Returns 1 for a lane that is refused `RandomPlace.maximumDraws` times; the chance of that is below
/// 0.65^16384.
@inlinable @inline(__always)
func drawQuaternionScalar<V: LaneVector>(alpha: V, at place: borrowing RandomPlace) -> V {
  let one = V(repeating: 1)
  let minusInverse = V(repeating: -1) / alpha
  let isLarge = V.greaterOrEqual(alpha, V(repeating: 0.8))
  let allLarge = V.all(isLarge)
  var h0 = one
  var done = V.mask(bits: 0)
  var draw: UInt32 = 0
  repeat {
    let (u1, u2, u3, u4) = V.uniforms(place, draw: draw)
    // cos(2 pi u) up to a shift of the uniform argument
    let c = V.sineCosinePi(u3 - V(repeating: 0.5)).sine
    let delta = multiplyAdd(c * c, V.log(u2), V.log(u1)) * minusInverse
    var candidate = one - delta
    var accepted = V.greaterOrEqual(negatedMultiplyAdd(V(repeating: 0.5), delta, one), u4 * u4)
    if _slowPath(!allLarge) {
      let h = multiplyAdd(u1, V(repeating: 2), -one)
      // u4^2 <= (1 - h^2) exp(2 alpha (h - 1)), in logarithms
      let rest = one - h * h
      let density = multiplyAdd(
        (alpha + alpha), h - one, V.log(rest + V(repeating: V.Scalar.leastNormalMagnitude)))
      let logU = V.log(u4)
      candidate = V.select(isLarge, candidate, h)
      let isUniform = V.greaterOrEqual(density, logU + logU)
      // A mask of all lanes chosen by arithmetic on 0 and 1.
      let zero = V.zero
      let chosen = V.select(
        isLarge, V.select(accepted, one, zero), V.select(isUniform, one, zero))
      accepted = V.greaterOrEqual(chosen, one)
    }
    h0 = V.select(done, h0, V.select(accepted, candidate, h0))
    done = V.or(done, accepted)
    draw &+= 1
  } while !V.all(done) && draw < RandomPlace.maximumDraws - 1
  return h0
}

/// A unit quaternion with scalar part h_0 and a vector part of uniform direction.
@inlinable @inline(__always)
func completeQuaternion<V: LaneVector>(_ h0: V, at place: borrowing RandomPlace)
  -> QuaternionLanes<V>
{
  // The last draw of the place: never used by the rejection loop.
  let (u1, u2, _, _) = V.uniforms(place, draw: RandomPlace.maximumDraws - 1)
  let one = V(repeating: 1)
  let cosine = multiplyAdd(u1, V(repeating: 2), -one)
  let (s, c) = V.sineCosinePi(u2 - V(repeating: 0.5))
  let square = negatedMultiplyAdd(h0, h0, one)
  let radius = V.squareRoot(V.select(V.greaterOrEqual(square, V.zero), square, V.zero))
  let rest = negatedMultiplyAdd(cosine, cosine, one)
  let transverse = radius * V.squareRoot(V.select(V.greaterOrEqual(rest, V.zero), rest, V.zero))
  // cos and sin of 2 pi w by doubling the angle
  return QuaternionLanes(
    h0, transverse * negatedMultiplyAdd(s + s, s, one), transverse * (s + s) * c, radius * cosine)
}

/// Draws cos and sin of an angle from exp(alpha cos), lane by lane.
///
/// Best and Fisher, Appl. Statist. 28 (1979) 152, with r = (1 + sqrt(1 + 4 alpha^2)) / (2 alpha);
/// all expressions are multiplied through by alpha, so they hold down to alpha = 0.
@inlinable @inline(__always)
func drawAngle<V: LaneVector>(alpha: V, at place: borrowing RandomPlace) -> (cosine: V, sine: V) {
  let one = V(repeating: 1)
  let half = V(repeating: 0.5)
  let s = V.squareRoot(multiplyAdd(alpha * V(repeating: 4), alpha, one))
  let q = half * (one + s)
  let qMinus = half * (one + one / (s + alpha + alpha))
  let qPlus = q + alpha
  let root = V.squareRoot(qMinus * qPlus)
  var (cosine, sine) = (one, V.zero)
  var done = V.mask(bits: 0)
  var draw: UInt32 = 0
  repeat {
    let (u1, u2, u3, _) = V.uniforms(place, draw: draw)
    let (a, b) = V.sineCosinePi(u1 * half)
    let z = multiplyAdd(b, b, -(a * a))
    let inverse = one / multiplyAdd(alpha, z, q)
    let f = multiplyAdd(q, z, alpha) * inverse
    let c = negatedMultiplyAdd(alpha, f, q)
    let accepted = V.greaterOrEqual(V.log(c) + one, V.log(u2) + c)
    let magnitude = (a + a) * b * root * inverse
    let signed = V.select(V.greaterOrEqual(u3, half), magnitude, -magnitude)
    cosine = V.select(done, cosine, V.select(accepted, f, cosine))
    sine = V.select(done, sine, V.select(accepted, signed, sine))
    done = V.or(done, accepted)
    draw &+= 1
  } while !V.all(done) && draw < RandomPlace.maximumDraws - 1
  return (cosine, sine)
}
