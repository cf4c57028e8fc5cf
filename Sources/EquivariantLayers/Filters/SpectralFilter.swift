import Groups

extension SteerableFilter {
  /// Filters in momentum space, H(p) with H(g p) = rho_out(g) H(p) rho_in(g)^-1 and H(-p) = H(p)^*, on integer
  /// momenta |k_mu| <= M_mu of a window of 2 M_mu + 1.
  ///
  /// A number H is two rows, real and imaginary part; complex conjugation is an element more, which reverses
  /// momenta and the sign of imaginary parts. Momenta p and -p have one factor where the basis is relaxed, so that
  /// fields stay real.
  init(
    spectral input: FieldType, _ output: FieldType, window: KernelWindow
  ) throws(EquivariantError) {
    let group = input.group
    let doubled = try groups { () throws(GroupError) in
      try group.group.product(with: FiniteGroup(named: "Z2"))
    }
    let places = window.places
    // Displacements run row-major about the middle, so that reversal is the reversal of their order.
    let last = Int32(places - 1)
    let images: [[Int32]] = window.images.flatMap { image in
      [image, image.map { last - $0 }]
    }
    let factorOfPlace: [Int32] = (0...last).map { min($0, last - $0) }
    let factorImages: [[Int32]] = window.images.map { image in
      image.prefix((places + 1) / 2).map { factorOfPlace[Int($0)] }
    }
    self.init(
      input, output, places: places, factorOfPlace: factorOfPlace, factorImages: factorImages,
      rowsOfComponent: 2
    ) { a, b in
      IntertwinerBasis(
        images: images, from: a.withConjugation(parts: 1), to: b.withConjugation(parts: 2),
        group: doubled)
    }
  }
}

extension FieldRepresentation {
  /// The representation of the group with complex conjugation, elements (g, c) at 2 g + c: of real numbers, or of
  /// real and imaginary parts, component i at 2 i and 2 i + 1.
  fileprivate func withConjugation(parts: Int) -> FieldRepresentation {
    switch action {
    case .permutation(let images, let signs):
      let all: [[Int]] = images.flatMap { image in
        let own = image.flatMap { i in (0..<parts).map { parts * i + $0 } }
        return [own, own]
      }
      let allSigns: [[Int]] = images.indices.flatMap { g in
        let own = signs?[g] ?? [Int](repeating: 1, count: dimension)
        let plain = own.flatMap { [Int](repeating: $0, count: parts) }
        let conjugate = own.flatMap { parts == 1 ? [$0] : [$0, -$0] }
        return [plain, conjugate]
      }
      return FieldRepresentation(name: name, images: all, signs: allSigns)
    case .matrices(let matrices):
      let one = RealMatrix.identity(parts)
      var conjugation = one
      if parts == 2 { conjugation[1, 1] = -1 }
      let all = matrices.flatMap { [$0.kronecker(one), $0.kronecker(conjugation)] }
      return FieldRepresentation(name: name, matrices: all)
    }
  }
}
