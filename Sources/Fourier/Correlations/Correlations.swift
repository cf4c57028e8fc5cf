import ComplexModule
import Compute
import Foundation
import Lattice
import RealModule

extension PositionField {
  /// Correlations of two fields with every displacement,
  /// C(r) = 1/V sum_x a_c(x) b_c(x + r), channel by channel.
  ///
  /// - Parameter other: b; of the same lattice, channels and batch.
  /// - Throws: `FourierError.shape`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func correlation(
    with other: PositionField<Scalar>
  ) throws(FourierError) -> PositionField<Scalar> {
    guard other.geometry == geometry, other.channels == channels, other.batch == batch else {
      throw .shape(expected: shapeDescription, found: other.shapeDescription)
    }
    return try Self.correlation(try fourierTransform(), try other.fourierTransform())
  }

  /// Correlations of a field with itself.
  ///
  /// - Throws: `FourierError.noPlan`.
  public func autocorrelation() throws(FourierError) -> PositionField<Scalar> {
    let transform = try fourierTransform()
    return try Self.correlation(transform, transform)
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private static func correlation(
    _ a: MomentumField<Scalar>, _ b: MomentumField<Scalar>
  ) throws(FourierError) -> PositionField<Scalar> {
    var product = b
    product.makeUnique()
    let factor = 1 / Scalar(a.geometry.volume)
    for member in 0..<a.batch {
      for channel in 0..<a.channels {
        let (p, q) = (a.pointer(channel, member), product.pointer(channel, member))
        for k in 0..<a.count {
          let (re, im) = (q[2 * k], q[2 * k + 1])
          q[2 * k] = factor * (p[2 * k] * re + p[2 * k + 1] * im)
          q[2 * k + 1] = factor * (p[2 * k] * im - p[2 * k + 1] * re)
        }
      }
    }
    withExtendedLifetime(a) {}
    return try product.inverseFourierTransform()
  }

  /// Sums over all sites with one coordinate of a direction: for a correlation, that of zero momentum
  /// in the other directions, C(t) = sum_{r : r_mu = t} C(r).
  ///
  /// - Returns: [t] for t = 0..<L_mu.
  public func sliceSums(direction mu: Int, channel: Int = 0, member: Int = 0) -> [Double] {
    precondition((0..<geometry.dimension).contains(mu), "a direction of the lattice")
    var sums = [Double](repeating: 0, count: geometry.extents[mu])
    let inner = geometry.extents.prefix(mu).reduce(1, *)
    let p = pointer(channel, member)
    for site in 0..<geometry.volume {
      sums[site / inner % geometry.extents[mu]] += Double(p[site])
    }
    withExtendedLifetime(self) {}
    return sums
  }
}

extension MomentumField {
  /// S(p) = |f(p)|^2 / V, at zero momentum V <f>^2 of the volume average: the structure factor of which
  /// ensemble averages are susceptibilities.
  public func structureFactor(_ k: [Int], channel: Int = 0, member: Int = 0) -> Double {
    self[k, channel, member].lengthSquared / Double(geometry.volume)
  }
}

/// The second-moment correlation length of a direction,
/// xi = sqrt(chi(0) / chi(p) - 1) / (2 sin(pi / L)), p the smallest momentum.
///
/// - Parameters:
///   - zero: chi at zero momentum, of the connected correlation.
///   - smallest: chi at p = 2 pi / L.
/// - Returns: nil where chi does not fall.
public func secondMomentCorrelationLength(
  zero: Double, smallest: Double, extent: Int
) -> Double? {
  let ratio = zero / smallest - 1
  guard ratio >= 0, ratio.isFinite else { return nil }
  return ratio.squareRoot() / (2 * sin(Double.pi / Double(extent)))
}
