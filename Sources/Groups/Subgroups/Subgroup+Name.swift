extension Subgroup {
  /// What the field calls the subgroup; nil where it has no name.
  ///
  /// - In space, and in the plane, Schoenflies' symbol.
  /// - With a time axis (the last of four) that stays or is reflected: `Oh`, where no element reflects it,
  ///   `Oh x T`, and `Oh(O)` as for magnetic point groups, where the elements outside O reflect time too.
  ///   `T(x)` and so on where another axis plays the part of time.
  /// - Subgroups of B_4 without such an axis: the names of `namedSubgroups` up to conjugacy, B_n and
  ///   their rotations.
  /// - With charge conjugation the same pattern: `B2 x C`, and `B2(C4) C` where the elements outside the
  ///   rotations conjugate charge.
  /// - Abstract groups: cyclic ones and their products `Z2 x Z4`, dihedral groups `D4`, `Q8`.
  public var name: String? {
    if order == parent.order { return parent.name }
    if let name = geometricName { return name }
    return parent.matrices == nil ? abstractName : nil
  }

  /// The name of the abstract group; nil where the list has none.
  public var abstractName: String? {
    let group = parent
    let orders = elements.map { group.order(of: $0) }
    if orders.max() == order { return "Z\(order)" }
    let own = generators
    let isAbelian = own.allSatisfy { g in
      own.allSatisfy { group.product(g, $0) == group.product($0, g) }
    }
    if isAbelian { return invariantFactors(orders).map { "Z\($0)" }.joined(separator: " x ") }
    if order == 8 { return orders.count(where: { $0 == 2 }) == 1 ? "Q8" : "D4" }
    // Dihedral: a cyclic half, and involutions that invert it.
    if order % 2 == 0, let turn = elements.first(where: { group.order(of: $0) == order / 2 }) {
      let half = group.closure(of: [turn])
      let inverts = elements.filter { !half.contains($0) }.allSatisfy {
        group.order(of: $0) == 2 && group.conjugate(turn, by: $0) == group.inverse(turn)
      }
      if inverts { return "D\(order / 2)" }
    }
    return nil
  }

  /// Orders of cyclic factors of an abelian group, each dividing the next, from how many elements have which
  /// orders.
  private func invariantFactors(_ orders: [Int]) -> [Int] {
    var factors: [Int] = []
    var rest = order
    var p = 2
    while rest > 1 {
      if rest % p != 0 {
        p += 1
        continue
      }
      // The number of elements killed by p^k is p to the sum of min(k, exponents).
      var powers: [Int] = []
      var (power, before) = (1, 1)
      while rest % p == 0 {
        power *= p
        let killed = orders.count { power % $0 == 0 }
        var atLeast = 0
        var ratio = killed / before
        while ratio > 1 {
          ratio /= p
          atLeast += 1
        }
        // `atLeast` factors have an exponent of k or more.
        for i in 0..<atLeast {
          if i < powers.count { powers[i] *= p } else { powers.append(p) }
          rest /= p
        }
        before = killed
      }
      for (i, q) in powers.enumerated() {
        if i < factors.count { factors[i] *= q } else { factors.append(q) }
      }
      p += 1
    }
    return factors.reversed()
  }

  private var geometricName: String? {
    guard let operations = parent.operations else { return pointGroup?.schoenflies }
    let own = elements.map { operations[$0] }
    let neutral = own.filter { !$0.conjugatesCharge }
    if neutral.count == own.count { return Self.name(own.map(\.axes)) }
    let geometries = Set(own.map(\.axes))
    guard let all = Self.name(Array(geometries)) else { return nil }
    if geometries.count == neutral.count { return all == "C1" ? "C" : "\(all) x C" }
    guard let part = Self.name(neutral.map(\.axes)) else { return nil }
    return "\(all)(\(part)) C"
  }

  /// The name of a closed set of signed permutations.
  private static func name(_ elements: [SignedPermutation]) -> String? {
    let n = elements[0].dimension
    if elements.count == 1 { return "C1" }
    let factorial = (1...n).reduce(1, *)
    if n != 3 {
      if elements.count == factorial << n { return "B\(n)" }
      if n > 2, elements.count == factorial << (n - 1),
        elements.allSatisfy({ $0.determinant == 1 })
      {
        return "B\(n)+"
      }
    }
    switch n {
    case 1: return "T"
    case 2:
      return PointGroup(matrices: elements.map { $0.matrix.directSum(.identity(1)) })?
        .schoenflies
    case 3: return PointGroup(matrices: elements.map(\.matrix))?.schoenflies
    case 4:
      for axis in [3, 0, 1, 2] where elements.allSatisfy({ $0.preserves(axis: axis) }) {
        return magneticName(elements, axis)
      }
      return HypercubicSubgroup.name(of: elements)
    default: return nil
    }
  }

  /// The name of elements of four axes that keep one of them up to its sign.
  private static func magneticName(_ elements: [SignedPermutation], _ axis: Int) -> String? {
    let letter = axis == 3 ? "T" : "T(\(SignedPermutation.axisNames(4)[axis]))"
    func space(_ g: SignedPermutation) -> RealMatrix {
      let rest = (0..<4).filter { $0 != axis }
      let m = g.matrix
      return RealMatrix(rows: 3, columns: 3) { m[rest[$0], rest[$1]] }
    }
    let all = Set(elements.map(space))
    let still = elements.filter { $0.image(of: axis).sign == 1 }.map(space)
    guard let whole = PointGroup(matrices: Array(all))?.schoenflies,
      let part = PointGroup(matrices: still)?.schoenflies
    else { return nil }
    if still.count == elements.count { return axis == 3 ? whole : "\(whole), \(letter) kept" }
    if still.count == all.count { return whole == "C1" ? letter : "\(whole) x \(letter)" }
    return "\(whole)(\(part))" + (axis == 3 ? "" : " \(letter)")
  }
}
