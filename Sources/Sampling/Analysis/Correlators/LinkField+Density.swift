import Compute
import Foundation
import Fourier
import Lattice
import Loops

extension LinkField where Scalar: FourierReal {
  /// phi(x) at every site in serial order: one channel, of the Polyakov loop real and imaginary part,
  /// the same in all time slices.
  ///
  /// - Throws: `CorrelationError` where the links have no such function.
  public func density(
    _ density: LocalDensity, member: Int = 0
  ) throws(CorrelationError) -> PositionField<Scalar> {
    try density.validate(geometry, group, boundary)
    let n = Double(group.n)
    switch density {
    case .plaquette(let planes):
      let chosen = planes.channels(geometry)
      return mapped(plaquetteField().traceSums(chosen), member) { re, _ in
        re / (n * Double(chosen.count))
      }
    case .action:
      let all = LocalDensity.Planes.all.channels(geometry)
      return mapped(plaquetteField().traceSums(all), member) { re, _ in Double(all.count) - re / n }
    case .polyakov:
      var field = PositionField(polyakovLoopField(dimension - 1).traceSums([0])).member(member)
      for site in 0..<geometry.volume {
        for c in 0..<2 { field[site, c] /= Scalar(n) }
      }
      return field
    case .energy:
      return PositionField(cloverFieldStrength().squares()).member(member)
    case .charge:
      if dimension == 2 {
        return mapped(plaquetteField().traceSums([0]), member) { re, im in
          atan2(im, re) / (2 * Double.pi)
        }
      }
      let values = topologicalChargeDensity(.clover, member: member)!
      return PositionField.filled(geometry) { Scalar(values[$0]) }
    }
  }

  /// One channel from the two of sums of traces.
  private func mapped(
    _ traces: ScalarField<Scalar>, _ member: Int, _ function: (Double, Double) -> Double
  ) -> PositionField<Scalar> {
    let field = PositionField(traces)
    return PositionField.filled(geometry) { site in
      Scalar(function(Double(field[site, 0, member]), Double(field[site, 1, member])))
    }
  }
}

extension LocalDensity.Planes {
  /// Places among all planes mu < nu in lexicographic order.
  fileprivate func channels(_ geometry: Geometry) -> [Int] {
    let time = geometry.dimension - 1
    return geometry.planes.enumerated().compactMap { index, plane in
      let isWanted =
        switch self {
        case .all: true
        case .spatial: plane.nu != time
        case .temporal: plane.nu == time
        case .plane(let mu, let nu): plane.mu == mu && plane.nu == nu
        }
      return isWanted ? index : nil
    }
  }
}

extension PositionField {
  fileprivate static func filled(
    _ geometry: Geometry, _ value: (Int) -> Scalar
  ) -> PositionField {
    // One channel and member are not refused.
    var field = try! PositionField(geometry)
    for site in 0..<geometry.volume { field[site] = value(site) }
    return field
  }

  /// One member of a batch.
  fileprivate func member(_ member: Int) -> PositionField {
    if batch == 1 { return self }
    var field = try! PositionField(geometry, channels: channels)
    for c in 0..<channels {
      for site in 0..<geometry.volume { field[site, c] = self[site, c, member] }
    }
    return field
  }
}
