import RealModule

/// Mulliken's symbols for the irreducible representations of point groups of space.
///
/// A and B have dimension 1, E 2 (also a pair of complex conjugate ones), T 3. A is even under the main turn;
/// subscripts 1 and 2 are even and odd under a twofold axis across, or a vertical mirror; g and u even and
/// odd under inversion; ' and '' under the horizontal mirror (R. S. Mulliken, J. Chem. Phys. 23 (1955)
/// 1997). Of several kinds of axes across the one through x decides, else that of the first element.
struct Mulliken {
  private let group: FiniteGroup
  private let operations: [PointOperation]
  private let symbol: String

  /// Nil where the group is no point group of three axes, or an icosahedral one.
  init?(_ group: FiniteGroup) {
    guard let matrices = group.matrices, matrices[0].rows == 3,
      let point = group.pointGroup, !point.schoenflies.hasPrefix("I")
    else { return nil }
    self.group = group
    operations = matrices.map { PointOperation($0)! }
    symbol = point.schoenflies
  }

  func names(_ characters: [[Double]]) -> [String] {
    let isCubic = ["T", "Td", "Th", "O", "Oh"].contains(symbol)
    let isDihedralOfTwo = symbol == "D2" || symbol == "D2h"
    return characters.map { character in
      func value(_ g: Int) -> Double { character[group.classOfElement[g]] }
      let base =
        isCubic
        ? cubic(value) : isDihedralOfTwo ? threeAxes(value) : axial(value, characters)
      return base + parity(value)
    }
  }

  private func first(_ isWanted: (PointOperation) -> Bool) -> Int? {
    operations.firstIndex(where: isWanted)
  }

  private func cubic(_ value: (Int) -> Double) -> String {
    let letter = value(0) < 1.5 ? "A" : value(0) < 2.5 ? "E" : "T"
    // The fourfold turn, or rotation-reflection, tells 1 from 2.
    guard let turn = first({ $0.fold == 4 && $0.isProper }) ?? first({ $0.fold == 4 }),
      letter != "E"
    else { return letter }
    return letter + (value(turn) > 0 ? "1" : "2")
  }

  /// D2 and D2h: A, and B1, B2, B3 even under the turns about z, y and x.
  private func threeAxes(_ value: (Int) -> Double) -> String {
    let turns = operations.indices.filter { operations[$0].isProper && operations[$0].fold == 2 }
    // z first; other orientations: by how much of z, then y, the axis has.
    let sorted = turns.sorted { a, b in
      let (p, q) = (operations[a].axis.map(\.magnitude), operations[b].axis.map(\.magnitude))
      for k in [2, 1, 0] where (p[k] - q[k]).magnitude > 1e-6 { return p[k] > q[k] }
      return a < b
    }
    let even = sorted.filter { value($0) > 0 }
    return even.count == 3 ? "A" : "B\(sorted.firstIndex(of: even[0])! + 1)"
  }

  private func axial(_ value: (Int) -> Double, _ all: [[Double]]) -> String {
    // The main turn: a rotation-reflection in S_2n with n even and in D_nd with n even.
    let fold = operations.filter(\.isProper).map(\.fold).max()!
    let improper = operations.filter { !$0.isProper && $0.fold == 2 * fold && fold % 2 == 0 }
    let n = improper.isEmpty ? fold : 2 * fold
    guard n > 1 else { return "A" + subscripts(value, main: nil) }
    let main = first { $0.isProper == improper.isEmpty && $0.fold == n && $0.turns.magnitude == 1 }!
    if value(0) < 1.5 { return (value(main) > 0 ? "A" : "B") + subscripts(value, main: main) }
    // E_k turns by k times the angle: chi = 2 cos(2 pi k / n).
    let angle = Double.acos(max(-1, min(1, value(main) / value(0))))
    let k = Int((angle * Double(n) / (2 * Double.pi)).rounded())
    let kinds = (n - 1) / 2
    return kinds > 1 ? "E\(k)" : "E"
  }

  private func subscripts(_ value: (Int) -> Double, main: Int?) -> String {
    guard let main else { return "" }
    let axis = operations[main]
    let across = operations.indices.filter {
      operations[$0].isProper && operations[$0].fold == 2
        && operations[$0].isPerpendicular(to: axis)
    }
    let mirrors = operations.indices.filter {
      operations[$0].isMirror && operations[$0].isPerpendicular(to: axis)
    }
    // The axis x; the mirror that contains it has the normal y.
    let reference =
      across.isEmpty
      ? mirrors.first { operations[$0].axis[1].magnitude > 1 - 1e-9 } ?? mirrors.first
      : across.first { operations[$0].axis[0].magnitude > 1 - 1e-9 } ?? across.first
    guard let reference else { return "" }
    return value(reference) > 0 ? "1" : "2"
  }

  /// g or u under inversion, else ' or '' under a horizontal mirror.
  private func parity(_ value: (Int) -> Double) -> String {
    if let inversion = first(\.isInversion) { return value(inversion) > 0 ? "g" : "u" }
    guard symbol == "Cs" || symbol.hasSuffix("h") else { return "" }
    let fold = operations.filter(\.isProper).map(\.fold).max()!
    guard
      let mirror = first({ mirror in
        mirror.isMirror
          && (fold == 1
            || operations.contains {
              $0.isProper && $0.fold == fold && $0.isParallel(to: mirror)
            })
      })
    else { return "" }
    return value(mirror) > 0 ? "'" : "''"
  }
}
