extension FiniteGroup {
  /// A group by its name.
  ///
  /// - Point groups of space by Schoenflies' symbols, main axis z, twofold axis or vertical mirror at x:
  ///   `C1`, `Ci`, `Cs`, `C4`, `C4v`, `C4h`, `D4`, `D4h`, `D4d`, `S4`, `T`, `Td`, `Th`, `O`, `Oh`, any order;
  ///   the crystallographic ones also by Hermann and Mauguin: `m-3m`, `4/mmm`, `-42m`.
  /// - Hyperoctahedral groups `B1` to `B5`, the symmetries of a square, cubic, ... lattice around a site,
  ///   and their rotations `B2+` to `B5+`.
  /// - Abstract groups `Z6` (cyclic), `Sym4`, `Alt4`, `Q8` (quaternions).
  /// - `C`: {1, charge conjugation}; `timeReversal`.
  /// - Products: `B4 x C`, `Oh x T x C`. After the first factor T is time reversal (`timesTimeReversal`).
  ///
  /// Underscores and spaces do not matter. C_n and D_n are of order n and 2 n; in the x-y plane D_n acts as
  /// the symmetry of the n-gon.
  /// - Throws: `GroupError.unknownGroup` with the nearest name, `GroupError.tooLarge`.
  public convenience init(named name: String) throws(GroupError) {
    let plain = name.filter { $0 != " " && $0 != "_" }
    let factors = plain.split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == "x" || $0 == "×" })
    guard factors.count > 1 else {
      try self.init(simpleName: plain, written: name)
      return
    }
    var product: FiniteGroup?
    for factor in factors.map(String.init) {
      guard let first = product else {
        product = try FiniteGroup(simpleName: factor, written: factor)
        continue
      }
      switch factor {
      case "C": product = try first.timesChargeConjugation()
      case "T", "timeReversal": product = try first.timesTimeReversal()
      default: product = try first.product(with: FiniteGroup(simpleName: factor, written: factor))
      }
    }
    self.init(copying: product!)
  }

  private convenience init(copying group: FiniteGroup) {
    self.init(
      name: group.name, order: group.order, table: group.table, generators: group.generators,
      labels: group.labels, operations: group.operations, matrices: group.matrices,
      doubling: group.doubling)
  }

  private convenience init(simpleName name: String, written: String) throws(GroupError) {
    func refusal() -> GroupError {
      .unknownGroup(name: written, nearest: nearestName(to: name, among: Self.examples))
    }
    if let schoenflies = PointGroup.crystallographic.first(where: { $0.hermannMauguin == name }) {
      try self.init(simpleName: schoenflies.schoenflies, written: written)
      return
    }
    switch name {
    case "C":
      self.init(
        name: "C", order: 2, table: [0, 1, 1, 0], generators: [1],
        labels: ["identity", "charge conjugation"])
    case "timeReversal":
      self.init(
        name: "timeReversal",
        elements: [SignedPermutation.identity(1), .reflection(of: 0, dimension: 1)])
    case "Q8":
      try self.init(
        name: name,
        generatedBy: [
          // i and j by left multiplication on (1, -1, i, -i, j, -j, k, -k).
          Permutation([2, 3, 1, 0, 6, 7, 5, 4]), Permutation([4, 5, 7, 6, 1, 0, 2, 3]),
        ])
    case "T", "Td", "Th", "O", "Oh":
      let elements = SignedPermutation.hyperoctahedral(3).filter { g in
        // A permutation of axes is even where it is their cyclic one or none.
        let isEven =
          g.determinant == (0..<3).reduce(1) { $0 * g.image(of: $1).sign }
        switch name {
        case "T": return isEven && g.determinant == 1
        case "Th": return isEven
        case "Td": return (0..<3).reduce(1) { $0 * g.image(of: $1).sign } == 1
        case "O": return g.determinant == 1
        default: return true
        }
      }
      self.init(name: name, elements: elements)
    default:
      guard let family = Self.family(name) else { throw refusal() }
      try self.init(family: family, name: name, refusal)
    }
  }

  /// The letter, number and suffix of names such as `D4h`; nil for others.
  private static func family(_ name: String) -> (letter: String, n: Int?, suffix: String)? {
    let letters = name.prefix { $0.isASCII && $0.isLetter }
    let digits = name.dropFirst(letters.count).prefix { $0.isASCII && $0.isNumber }
    let suffix = String(name.dropFirst(letters.count + digits.count))
    if digits.isEmpty { return (String(letters), nil, suffix) }
    guard let n = Int(digits), n > 0, digits.first != "0" else { return nil }
    return (String(letters), n, suffix)
  }

  private convenience init(
    family: (letter: String, n: Int?, suffix: String), name: String, _ refusal: () -> GroupError
  ) throws(GroupError) {
    let n = family.n ?? 0
    let limit = Self.maximumOrder
    func fits(_ order: Int) throws(GroupError) {
      if order > limit { throw .tooLarge(group: name, limit: limit) }
    }
    if n > limit { throw .tooLarge(group: name, limit: limit) }
    switch (family.letter, family.n, family.suffix) {
    case ("Z", .some, ""):
      if n == 1 {
        self.init(
          name: name, order: 1, table: [0], generators: [], labels: ["identity"])
        return
      }
      let labels = (0..<n).map { $0 == 0 ? "identity" : $0 == 1 ? "s" : "s^\($0)" }
      let table = (0..<(n * n)).map { UInt16(($0 / n + $0 % n) % n) }
      self.init(name: name, order: n, table: table, generators: [1], labels: labels)
    case ("Sym", .some(1...6), ""):
      let elements = try Permutation.lexical(n).map { images throws(GroupError) in
        try Permutation(images)
      }
      self.init(name: name, elements: elements)
    case ("Alt", .some(3...7), ""):
      try self.init(
        name: name,
        generatedBy: (2..<n).map { k throws(GroupError) in
          var images = Array(0..<n)
          (images[0], images[1], images[k]) = (1, k, 0)
          return try Permutation(images)
        })
    case ("B", .some(1...5), ""):
      self.init(name: name, elements: SignedPermutation.hyperoctahedral(n))
    case ("B", .some(2...5), "+"):
      self.init(
        name: name,
        elements: SignedPermutation.hyperoctahedral(n).filter { $0.determinant == 1 })
    default:
      guard let axial = Self.axialElements(family) else { throw refusal() }
      try fits(axial.order)
      self.init(name: name, elements: axial.elements())
    }
  }

  /// The elements of the point groups with a main axis: powers of the main turn first, then what has a
  /// mirror or a twofold axis across.
  private static func axialElements(
    _ family: (letter: String, n: Int?, suffix: String)
  ) -> (order: Int, elements: () -> [AxialOperation])? {
    let n = family.n ?? 1
    /// Turns k of the n-fold axis in units of 2 pi / (2 n).
    func turn(_ k: Int, y: Bool = false, z: Bool = false) -> AxialOperation {
      AxialOperation(steps: 2 * n, turns: k, mirrorsY: y, mirrorsZ: z)
    }
    let proper = { (0..<n).map { turn(2 * $0) } }
    switch (family.letter, family.n, family.suffix) {
    case ("Ci", nil, ""):
      return (2, { [turn(0), turn(1, z: true)] })
    case ("Cs", nil, ""):
      return (2, { [turn(0), turn(0, z: true)] })
    case ("C", .some, ""):
      return (n, proper)
    case ("C", .some(2...), "v"):
      return (2 * n, { proper() + (0..<n).map { turn(2 * $0, y: true) } })
    case ("C", .some(2...), "h"):
      return (2 * n, { proper() + (0..<n).map { turn(2 * $0, z: true) } })
    case ("S", .some(2...), "") where n % 2 == 0:
      return (n, { (0..<n).map { turn(2 * $0, z: $0 % 2 == 1) } })
    case ("D", .some(2...), ""):
      return (2 * n, { proper() + (0..<n).map { turn(2 * $0, y: true, z: true) } })
    case ("D", .some(2...), "h"):
      return (
        4 * n,
        {
          let rotations = proper() + (0..<n).map { turn(2 * $0, y: true, z: true) }
          return rotations + (0..<n).map { turn(2 * $0, z: true) }
            + (0..<n).map { turn(2 * $0, y: true) }
        }
      )
    case ("D", .some(2...), "d"):
      return (
        4 * n,
        {
          let rotations = proper() + (0..<n).map { turn(2 * $0, y: true, z: true) }
          return rotations + (0..<n).map { turn(2 * $0 + 1, z: true) }
            + (0..<n).map { turn(2 * $0 + 1, y: true) }
        }
      )
    default: return nil
    }
  }

  /// Names from which the nearest one is suggested.
  static let examples: [String] = {
    var names = ["Oh", "O", "T", "Td", "Th", "Ci", "Cs"]
    names += (1...5).map { "B\($0)" } + (2...5).map { "B\($0)+" }
    names += (1...12).map { "C\($0)" } + (2...12).map { "D\($0)" } + (2...12).map { "Z\($0)" }
    for suffix in ["v", "h"] { names += (2...8).map { "C\($0)\(suffix)" } }
    for suffix in ["h", "d"] { names += (2...8).map { "D\($0)\(suffix)" } }
    names += (1...6).map { "S\(2 * $0)" } + (2...6).map { "Sym\($0)" } + (3...6).map { "Alt\($0)" }
    names += ["Q8", "C", "timeReversal"]
    return names + PointGroup.crystallographic.map(\.hermannMauguin)
  }()
}
