/// The reasons for which a group, a subgroup or a representation is refused.
///
/// Every case names what was expected and what was found. No case carries a floating-point number.
public enum GroupError: Error, Sendable, Equatable {
  /// No group has this name; `nearest` is the most similar name that exists.
  case unknownGroup(name: String, nearest: String)

  /// The group has no irreducible representation of this name.
  case unknownIrrep(name: String, group: String, nearest: String)

  /// The group has no named subgroup of this name.
  case unknownSubgroup(name: String, group: String, nearest: String)

  /// The group has more than `limit` elements, or infinitely many.
  case tooLarge(group: String, limit: Int)

  /// A parameter lies outside its domain.
  case invalidParameter(name: String, expected: String, found: String)

  /// An element's number is not in `0..<order`.
  case elementOutOfRange(index: Int, order: Int)

  /// A set of elements is not closed: the product of two of them is missing.
  case notASubgroup(first: String, second: String)

  /// A table of products is not that of a group.
  case notAGroup(reason: String)

  /// Matrices do not multiply like the elements of the group.
  case notAHomomorphism(first: String, second: String)

  /// A list or a matrix has another size than needed.
  case sizeMismatch(quantity: String, expected: Int, found: Int)

  /// A number is NaN or infinite, in `place`.
  case nonFinite(place: String)

  /// Two things belong to different groups.
  case differentGroups(expected: String, found: String)

  /// The elements of the group do not act on axes as `needed`.
  case noGeometry(group: String, needed: String)
}

extension GroupError: CustomStringConvertible {
  /// A sentence that names what was expected and what was found.
  public var description: String {
    switch self {
    case .unknownGroup(let name, let nearest):
      return "there is no group named \"\(name)\"; the nearest name is \"\(nearest)\""
    case .unknownIrrep(let name, let group, let nearest):
      return "\(group) has no irreducible representation named \"\(name)\"; the nearest name is"
        + " \"\(nearest)\""
    case .unknownSubgroup(let name, let group, let nearest):
      return "\(group) has no named subgroup \"\(name)\"; the nearest name is \"\(nearest)\""
    case .tooLarge(let group, let limit):
      return "expected a finite group of at most \(limit) elements, found more in \(group)"
    case .invalidParameter(let name, let expected, let found):
      return "expected \(name) to be \(expected), found \(found)"
    case .elementOutOfRange(let index, let order):
      return "expected an element in 0..<\(order), found \(index)"
    case .notASubgroup(let first, let second):
      return "expected a subgroup, found that the product of \"\(first)\" and \"\(second)\""
        + " is missing"
    case .notAGroup(let reason):
      return "expected the multiplication table of a group, found \(reason)"
    case .notAHomomorphism(let first, let second):
      return "expected matrices that multiply like the group, found that the product of those of"
        + " \"\(first)\" and \"\(second)\" is another matrix"
    case .sizeMismatch(let quantity, let expected, let found):
      return "expected \(quantity) of size \(expected), found \(found)"
    case .nonFinite(let place):
      return "expected finite numbers, found NaN or infinity \(place)"
    case .differentGroups(let expected, let found):
      return "expected something of the group \(expected), found it of \(found)"
    case .noGeometry(let group, let needed):
      return "expected a group whose elements are \(needed), found \(group)"
    }
  }
}
