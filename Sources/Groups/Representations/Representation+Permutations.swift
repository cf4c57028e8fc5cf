extension Representation {
  /// The representation 1.
  public static func trivial(_ group: FiniteGroup) -> Representation {
    Representation(
      unchecked: group, "trivial", [RealMatrix](repeating: .identity(1), count: group.order))
  }

  /// Functions on the group under left translation, (L_g f)(h) = f(g^-1 h).
  ///
  /// - Throws: `GroupError.tooLarge` beyond 200 elements; `GroupFourierTransform` decomposes functions
  ///   without these matrices.
  public static func regular(_ group: FiniteGroup) throws(GroupError) -> Representation {
    guard group.order <= 200 else {
      throw .tooLarge(group: "the regular representation of \(group.name)", limit: 200)
    }
    return Representation(
      unchecked: group, "regular",
      (0..<group.order).map { g in
        var m = RealMatrix(rows: group.order, columns: group.order)
        for h in 0..<group.order { m[group.product(g, h), h] = 1 }
        return m
      })
  }

  /// Points that elements permute: `images[g][i]` is where g sends point i, perhaps with signs.
  ///
  /// - Throws: `GroupError.sizeMismatch`, `GroupError.invalidParameter` where a row is no permutation or a
  ///   sign not 1 or -1, `GroupError.notAHomomorphism`.
  public static func permutation(
    _ group: FiniteGroup, name: String = "permutation", images: [[Int]], signs: [[Int]]? = nil
  ) throws(GroupError) -> Representation {
    for list in [images, signs ?? images] where list.count != group.order {
      throw .sizeMismatch(
        quantity: "a row for each element of \(group.name)", expected: group.order,
        found: list.count)
    }
    let n = images[0].count
    let matrices = try images.indices.map { g throws(GroupError) in
      guard images[g].sorted() == Array(0..<n) else {
        throw .invalidParameter(
          name: "the images under \(group.labels[g])", expected: "a permutation of 0..<\(n)",
          found: "\(images[g])")
      }
      let sign = signs?[g] ?? [Int](repeating: 1, count: n)
      guard sign.count == n, sign.allSatisfy({ $0 == 1 || $0 == -1 }) else {
        throw .invalidParameter(
          name: "the signs under \(group.labels[g])", expected: "\(n) times 1 or -1",
          found: "\(sign)")
      }
      var m = RealMatrix(rows: n, columns: n)
      for i in 0..<n { m[images[g][i], i] = Double(sign[i]) }
      return m
    }
    return try Representation(group, name: name, matrices: matrices)
  }

  /// Functions on the left cosets of a subgroup.
  public static func cosets(_ subgroup: Subgroup) -> Representation {
    let n = subgroup.index
    return Representation(
      unchecked: subgroup.parent, "cosets of \(subgroup.name ?? "a subgroup")",
      subgroup.actionOnCosets.map { images in
        var m = RealMatrix(rows: n, columns: n)
        for i in 0..<n { m[images[i], i] = 1 }
        return m
      })
  }
}
