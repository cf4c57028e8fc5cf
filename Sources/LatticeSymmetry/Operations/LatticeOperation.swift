import Groups
import Lattice

/// A symmetry of a gauge theory on a lattice: a signed permutation of the axes about site 0, then a
/// translation, with or without charge conjugation.
///
/// The site x goes to g x = A x + a. A product applies its right factor first,
/// (A, a)(B, b) = (A B, A b + a). Everything is a permutation of sites and links: nothing is interpolated,
/// and images of fields are the same numbers in other places, so that (g h) F = g (h F) to the last bit.
public struct LatticeOperation: GroupElement {
  /// What happens to the axes, and whether links are complex conjugated.
  public let operation: SymmetryOperation

  /// The image of site 0, one coordinate a direction, of any size and sign.
  public let translation: [Int]

  /// - Parameter translation: none by default.
  public init(_ operation: SymmetryOperation, translation: [Int]? = nil) {
    let dimension = operation.axes.dimension
    let translation = translation ?? Array(repeating: 0, count: dimension)
    precondition(
      translation.count == dimension, "a translation has one component for each direction")
    self.operation = operation
    self.translation = translation
  }

  public init(_ axes: SignedPermutation, translation: [Int]? = nil, conjugatesCharge: Bool = false)
  {
    self.init(
      SymmetryOperation(axes, conjugatesCharge: conjugatesCharge), translation: translation)
  }

  /// The identity in some number of directions.
  public static func identity(_ dimension: Int) -> LatticeOperation {
    LatticeOperation(SignedPermutation.identity(dimension))
  }

  /// A translation alone.
  public static func translation(_ displacement: [Int]) -> LatticeOperation {
    LatticeOperation(.identity(displacement.count), translation: displacement)
  }

  /// P: all directions but the last, time, are reflected.
  public static func parity(_ dimension: Int) -> LatticeOperation {
    LatticeOperation(
      (0..<(dimension - 1)).reduce(.identity(dimension)) {
        $0 * .reflection(of: $1, dimension: dimension)
      })
  }

  /// T in Euclidean space: the last direction is reflected.
  public static func timeReversal(_ dimension: Int) -> LatticeOperation {
    LatticeOperation(.reflection(of: dimension - 1, dimension: dimension))
  }

  /// C: links are complex conjugated.
  public static func chargeConjugation(_ dimension: Int) -> LatticeOperation {
    LatticeOperation(.identity(dimension), conjugatesCharge: true)
  }

  /// What happens to the axes.
  public var axes: SignedPermutation { operation.axes }

  /// Whether links are complex conjugated.
  public var conjugatesCharge: Bool { operation.conjugatesCharge }

  /// Number of directions.
  public var dimension: Int { axes.dimension }

  public static func * (a: Self, b: Self) -> Self {
    Self(
      a.operation * b.operation, translation: zip(a.axes(b.translation), a.translation).map(+))
  }

  public var inverse: Self {
    let back = operation.inverse
    return Self(back, translation: back.axes(translation).map { -$0 })
  }

  /// What `SymmetryOperation` says, and the translation where there is one: `C4 about z, shifted by (0, 1, 0)`.
  public var label: String {
    guard translation.contains(where: { $0 != 0 }) else { return operation.label }
    let shift = "shifted by (\(translation.map(String.init).joined(separator: ", ")))"
    return operation == operation.identity ? shift : "\(operation.label), \(shift)"
  }
}

extension LatticeOperation: CustomStringConvertible {
  public var description: String { label }
}
