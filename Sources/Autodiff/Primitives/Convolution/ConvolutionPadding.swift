/// What a convolution reads beyond the ends of the lattice.
public enum ConvolutionPadding: String, Codable, CaseIterable, Sendable {
  /// The other end: the lattice is periodic and keeps its extents.
  case circular
  /// Zeros; the lattice keeps its extents.
  case zero
  /// Nothing: only sites whose whole neighbourhood exists are left, `n - dilation (k - 1)`.
  case none
}
