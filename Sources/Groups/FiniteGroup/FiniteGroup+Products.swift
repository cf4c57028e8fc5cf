extension FiniteGroup {
  /// The direct product; element (g, h) has number `g * other.order + h`.
  ///
  /// It acts on the axes of both where both act on axes, and on those of the one that does where one does.
  /// - Throws: `GroupError.tooLarge`.
  public func product(with other: FiniteGroup, name: String? = nil) throws(GroupError)
    -> FiniteGroup
  {
    let name = name ?? "\(self.name) x \(other.name)"
    let (n, m) = (order, other.order)
    guard n * m <= Self.maximumOrder else { throw .tooLarge(group: name, limit: Self.maximumOrder) }
    let total = n * m
    var table = [UInt16](repeating: 0, count: total * total)
    for g in 0..<total {
      for h in 0..<total {
        table[g * total + h] = UInt16(
          product(g / m, h / m) * m + other.product(g % m, h % m))
      }
    }
    let pairs = (0..<total).map { ($0 / m, $0 % m) }
    var operations: [SymmetryOperation]?
    if let a = self.operations, let b = other.operations,
      a[0].axes.dimension + b[0].axes.dimension <= SignedPermutation.maximumDimension
    {
      operations = pairs.map { g, h in
        SymmetryOperation(
          a[g].axes.directSum(b[h].axes),
          conjugatesCharge: a[g].conjugatesCharge != b[h].conjugatesCharge)
      }
    } else if let a = self.operations, other.matrices == nil {
      operations = pairs.map { g, _ in a[g] }
    } else if let b = other.operations, self.matrices == nil {
      operations = pairs.map { _, h in b[h] }
    }
    var matrices: [RealMatrix]?
    switch (self.matrices, other.matrices) {
    case (let a?, let b?): matrices = pairs.map { a[$0].directSum(b[$1]) }
    case (let a?, nil): matrices = pairs.map { a[$0.0] }
    case (nil, let b?): matrices = pairs.map { b[$0.1] }
    case (nil, nil): break
    }
    return FiniteGroup(
      name: name, order: total, table: table,
      generators: generators.map { $0 * m } + other.generators, labels: Self.labels(self, other),
      operations: operations, matrices: matrices,
      doubling: m == 2 ? Doubling(base: self, symbol: other.name) : nil)
  }

  private static func labels(_ a: FiniteGroup, _ b: FiniteGroup) -> [String] {
    a.labels.enumerated().flatMap { g, first in
      b.labels.enumerated().map { h, second in
        h == 0 ? first : g == 0 ? second : "\(first), \(second)"
      }
    }
  }

  /// The product with charge conjugation; element 2 g + 1 is g followed by C.
  ///
  /// - Throws: `GroupError.tooLarge`; `GroupError.invalidParameter` where C is in the group already.
  public func timesChargeConjugation(name: String? = nil) throws(GroupError) -> FiniteGroup {
    let name = name ?? "\(self.name) x C"
    guard 2 * order <= Self.maximumOrder else {
      throw .tooLarge(group: name, limit: Self.maximumOrder)
    }
    let conjugation = try FiniteGroup(named: "C")
    guard let operations else { return try product(with: conjugation, name: name) }
    guard !operations.contains(where: \.conjugatesCharge) else {
      throw .invalidParameter(
        name: "the first factor", expected: "a group without charge conjugation",
        found: self.name)
    }
    let elements = operations.flatMap { g in
      [g, SymmetryOperation(g.axes, conjugatesCharge: true)]
    }
    return FiniteGroup(
      name: name, elements: elements, doubling: Doubling(base: self, symbol: "C"))
  }

  /// The product with time reversal, which reflects a time axis that is added after those of the group;
  /// element 2 g + 1 is g with the reflection.
  ///
  /// O_h x T is the symmetry of a lattice in 3 + 1 dimensions whose time differs, of order 96 within B_4.
  /// - Throws: `GroupError.tooLarge`, also where no axis is left.
  public func timesTimeReversal(name: String? = nil) throws(GroupError) -> FiniteGroup {
    let name = name ?? "\(self.name) x T"
    guard 2 * order <= Self.maximumOrder else {
      throw .tooLarge(group: name, limit: Self.maximumOrder)
    }
    guard let operations else {
      return try product(with: FiniteGroup(named: "timeReversal"), name: name)
    }
    guard operations[0].axes.dimension < SignedPermutation.maximumDimension else {
      throw .invalidParameter(
        name: "the first factor", expected: "a group on fewer than 8 axes", found: self.name)
    }
    let elements = operations.flatMap { g in
      [1, -1].map { sign in
        let time = sign == 1 ? SignedPermutation.identity(1) : .reflection(of: 0, dimension: 1)
        return SymmetryOperation(
          g.axes.directSum(time), conjugatesCharge: g.conjugatesCharge)
      }
    }
    return FiniteGroup(
      name: name, elements: elements, doubling: Doubling(base: self, symbol: "T"))
  }
}
