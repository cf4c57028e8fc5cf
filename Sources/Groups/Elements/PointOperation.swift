import RealModule

/// What an orthogonal 3 x 3 matrix is to a crystallographer: a rotation about an axis, a mirror, the
/// inversion or a rotation-reflection S, in Schoenflies' terms.
struct PointOperation {
  let isProper: Bool
  /// n of C_n, or of S_n where improper: the angle is 2 pi turns / n. A mirror is S_1, the inversion S_2.
  let fold: Int
  /// The angle in units of 2 pi / n, coprime to n, -n/2 < turns <= n/2, about `axis`.
  let turns: Int
  /// A unit vector whose first component that is not zero is positive; z for identity and inversion.
  let axis: [Double]

  static let tolerance = 1e-8

  /// Nil where the matrix is not orthogonal, or turns by no rational part of a circle.
  init?(_ m: RealMatrix) {
    guard m.rows == 3, m.columns == 3,
      (m.transposed * m - .identity(3)).maximumMagnitude < Self.tolerance
    else { return nil }
    let determinant =
      m[0, 0] * (m[1, 1] * m[2, 2] - m[1, 2] * m[2, 1])
      - m[0, 1] * (m[1, 0] * m[2, 2] - m[1, 2] * m[2, 0])
      + m[0, 2] * (m[1, 0] * m[2, 1] - m[1, 1] * m[2, 0])
    isProper = determinant > 0
    let r = isProper ? m : -1 * m
    // r turns about the axis by theta; -r is the mirror times a turn by theta + pi.
    let curl = [r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]]
    let sine = dot(curl, curl).squareRoot() / 2
    var theta = Double.atan2(y: sine, x: (r.trace - 1) / 2)
    var axis = [0.0, 0, 1]
    if sine > 1e-6 {
      axis = curl.map { $0 / (2 * sine) }
    } else if theta > 1 {
      // (r + 1) / 2 projects on the axis.
      let columns = (0..<3).map { j in (0..<3).map { (r[$0, j] + ($0 == j ? 1 : 0)) / 2 } }
      let longest = columns.max { dot($0, $0) < dot($1, $1) }!
      axis = longest.map { $0 / dot(longest, longest).squareRoot() }
    }
    if axis.first(where: { $0.magnitude > 1e-6 })! < 0 {
      axis = axis.map { -$0 }
      theta = -theta
    }
    self.axis = axis
    if !isProper { theta += Double.pi }
    let part = theta / (2 * Double.pi)
    guard
      let n = (1...FiniteGroup.maximumOrder).first(where: {
        let x = part * Double($0)
        return (x - x.rounded()).magnitude < Self.tolerance * Double($0)
      })
    else { return nil }
    fold = n
    var k = Int((part * Double(n)).rounded()) % n
    if 2 * k > n { k -= n }
    if 2 * k <= -n { k += n }
    turns = k
  }

  var isMirror: Bool { !isProper && fold == 1 }
  var isInversion: Bool { !isProper && fold == 2 }
  var isIdentity: Bool { isProper && fold == 1 }

  func isParallel(to other: PointOperation) -> Bool {
    dot(axis, other.axis).magnitude > 1 - Self.tolerance
  }

  func isPerpendicular(to other: PointOperation) -> Bool {
    dot(axis, other.axis).magnitude < Self.tolerance
  }

  /// `identity`, `inversion`, `mirror x`, `C4 about z`, `S6^-1 about x+y+z`.
  var label: String {
    if isIdentity { return "identity" }
    if isInversion { return "inversion" }
    if isMirror { return "mirror \(axisName)" }
    return (isProper ? "C" : "S") + "\(fold)" + (turns == 1 ? "" : "^\(turns)")
      + " about \(axisName)"
  }

  /// `x+y` where the components are in the ratio of small integers, an angle in the plane, or components.
  var axisName: String {
    let smallest = axis.map(\.magnitude).filter { $0 > 1e-6 }.min()!
    let scaled = axis.map { $0 / smallest }
    if scaled.allSatisfy({ ($0 - $0.rounded()).magnitude < 1e-6 && $0.magnitude < 4.5 }) {
      var text = ""
      for (c, name) in zip(scaled, ["x", "y", "z"]) {
        let k = Int(c.rounded())
        if k == 0 { continue }
        text += k < 0 ? "-" : text.isEmpty ? "" : "+"
        text += k.magnitude == 1 ? name : "\(k.magnitude)\(name)"
      }
      return text
    }
    if axis[2].magnitude < 1e-6 {
      let degrees = Double.atan2(y: axis[1], x: axis[0]) * 180 / Double.pi
      return "the direction at \(Self.rounded(degrees)) degrees in x-y"
    }
    return "(" + axis.map(Self.rounded).joined(separator: ", ") + ")"
  }

  private static func rounded(_ x: Double) -> String {
    let value = (x * 1000).rounded() / 1000
    return value == value.rounded() ? "\(Int(value))" : "\(value)"
  }
}
