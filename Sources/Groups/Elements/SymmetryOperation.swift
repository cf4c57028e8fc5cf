/// A symmetry of a gauge theory on a lattice: a signed permutation of the axes, with or without charge
/// conjugation.
public struct SymmetryOperation: GroupElement {
  /// What happens to the axes.
  public let axes: SignedPermutation

  /// Whether links are complex conjugated as well.
  public let conjugatesCharge: Bool

  public init(_ axes: SignedPermutation, conjugatesCharge: Bool = false) {
    self.axes = axes
    self.conjugatesCharge = conjugatesCharge
  }

  public static func * (a: Self, b: Self) -> Self {
    Self(a.axes * b.axes, conjugatesCharge: a.conjugatesCharge != b.conjugatesCharge)
  }

  public var inverse: Self { Self(axes.inverse, conjugatesCharge: conjugatesCharge) }

  public var label: String {
    if !conjugatesCharge { return axes.label }
    return axes == .identity(axes.dimension)
      ? "charge conjugation" : "\(axes.label), charge conjugation"
  }
}
