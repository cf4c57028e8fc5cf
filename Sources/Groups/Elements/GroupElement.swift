/// What a finite group can be made of: things with an exact product.
public protocol GroupElement: Hashable, Sendable {
  /// First `b`, then `a`.
  static func * (a: Self, b: Self) -> Self

  /// The element that undoes this one.
  var inverse: Self { get }

  /// What a reader calls the element.
  var label: String { get }
}

extension GroupElement {
  /// The neutral element of the same kind.
  public var identity: Self { self * inverse }
}
