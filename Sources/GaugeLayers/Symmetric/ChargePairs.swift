import Autodiff
import Compute
import Lattice

extension Variable {
  /// Re tr W_c / N + Im tr W_c / N and Re tr W_c / N - Im tr W_c / N for every channel, one pair after the other.
  ///
  /// Charge conjugation, which takes W to its complex conjugate, exchanges the two: the regular representation of
  /// {1, C}, with labels before it (`ChannelRepresentation.Part.hasCharges`). Of SU(2) all traces are real and the
  /// two equal.
  public func chargePairs<Scalar>() throws(LayerError) -> Variable<ScalarField<Scalar>>
  where Value == SiteField<Scalar> {
    let n = value.channels
    var signs = [Scalar](repeating: 0, count: 4 * n * n)
    for row in 0..<(2 * n) {
      signs[row * 2 * n + row / 2] = 1
      signs[row * 2 * n + n + row / 2] = row % 2 == 0 ? 1 : -1
    }
    let weight = try! Tensor(shape: [2 * n, 2 * n], values: signs)
    return try traces().dense(weight: tape.constant(weight))
  }
}
