import Compute

extension LinkField {
  /// Zeroes the links that do not exist, in every member; costs nothing on a periodic lattice.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package mutating func clearMissingLinks() {
    guard boundary.anyOpen else { return }
    clearMissing(mutableView, layout, boundary)
  }

  /// Sets the links that leave the last slice of some directions to the unit matrix.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  mutating func setUnitLeavingLinks(_ directions: [Bool]) {
    guard directions.contains(true) else { return }
    let n = group.n
    setMissing(mutableView, layout, directions) { value in
      value.update(repeating: .zero, count: 2 * n * n)
      for i in 0..<n { value[2 * (i * n + i)] = Scalar.Lanes(repeating: 1) }
    }
  }

  /// The directions in which all links of one member that leave the last slice are exactly zero, as
  /// those of an open lattice are.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func boundaryOfContent(member: Int = 0) -> Boundary {
    Boundary(
      isOpen: (0..<dimension).map { mu in
        let slab = geometry.extents[...mu].reduce(1, *)
        let slice = slab / geometry.extents[mu]
        for start in stride(from: slab - slice, to: geometry.volume, by: slab) {
          for site in start..<(start + slice) {
            let (block, lane) = layout.locate(site: site, member: member)
            let p = view.block(block, mu)
            for k in 0..<view.stride where p[k][lane] != 0 { return false }
          }
        }
        return true
      })
  }
}
