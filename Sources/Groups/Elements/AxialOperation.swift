import RealModule

/// An operation that keeps the z axis: a turn about it, perhaps after a mirror y, perhaps with a mirror z.
///
/// The matrix is R(2 pi turns / steps) diag(1, +-1) in the plane and +-1 along z. All point groups with
/// one main axis are made of these; products are exact.
struct AxialOperation: GroupElement {
  /// The number of smallest turns in a full one.
  let steps: Int
  /// Smallest turns, in 0..<steps.
  let turns: Int
  let mirrorsY: Bool
  let mirrorsZ: Bool

  init(steps: Int, turns: Int, mirrorsY: Bool = false, mirrorsZ: Bool = false) {
    self.steps = steps
    self.turns = (turns % steps + steps) % steps
    self.mirrorsY = mirrorsY
    self.mirrorsZ = mirrorsZ
  }

  static func * (a: Self, b: Self) -> Self {
    Self(
      steps: a.steps, turns: a.turns + (a.mirrorsY ? -b.turns : b.turns),
      mirrorsY: a.mirrorsY != b.mirrorsY, mirrorsZ: a.mirrorsZ != b.mirrorsZ)
  }

  var inverse: Self {
    Self(
      steps: steps, turns: mirrorsY ? turns : -turns, mirrorsY: mirrorsY, mirrorsZ: mirrorsZ)
  }

  var label: String { PointOperation(matrix)!.label }

  var matrix: RealMatrix {
    let (c, s) = cosineAndSine(turns, of: steps)
    var m = RealMatrix(rows: 3, columns: 3)
    m[0, 0] = c
    m[1, 0] = s
    m[0, 1] = mirrorsY ? s : -s
    m[1, 1] = mirrorsY ? -c : c
    m[2, 2] = mirrorsZ ? -1 : 1
    return m
  }

  /// The same as a signed permutation of three axes where the turn is by right angles.
  var signedPermutation: SignedPermutation? {
    guard 4 * turns % steps == 0 else { return nil }
    let m = matrix
    var images = [0, 0, 2]
    var signs = [1, 1, mirrorsZ ? -1 : 1]
    for column in 0..<2 {
      let row = m[0, column] != 0 ? 0 : 1
      images[column] = row
      signs[column] = m[row, column] > 0 ? 1 : -1
    }
    return try? SignedPermutation(images: images, signs: signs)
  }
}

/// cos and sin of 2 pi k / n, exact for multiples of right angles and of 30 degrees where they are rational.
func cosineAndSine(_ k: Int, of n: Int) -> (Double, Double) {
  // The angle in turns of 12ths is exact; others are reduced to the first octant for accuracy.
  let k = (k % n + n) % n
  let (octant, rest) = (8 * k).quotientAndRemainder(dividingBy: n)
  // angle = pi/4 octant + 2 pi rest / (8 n); odd octants count from their end.
  let offset = octant % 2 == 0 ? rest : n - rest
  var c: Double
  var s: Double
  if 3 * offset == 2 * n {
    (c, s) = (Double(3).squareRoot() / 2, 0.5)
  } else {
    let angle = Double.pi * Double(offset) / Double(4 * n)
    (c, s) = (.cos(angle), .sin(angle))
  }
  switch octant {
  case 0: return (c, s)
  case 1: return (s, c)
  case 2: return (-s, c)
  case 3: return (-c, s)
  case 4: return (-c, -s)
  case 5: return (-s, -c)
  case 6: return (s, -c)
  default: return (c, -s)
  }
}
