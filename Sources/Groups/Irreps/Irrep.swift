/// What commutes with an irreducible representation over the real numbers.
public enum IrrepType: Sendable, Hashable {
  /// Multiples of 1: irreducible over the complex numbers too.
  case real
  /// The complex numbers: a pair of complex conjugate representations, such as E of C4.
  case complex
  /// The quaternions: twice a complex representation with a real character, such as that of Q8.
  case quaternionic
}

/// An irreducible representation over the real numbers: an orthogonal matrix for every element.
///
/// Where it occurs in the representation on space, up to a character of values +-1, its matrices are those on
/// the axes. Otherwise its basis is adapted to the subgroups that keep the last axes (up to sign) one after
/// the other, so that components belong to axes and planes where they can.
public struct Irrep: Sendable {
  /// The field's name: Mulliken's symbols `A1g`, `Eg`, `T2u` for point groups of space; pairs of partitions
  /// `(31|-)` for B_n; `3a`, `3b`, by dimension, for others.
  public let name: String

  /// The place in `group.irreps`.
  public let index: Int

  public let dimension: Int

  public let type: IrrepType

  /// The trace on each class of the group.
  public let classCharacter: [Double]

  /// Rows of `group.characters` that it consists of: one, or a conjugate pair.
  public let complexRows: [Int]

  /// Matrices one after the other, each row by row.
  let matrices: [Double]

  /// The matrix of an element.
  public func matrix(_ g: Int) -> RealMatrix {
    let size = dimension * dimension
    return RealMatrix(
      rows: dimension, columns: dimension,
      elements: Array(matrices[(g * size)..<((g + 1) * size)]))
  }

  /// The dimension of what commutes with all matrices: 1, 2 or 4.
  public var commutantDimension: Int {
    switch type {
    case .real: 1
    case .complex: 2
    case .quaternionic: 4
    }
  }

  /// How often it occurs in the regular representation.
  public var regularMultiplicity: Int { dimension / commutantDimension }

  public var isTrivial: Bool { index == 0 }
}

extension Irrep: CustomStringConvertible {
  public var description: String { name }
}
