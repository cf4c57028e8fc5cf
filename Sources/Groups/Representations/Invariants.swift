extension Representation {
  /// An orthonormal basis of the vectors that every element keeps; its number is
  /// `character.invariantDimension`.
  public func invariantSubspace() -> [[Double]] { invariantSubspace(of: group.whole) }

  /// An orthonormal basis of the vectors that every element of a subgroup keeps.
  public func invariantSubspace(of subgroup: Subgroup) -> [[Double]] {
    precondition(subgroup.parent === group, "the subgroup is one of another group")
    var mean = RealMatrix(rows: dimension, columns: dimension)
    for g in subgroup.elements {
      for i in mean.elements.indices { mean.elements[i] += matrices[g].elements[i] }
    }
    mean = 1 / Double(subgroup.order) * mean
    let wanted = Int(mean.trace.rounded())
    // The largest remaining column each time: stable without a threshold that decides the number.
    var basis = OrthonormalBasis()
    while basis.vectors.count < wanted {
      let rests = (0..<dimension).map { basis.remainder(of: mean.column($0)) }
      basis.append(rests.max { dot($0, $0) < dot($1, $1) }!, threshold: 0)
    }
    return basis.vectors
  }

  /// The projection of a vector on the invariant ones, the mean over the group.
  public func invariantPart(of vector: [Double]) -> [Double] {
    precondition(vector.count == dimension, "the vector has another dimension")
    var sum = [Double](repeating: 0, count: dimension)
    for m in matrices {
      for (i, x) in (m * vector).enumerated() { sum[i] += x }
    }
    return sum.map { $0 / Double(group.order) }
  }

  /// The elements that keep a vector: |matrix(g) v - v| <= tolerance |v|.
  ///
  /// The tolerance must stand clear of the noise of the vector: with it too small the result is the identity,
  /// too large the group.
  /// - Throws: `GroupError.sizeMismatch`, `GroupError.nonFinite`, `GroupError.invalidParameter` for a negative
  ///   tolerance, `GroupError.notASubgroup` where the elements within the tolerance are none.
  public func stabilizer(
    of vector: [Double], tolerance: Double = 1e-9
  ) throws(GroupError) -> Subgroup {
    try stabilizer(of: [vector], tolerance: tolerance)
  }

  /// The elements that keep each of several vectors.
  ///
  /// - Throws: as for one vector.
  public func stabilizer(
    of vectors: [[Double]], tolerance: Double = 1e-9
  ) throws(GroupError) -> Subgroup {
    guard tolerance >= 0 else {
      throw .invalidParameter(name: "the tolerance", expected: "0 or more", found: "\(tolerance)")
    }
    for v in vectors {
      guard v.count == dimension else {
        throw .sizeMismatch(quantity: "a vector", expected: dimension, found: v.count)
      }
      guard v.allSatisfy(\.isFinite) else { throw .nonFinite(place: "in a vector") }
    }
    return try group.subgroup { g in
      vectors.allSatisfy { v in
        let w = matrices[g] * v
        let difference = zip(w, v).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return difference.squareRoot() <= tolerance * dot(v, v).squareRoot()
      }
    }
  }
}
