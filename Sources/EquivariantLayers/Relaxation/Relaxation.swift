/// Which element of the group a relaxed weight belongs to.
public enum RelaxedWeighting: String, Codable, Sendable, CaseIterable {
  /// w_l(h), of the element that is read: formula 3 of arXiv:2310.02299.
  case input
  /// w_l(g), of the element that is written, as its published code has it: another layer, the same
  /// surviving subgroup.
  case output
}

/// How far a layer may leave its symmetry: banks of filters whose weights differ from element to element, or
/// from site to site.
///
/// Weights begin at 1, where the layer is exactly equivariant; it stays so iff every bank's weights are
/// constant.
public struct Relaxation: Codable, Sendable, Equatable {
  /// L, the filter banks.
  public var banks: Int
  /// Weights w_l of elements of the group, `relaxed.group` of shape [L, |G|]; nil for none.
  public var group: RelaxedWeighting?
  /// The lattice of weights w_l(x) of sites, `relaxed.translation` of shape [L, n_0, ...]; nil for none.
  public var translation: [Int]?

  public init(banks: Int = 1, group: RelaxedWeighting? = .input, translation: [Int]? = nil) {
    (self.banks, self.group, self.translation) = (banks, group, translation)
  }

  /// No relaxation.
  public static let none = Relaxation(banks: 1, group: nil)

  /// The names of relaxed weights within their layer.
  public static let groupName = "relaxed.group"
  public static let translationName = "relaxed.translation"
}
