/// Matrices of left translations on functions that span an irreducible representation, in a basis adapted to
/// the axes of the group.
///
/// The basis consists of joint eigenvectors of the class sums of a chain of subgroups, which commute (I. M.
/// Gelfand and M. L. Tsetlin, Dokl. Akad. Nauk SSSR 71 (1950) 825): those that keep the last axis up to sign,
/// the last two, and so on. Signs make the first row positive where it first is not zero.
struct AdaptedMatrices {
  private let group: FiniteGroup
  /// Elements whose matrices come from the functions; all others are short words of them.
  private let letters: [Int]
  /// (element, element before, last letter) in an order in which the element before is known.
  private let words: [(element: Int, before: Int, letter: Int)]
  private let chain: [[[Int]]]

  init(_ group: FiniteGroup) {
    self.group = group
    // Some elements without structure make words short: their error does not grow with the group.
    var random = FixedRandomNumbers(seed: 4)
    var letters: [Int] = []
    for g in (0..<32).map({ _ in random.below(group.order) }) + group.generators
    where g != 0 && !letters.contains(g) {
      letters.append(g)
    }
    var words: [(element: Int, before: Int, letter: Int)] = []
    var list = [0]
    var seen = ElementSet([0])
    var next = 0
    while next < list.count {
      for (l, letter) in letters.enumerated() {
        let image = group.product(list[next], letter)
        if seen.contains(image) { continue }
        seen.insert(image)
        words.append((image, list[next], l))
        list.append(image)
      }
      next += 1
    }
    self.letters = letters
    self.words = words
    chain = Self.chain(group)
  }

  /// Classes of each subgroup of the chain that keeps the last axis, the last two, ... up to sign.
  private static func chain(_ group: FiniteGroup) -> [[[Int]]] {
    // Only orthogonal matrices keep an axis where their diagonal element is +-1.
    guard let space = group.matrices,
      group.generators.allSatisfy({
        (space[$0].transposed * space[$0] - .identity(space[$0].rows)).maximumMagnitude < 1e-9
      })
    else { return [] }
    var elements = Array(0..<group.order)
    var chain: [[[Int]]] = []
    for axis in stride(from: space[0].rows - 1, through: 0, by: -1) {
      elements = elements.filter { (space[$0][axis, axis].magnitude - 1).magnitude < 1e-9 }
      let subgroup = Subgroup(of: group, unchecked: ElementSet(elements))
      let generators = subgroup.generators
      var seen = ElementSet()
      var classes: [[Int]] = []
      for start in elements where !seen.contains(start) {
        var members = [start]
        seen.insert(start)
        var next = 0
        while next < members.count {
          for s in generators {
            let image = group.conjugate(members[next], by: s)
            if seen.contains(image) { continue }
            seen.insert(image)
            members.append(image)
          }
          next += 1
        }
        classes.append(members)
      }
      chain.append(classes)
    }
    return chain
  }

  /// The matrices of all elements one after the other, row by row.
  func matrices(of ideal: MinimalIdeal) -> [Double] {
    let d = ideal.functions.count
    var generating = letters.map { letter(ideal.functions, $0) }
    if !chain.isEmpty {
      let basis = adaptedBasis(all(generating, d), d)
      generating = generating.map { (basis.transposed * $0 * basis).orthogonalPolished() }
    }
    var result = all(generating, d)
    fixSigns(&result, d)
    // Rounding beside whole numbers is removed: a signed permutation is exactly one.
    for i in result.indices where (result[i] - result[i].rounded()).magnitude < 1e-14 {
      result[i] = result[i].rounded()
    }
    return result
  }

  /// M_ij = <b_i, L_g b_j>, L_g b (h) = b(g^-1 h).
  private func letter(_ functions: [[Double]], _ g: Int) -> RealMatrix {
    let y = group.inverse(g)
    let source = (0..<group.order).map { group.product(y, $0) }
    let moved = functions.map { f in source.map { f[$0] } }
    return RealMatrix(rows: functions.count, columns: functions.count) {
      dot(functions[$0], moved[$1])
    }.orthogonalPolished().orthogonalPolished()
  }

  /// Matrices of all words.
  private func all(_ generating: [RealMatrix], _ d: Int) -> [Double] {
    var result = [Double](repeating: 0, count: group.order * d * d)
    for i in 0..<d { result[i * (d + 1)] = 1 }
    result.withUnsafeMutableBufferPointer { result in
      for word in words {
        let (c, a) = (word.element * d * d, word.before * d * d)
        generating[word.letter].elements.withUnsafeBufferPointer { b in
          for i in 0..<d {
            for k in 0..<d {
              let x = result[a + i * d + k]
              for j in 0..<d { result[c + i * d + j] += x * b[k * d + j] }
            }
          }
        }
      }
    }
    return result
  }

  private func adaptedBasis(_ matrices: [Double], _ d: Int) -> RealMatrix {
    var random = FixedRandomNumbers(seed: 5)
    var labels = RealMatrix(rows: d, columns: d)
    for classes in chain {
      // Generic weights tell the joint eigenspaces of all class sums apart.
      for members in classes {
        let weight = random.symmetric() / Double(members.count)
        for g in members {
          for i in 0..<(d * d) { labels.elements[i] += weight * matrices[g * d * d + i] }
        }
      }
    }
    // The matrix of the inverse is the transposed one.
    let eigen = SymmetricEigenvalues(labels + labels.transposed)
    return eigen.vectors.orthogonalPolished()
  }

  private func fixSigns(_ matrices: inout [Double], _ d: Int) {
    var signs = [Double](repeating: 1, count: d)
    for j in 1..<max(d, 1) {
      for g in 0..<group.order where matrices[g * d * d + j].magnitude > 1e-6 {
        signs[j] = matrices[g * d * d + j] < 0 ? -1 : 1
        break
      }
    }
    for g in 0..<group.order {
      for i in 0..<d {
        for j in 0..<d { matrices[g * d * d + i * d + j] *= signs[i] * signs[j] }
      }
    }
  }
}
