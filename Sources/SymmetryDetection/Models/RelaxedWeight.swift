import EquivariantLayers
import Groups

/// A relaxed weight of a model: banks of numbers whose places a finite group permutes.
///
/// A model trained on data that an element g has moved ends with `(g w)(g i) = w(i)` in place of w, all of its
/// relaxed weights together, where it began with equal weights: so the weights carry a representation, and what
/// the data keep shows in them.
public struct RelaxedWeight: Sendable {
  public let name: String
  /// L, the filter banks.
  public let banks: Int
  public let group: FiniteGroup
  /// The numbers of one bank.
  public let count: Int
  /// The irreducible parts of one bank, the trivial one among them.
  package let parts: [Part]

  /// All equal irreducible parts of one bank: rows of an orthogonal matrix.
  package struct Part: Sendable {
    package let irrep: Irrep
    /// How often it occurs.
    package let copies: Int
    /// `[copy][component][place]`.
    let rows: [Double]
  }

  /// - Throws: `DetectionError.invalidParameter` for no banks, `.group` for places that the group does not permute.
  public init(
    _ name: String, banks: Int, index: RelaxedIndex, group: LatticeGroup
  ) throws(DetectionError) {
    guard banks >= 1 else {
      throw .invalidParameter(
        name: "the banks of \(name)", expected: "1 or more", found: "\(banks)")
    }
    self.name = name
    self.banks = banks
    self.group = group.group
    if index == .elements {
      count = group.order
      parts = try Self.regularParts(group.group)
    } else {
      let images = index.images(under: group)
      count = images[0].count
      parts = try Self.parts(
        groups { () throws(GroupError) in try .permutation(group.group, images: images) })
    }
  }

  /// The relaxed weights of a network, by their names in its parameters.
  public static func all(of network: EquivariantNetwork) throws(DetectionError) -> [RelaxedWeight] {
    var result: [RelaxedWeight] = []
    for (name, _, parameter) in network.relaxedParameters {
      guard let index = parameter.relaxed else { continue }
      result.append(
        try RelaxedWeight(name, banks: parameter.shape[0], index: index, group: network.group))
    }
    return result
  }

  /// The components of all banks in an irreducible part, `[bank, copy][component]`.
  ///
  /// With the group Fourier transform F_j = sum_h w(h) D_j(h) of weights of elements, copies are its columns times
  /// `(d_j/|G|)^(1/2)`, so that squares add up to those of the weights.
  package func components(of values: [Double], in part: Part) -> [Double] {
    let height = part.rows.count / count
    var result: [Double] = []
    result.reserveCapacity(banks * height)
    for l in 0..<banks {
      for row in 0..<height {
        var sum = 0.0
        for i in 0..<count { sum += part.rows[row * count + i] * values[l * count + i] }
        result.append(sum)
      }
    }
    return result
  }

  /// Columns of the Fourier transform; where an irrep is not of real type those depend on each other, and the
  /// regular representation is divided instead.
  private static func regularParts(_ group: FiniteGroup) throws(DetectionError) -> [Part] {
    guard group.irreps.allSatisfy({ $0.type == .real }) else {
      return try parts(groups { () throws(GroupError) in try .regular(group) })
    }
    return group.irreps.map { irrep in
      let d = irrep.dimension
      let scale = (Double(d) / Double(group.order)).squareRoot()
      var rows = [Double](repeating: 0, count: d * d * group.order)
      for h in 0..<group.order {
        let matrix = irrep.matrix(h)
        for copy in 0..<d {
          for i in 0..<d { rows[(copy * d + i) * group.order + h] = scale * matrix[i, copy] }
        }
      }
      return Part(irrep: irrep, copies: d, rows: rows)
    }
  }

  private static func parts(_ representation: Representation) throws(DetectionError) -> [Part] {
    let division = try groups { () throws(GroupError) in try representation.decomposed() }
    let n = representation.dimension
    return representation.group.irreps.compactMap { irrep in
      let own = division.parts.filter { $0.irrep.index == irrep.index }
      guard !own.isEmpty else { return nil }
      let rows = own.flatMap { part in
        part.columns.flatMap { row in (0..<n).map { division.inverseBasis[row, $0] } }
      }
      return Part(irrep: irrep, copies: own.count, rows: rows)
    }
  }
}
