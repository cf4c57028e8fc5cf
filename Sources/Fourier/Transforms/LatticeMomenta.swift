import Foundation
import Lattice

/// The momenta of a periodic lattice, p_mu = 2 pi k_mu / L_mu with k_mu modulo L_mu.
public struct LatticeMomenta: Sendable, Hashable {
  public let geometry: Geometry
  /// 2 sin(p_mu / 2) for k_mu = 0..<L_mu.
  private let hats: [[Double]]

  public init(_ geometry: Geometry) {
    self.geometry = geometry
    hats = geometry.extents.map { extent in
      (0..<extent).map { 2 * sin(Double.pi * Double($0) / Double(extent)) }
    }
  }

  /// p_mu in (-pi, pi].
  public func momentum(_ k: [Int]) -> [Double] {
    zip(k, geometry.extents).map { k, extent in
      let r = ((k % extent) + extent) % extent
      return 2 * Double.pi * Double(2 * r > extent ? r - extent : r) / Double(extent)
    }
  }

  /// The lattice momentum 2 sin(p_mu / 2), of the sign of k_mu for -L_mu < k_mu < L_mu.
  public func latticeMomentum(_ k: Int, direction mu: Int) -> Double {
    let extent = geometry.extents[mu]
    let r = ((k % extent) + extent) % extent
    return k < 0 ? -hats[mu][(extent - r) % extent] : hats[mu][r]
  }

  /// The sum of (2 sin(p_mu / 2))^2 over directions: minus the eigenvalue of the lattice Laplacian.
  public func latticeMomentumSquared(_ k: [Int]) -> Double {
    k.indices.reduce(0) { sum, mu in
      let hat = latticeMomentum(k[mu], direction: mu)
      return sum + hat * hat
    }
  }

  /// The largest value of `latticeMomentumSquared`: 4 d on even lattices.
  public var largestSquare: Double {
    hats.reduce(0) { $0 + ($1.map { $0 * $0 }.max() ?? 0) }
  }
}
