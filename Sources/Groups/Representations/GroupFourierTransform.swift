/// The Fourier transform on a finite group: F_j = sum_g f(g) D_j(g) for every real irreducible D_j.
///
/// The inverse is f(g) = (1/|G|) sum_j (d_j / c_j) tr(D_j(g)^T F_j), with d_j the dimension and c_j = 1, 2, 4
/// that of the commutant; sum_g f^2 = (1/|G|) sum_j (d_j / c_j) |F_j|^2 (Plancherel). Under (L_h f)(g) =
/// f(h^-1 g) a component becomes D_j(h) F_j.
public struct GroupFourierTransform: Sendable {
  public let group: FiniteGroup

  /// The irreducible representations, in the order of the components.
  public let irreps: [Irrep]

  public init(_ group: FiniteGroup) {
    self.group = group
    irreps = group.irreps
  }

  /// F_j for every irreducible representation.
  ///
  /// - Throws: `GroupError.sizeMismatch`, `GroupError.nonFinite`.
  public func callAsFunction(_ f: [Double]) throws(GroupError) -> [RealMatrix] {
    guard f.count == group.order else {
      throw .sizeMismatch(
        quantity: "a function on \(group.name)", expected: group.order, found: f.count)
    }
    guard f.allSatisfy(\.isFinite) else { throw .nonFinite(place: "in a function on a group") }
    return irreps.map { irrep in
      let size = irrep.dimension * irrep.dimension
      var sum = RealMatrix(rows: irrep.dimension, columns: irrep.dimension)
      for g in 0..<group.order {
        for i in 0..<size { sum.elements[i] += f[g] * irrep.matrices[g * size + i] }
      }
      return sum
    }
  }

  /// The function with the given components.
  ///
  /// Of a component of complex or quaternionic type only the part that a function can have enters.
  /// - Throws: `GroupError.sizeMismatch`.
  public func inverse(_ components: [RealMatrix]) throws(GroupError) -> [Double] {
    guard components.count == irreps.count else {
      throw .sizeMismatch(
        quantity: "components on \(group.name)", expected: irreps.count, found: components.count)
    }
    var f = [Double](repeating: 0, count: group.order)
    for (irrep, component) in zip(irreps, components) {
      for size in [component.rows, component.columns] where size != irrep.dimension {
        throw .sizeMismatch(
          quantity: "the component of \(irrep.name)", expected: irrep.dimension, found: size)
      }
      let size = irrep.dimension * irrep.dimension
      let weight = Double(irrep.regularMultiplicity) / Double(group.order)
      for g in 0..<group.order {
        var sum = 0.0
        for i in 0..<size { sum += irrep.matrices[g * size + i] * component.elements[i] }
        f[g] += weight * sum
      }
    }
    return f
  }

  /// The part of sum_g f(g)^2 that each irreducible representation has; their sum is all of it.
  ///
  /// - Throws: `GroupError.sizeMismatch`, `GroupError.nonFinite`.
  public func power(of f: [Double]) throws(GroupError) -> [Double] {
    zip(irreps, try self(f)).map { irrep, component in
      let norm = component.frobeniusNorm
      return Double(irrep.regularMultiplicity) / Double(group.order) * norm * norm
    }
  }
}
