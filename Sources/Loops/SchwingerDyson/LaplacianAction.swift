import Lattice

/// An action whose Laplacian on the group manifold of all links is known in closed form.
///
/// D_a of a link is the derivative along U -> exp(s T^a) U. With tr(T^a T^b) = -1/2 delta_ab the
/// generators obey sum_a T^a T^a = -C, C = (N^2 - 1) / (2 N), and sum_a T^a M T^a = -(tr M - M / N) / 2;
/// for U(1), T = i and C = 1. A trace of a product that contains a link once, as it is or daggered,
/// therefore has sum_a D_a D_a tr P = -C tr P for this link, and -C times their number for all links
/// if no link occurs twice.
public protocol LaplacianAction: Action {
  /// sum over links and a of D_a D_a S, of every batch member.
  func laplaciansOfMembers<Scalar>(_ field: LinkField<Scalar>) -> [Double]
}

extension LaplacianAction {
  /// sum over links and a of D_a D_a S, of one batch member.
  public func laplacian<Scalar>(of field: LinkField<Scalar>, member: Int = 0) -> Double {
    laplaciansOfMembers(field)[member]
  }
}

extension GaugeGroup {
  /// C of sum_a T^a T^a = -C: (N^2 - 1) / (2 N) with tr(T^a T^b) = -1/2 delta_ab, and 1 for U(1).
  public var casimir: Double {
    switch self {
    case .u1: 1
    case .su(let n): Double(n * n - 1) / Double(2 * n)
    }
  }
}

extension ImprovedAction: LaplacianAction {
  public func laplaciansOfMembers<Scalar>(_ field: LinkField<Scalar>) -> [Double] {
    zip(plaquettes.laplaciansOfMembers(field), rectangles.laplaciansOfMembers(field)).map {
      $0 + $1
    }
  }
}
