import Compute
import Lattice

/// The gauges that maximise sum Re tr U_mu over some directions.
public enum FixedGauge: String, Sendable, CaseIterable {
  /// All directions.
  case landau = "Landau gauge"
  /// All but time, the last.
  case coulomb = "Coulomb gauge"

  func directions(_ dimension: Int) -> Range<Int> {
    0..<(self == .landau ? dimension : dimension - 1)
  }
}

extension LinkField {
  /// How far links are from a gauge: the root mean square over sites of the divergence
  /// D(x) = sum_mu TA[U_mu(x) - U_mu(x - mu)], over that of the same with a random sign and place, which
  /// is the root mean square of sqrt(2) TA[U_mu] summed over directions; 0 is fixed, 1 is random, nil
  /// where the links have no imaginary part to say anything.
  ///
  /// D is `AlgebraField.gaugeDivergence` of G_mu = TA[U_mu], the derivative of the functional.
  public func distance(from gauge: FixedGauge, member: Int = 0) -> Double? {
    var derivative = AlgebraField<Scalar>(layout: layout, group: group)
    var square = 0.0
    for site in 0..<geometry.volume {
      for mu in gauge.directions(dimension) {
        let g = self[site, mu, member].tracelessAntihermitian
        derivative[site, mu, member] = g
        square += 2 * g.frobeniusNorm * g.frobeniusNorm
      }
    }
    let scale = (square / Double(geometry.volume)).squareRoot()
    guard scale > 1e3 * Double(Scalar.ulpOfOne) else { return nil }
    let norms = derivative.gaugeDivergence(over: self).rootMeanSquareNorms()
    return norms[member] / scale
  }
}
