import Compute

extension AlgebraField {
  /// Zeroes the elements of links that do not exist, in every member; costs nothing on a periodic
  /// lattice.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package mutating func clearMissingLinks(of boundary: Boundary) {
    precondition(boundary.dimension == dimension, "a boundary needs the dimension of the lattice")
    guard boundary.anyOpen else { return }
    clearMissing(mutableView, layout, boundary)
  }
}
