/// The crystallographic name of a group of rotations and reflections of space that fix a point.
///
/// The name says which operations there are and how their axes lie to one another, not where they lie in
/// space: C2 about z and C2 about x+y are both `C2`, and the orientation of Hermann and Mauguin's symbols
/// (`-42m` or `-4m2`) is the conventional one.
public struct PointGroup: Sendable, Hashable {
  /// Schoenflies' symbol: `Oh`, `D4h`, `C2v`, `S4`.
  public let schoenflies: String

  /// Hermann and Mauguin's symbol: `m-3m`, `4/mmm`, `mm2`, `-4`.
  public let hermannMauguin: String

  init(_ schoenflies: String, _ hermannMauguin: String) {
    self.schoenflies = schoenflies
    self.hermannMauguin = hermannMauguin
  }

  /// From the orthogonal 3 x 3 matrices of all elements; nil where a matrix is another one, or elements
  /// occur twice.
  ///
  /// The proper rotations decide the family, mirrors and inversion the member (F. A. Cotton, Chemical
  /// Applications of Group Theory, chapter 3).
  public init?(matrices: [RealMatrix]) {
    let operations = matrices.compactMap(PointOperation.init)
    guard operations.count == matrices.count, !matrices.isEmpty,
      operations.count(where: \.isIdentity) == 1
    else { return nil }
    self.init(operations: operations)
  }

  init?(operations: [PointOperation]) {
    let proper = operations.filter(\.isProper)
    let improper = operations.filter { !$0.isProper }
    let mirrors = improper.filter(\.isMirror)
    let hasInversion = improper.contains(where: \.isInversion)
    guard improper.isEmpty || improper.count == proper.count else { return nil }
    let n = proper.map(\.fold).max()!
    let main = proper.filter { $0.fold == n }
    if n >= 3 && main.contains(where: { !$0.isParallel(to: main[0]) }) {
      self.init(cubic: proper.count, improper.isEmpty, hasInversion)
      return
    }
    let hasHorizontalMirror =
      n == 1
      ? !mirrors.isEmpty
      : mirrors.contains { mirror in main.contains { $0.isParallel(to: mirror) } }
    if proper.count == n {
      if improper.isEmpty {
        self.init("C\(n)", "\(n)")
      } else if n == 1 {
        self.init(hasInversion ? "Ci" : "Cs", hasInversion ? "-1" : "m")
      } else if hasHorizontalMirror {
        self.init("C\(n)h", n % 2 == 0 ? "\(n)/m" : "-\(2 * n)")
      } else if !mirrors.isEmpty {
        self.init("C\(n)v", n == 2 ? "mm2" : n % 2 == 0 ? "\(n)mm" : "\(n)m")
      } else {
        self.init("S\(2 * n)", n % 2 == 0 ? "-\(2 * n)" : "-\(n)")
      }
    } else if proper.count == 2 * n {
      if improper.isEmpty {
        self.init("D\(n)", n == 2 ? "222" : n % 2 == 0 ? "\(n)22" : "\(n)2")
      } else if hasHorizontalMirror {
        self.init(
          "D\(n)h", n == 2 ? "mmm" : n % 2 == 0 ? "\(n)/mmm" : "-\(2 * n)m2")
      } else {
        self.init("D\(n)d", n % 2 == 0 ? "-\(2 * n)2m" : "-\(n)m")
      }
    } else {
      return nil
    }
  }

  private init?(cubic rotations: Int, _ isProper: Bool, _ hasInversion: Bool) {
    switch (rotations, isProper, hasInversion) {
    case (12, true, _): self.init("T", "23")
    case (12, false, true): self.init("Th", "m-3")
    case (12, false, false): self.init("Td", "-43m")
    case (24, true, _): self.init("O", "432")
    case (24, false, true): self.init("Oh", "m-3m")
    case (60, true, _): self.init("I", "235")
    case (60, false, true): self.init("Ih", "m-3-5")
    default: return nil
    }
  }

  /// The 32 of crystals.
  public static let crystallographic: [PointGroup] = [
    ("C1", "1"), ("Ci", "-1"), ("C2", "2"), ("Cs", "m"), ("C2h", "2/m"), ("D2", "222"),
    ("C2v", "mm2"), ("D2h", "mmm"), ("C4", "4"), ("S4", "-4"), ("C4h", "4/m"), ("D4", "422"),
    ("C4v", "4mm"), ("D2d", "-42m"), ("D4h", "4/mmm"), ("C3", "3"), ("S6", "-3"), ("D3", "32"),
    ("C3v", "3m"), ("D3d", "-3m"), ("C6", "6"), ("C3h", "-6"), ("C6h", "6/m"), ("D6", "622"),
    ("C6v", "6mm"), ("D3h", "-6m2"), ("D6h", "6/mmm"), ("T", "23"), ("Th", "m-3"), ("O", "432"),
    ("Td", "-43m"), ("Oh", "m-3m"),
  ].map { PointGroup($0.0, $0.1) }
}

extension FiniteGroup {
  /// The crystallographic name of a group that acts faithfully on three axes, or on two as the x-y plane of
  /// space, without charge conjugation; nil for others.
  public var pointGroup: PointGroup? { whole.pointGroup }
}

extension Subgroup {
  /// The crystallographic name of a subgroup that acts faithfully on three axes, or on two as the x-y plane
  /// of space, without charge conjugation; nil for others.
  public var pointGroup: PointGroup? {
    guard let matrices = parent.matrices else { return nil }
    if let operations = parent.operations,
      elements.contains(where: { operations[$0].conjugatesCharge })
    {
      return nil
    }
    switch matrices[0].rows {
    case 2: return PointGroup(matrices: elements.map { matrices[$0].directSum(.identity(1)) })
    case 3: return PointGroup(matrices: elements.map { matrices[$0] })
    default: return nil
    }
  }
}
