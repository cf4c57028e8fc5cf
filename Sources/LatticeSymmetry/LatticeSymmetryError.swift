/// The reasons for which a symmetry cannot act.
public enum LatticeSymmetryError: Error, Sendable, Equatable {
  /// The element has another number of axes than the lattice.
  case dimension(expected: Int, found: Int, element: String)

  /// The element maps the lattice on one of other extents.
  case extents(element: String, extents: [Int], image: [Int])

  /// The element maps open directions on periodic ones.
  case boundary(element: String, boundary: String, image: String)

  /// The element moves the first and the last slice of an open direction elsewhere.
  case openDirection(element: String, direction: Int, expected: String, found: Int)

  /// The group is not one of signed permutations of the axes of the lattice.
  case noGeometry(group: String, dimension: Int)

  /// Two fields that belong together lie on different lattices.
  case differentLattices(expected: String, found: String)

  /// The number of channels is no multiple of what the labels need.
  case channels(labels: String, multipleOf: Int, found: Int)

  /// A direction or a power of a centre transformation that does not exist.
  case centre(quantity: String, expected: String, found: Int)
}

extension LatticeSymmetryError: CustomStringConvertible {
  /// A sentence that names what was expected and what was found.
  public var description: String {
    switch self {
    case .dimension(let expected, let found, let element):
      return "expected a symmetry of \(expected) axes, found \"\(element)\" on \(found)"
    case .extents(let element, let extents, let image):
      return "\"\(element)\" is no symmetry of a lattice \(Self.lattice(extents)): it becomes"
        + " \(Self.lattice(image))"
    case .boundary(let element, let boundary, let image):
      return "\"\(element)\" is no symmetry of a lattice with boundary \(boundary): it becomes"
        + " \(image)"
    case .openDirection(let element, let direction, let expected, let found):
      return "\"\(element)\" does not map the open direction \(direction) on itself: expected a"
        + " translation of \(expected), found \(found)"
    case .noGeometry(let group, let dimension):
      return "expected a group of signed permutations of \(dimension) axes, found \(group)"
    case .differentLattices(let expected, let found):
      return "expected a field on a lattice \(expected), found one on \(found)"
    case .channels(let labels, let multiple, let found):
      return "expected a multiple of \(multiple) channels for \(labels), found \(found)"
    case .centre(let quantity, let expected, let found):
      return "expected \(quantity) \(expected), found \(found)"
    }
  }

  private static func lattice(_ extents: [Int]) -> String {
    extents.map(String.init).joined(separator: "x")
  }
}
