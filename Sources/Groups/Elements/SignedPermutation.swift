/// A symmetry of the hypercubic lattice around a site: axes are permuted and reflected.
///
/// `e_mu -> s_mu e_{p(mu)}` with signs s; a product applies its right factor first. The matrix acts on
/// columns of components, `(M v)_{p(mu)} = s_mu v_mu`. The signed permutations of n axes are the
/// hyperoctahedral group B_n of order 2^n n!.
public struct SignedPermutation: GroupElement {
  public static let maximumDimension = 8

  /// The number of axes.
  public let dimension: Int

  // Four bits an axis: where it goes, and 8 where it changes sign.
  private let code: UInt32

  private init(dimension: Int, code: UInt32) {
    self.dimension = dimension
    self.code = code
  }

  private init(_ dimension: Int, _ image: (Int) -> (axis: Int, sign: Int)) {
    var code: UInt32 = 0
    for mu in 0..<dimension {
      let (axis, sign) = image(mu)
      code |= UInt32(axis | (sign < 0 ? 8 : 0)) << UInt32(4 * mu)
    }
    self.init(dimension: dimension, code: code)
  }

  /// The element with `e_mu -> signs[mu] e_{images[mu]}`.
  ///
  /// - Throws: `GroupError.invalidParameter` where `images` is no permutation of 1 to 8 axes or a sign
  ///   is not 1 or -1, `GroupError.sizeMismatch` where the lists differ in length.
  public init(images: [Int], signs: [Int]) throws(GroupError) {
    guard (1...Self.maximumDimension).contains(images.count) else {
      throw .invalidParameter(
        name: "the number of axes", expected: "1 to \(Self.maximumDimension)",
        found: "\(images.count)")
    }
    guard signs.count == images.count else {
      throw .sizeMismatch(quantity: "signs", expected: images.count, found: signs.count)
    }
    guard images.sorted() == Array(0..<images.count) else {
      throw .invalidParameter(
        name: "the images", expected: "a permutation of 0..<\(images.count)", found: "\(images)")
    }
    guard signs.allSatisfy({ $0 == 1 || $0 == -1 }) else {
      throw .invalidParameter(name: "the signs", expected: "1 or -1", found: "\(signs)")
    }
    self.init(images.count) { (images[$0], signs[$0]) }
  }

  /// From text such as `x->y, y->-x`; axes that are not mentioned stay.
  ///
  /// - Throws: `GroupError.invalidParameter` where the text is something else.
  public init(_ text: String, dimension: Int) throws(GroupError) {
    let refusal = GroupError.invalidParameter(
      name: "a signed permutation of \(dimension) axes", expected: "text like \"x->y, y->-x\"",
      found: "\"\(text)\"")
    guard (1...Self.maximumDimension).contains(dimension) else { throw refusal }
    let names = Self.axisNames(dimension)
    var images = Array(0..<dimension)
    var signs = [Int](repeating: 1, count: dimension)
    for part in text.filter({ $0 != " " }).split(separator: ",") {
      guard let dash = part.firstIndex(of: "-"), part[dash...].hasPrefix("->"),
        let mu = names.firstIndex(of: String(part[..<dash]))
      else { throw refusal }
      var target = part[dash...].dropFirst(2)
      signs[mu] = target.hasPrefix("-") ? -1 : 1
      if target.hasPrefix("-") || target.hasPrefix("+") { target = target.dropFirst() }
      guard let nu = names.firstIndex(of: String(target)) else { throw refusal }
      images[mu] = nu
    }
    guard images.sorted() == Array(0..<dimension) else { throw refusal }
    try self.init(images: images, signs: signs)
  }

  public static func identity(_ dimension: Int) -> SignedPermutation {
    precondition((1...maximumDimension).contains(dimension), "from 1 to 8 axes")
    return SignedPermutation(dimension) { ($0, 1) }
  }

  /// The reflection of one axis.
  public static func reflection(of axis: Int, dimension: Int) -> SignedPermutation {
    precondition((0..<dimension).contains(axis) && dimension <= maximumDimension)
    return SignedPermutation(dimension) { ($0, $0 == axis ? -1 : 1) }
  }

  /// Two axes change places.
  public static func exchange(_ mu: Int, _ nu: Int, dimension: Int) -> SignedPermutation {
    precondition((0..<dimension).contains(mu) && (0..<dimension).contains(nu))
    return SignedPermutation(dimension) { ($0 == mu ? nu : $0 == nu ? mu : $0, 1) }
  }

  /// A quarter turn: mu becomes nu, and nu becomes -mu.
  public static func rotation(_ mu: Int, _ nu: Int, dimension: Int) -> SignedPermutation {
    precondition(mu != nu, "a plane has two axes")
    return reflection(of: mu, dimension: dimension) * exchange(mu, nu, dimension: dimension)
  }

  /// Where an axis goes, and with which sign.
  public func image(of axis: Int) -> (axis: Int, sign: Int) {
    precondition((0..<dimension).contains(axis), "the axis does not exist")
    let bits = code >> UInt32(4 * axis)
    return (Int(bits & 7), bits & 8 == 0 ? 1 : -1)
  }

  public static func * (a: Self, b: Self) -> Self {
    precondition(a.dimension == b.dimension, "factors have different numbers of axes")
    return Self(a.dimension) { mu in
      let first = b.image(of: mu)
      let second = a.image(of: first.axis)
      return (second.axis, first.sign * second.sign)
    }
  }

  public var inverse: Self {
    var images = [Int](repeating: 0, count: dimension)
    var signs = images
    for mu in 0..<dimension {
      let (axis, sign) = image(of: mu)
      (images[axis], signs[axis]) = (mu, sign)
    }
    return Self(dimension) { (images[$0], signs[$0]) }
  }

  /// 1 for a rotation, -1 for what contains a reflection.
  public var determinant: Int {
    var sign = 1
    for mu in 0..<dimension {
      sign *= image(of: mu).sign
      for nu in 0..<mu where image(of: nu).axis > image(of: mu).axis { sign = -sign }
    }
    return sign
  }

  /// Whether the axis stays or is reflected.
  public func preserves(axis: Int) -> Bool { image(of: axis).axis == axis }

  /// The matrix on columns of components.
  public var matrix: RealMatrix {
    var m = RealMatrix(rows: dimension, columns: dimension)
    for mu in 0..<dimension {
      let (axis, sign) = image(of: mu)
      m[axis, mu] = Double(sign)
    }
    return m
  }

  /// The image of a vector of integers, such as a displacement on the lattice.
  public func callAsFunction(_ v: [Int]) -> [Int] {
    precondition(v.count == dimension, "the vector has another number of axes")
    var w = v
    for mu in 0..<dimension {
      let (axis, sign) = image(of: mu)
      w[axis] = sign * v[mu]
    }
    return w
  }

  /// The same on the first axes, and another element on the axes after them.
  public func directSum(_ other: SignedPermutation) -> SignedPermutation {
    precondition(dimension + other.dimension <= Self.maximumDimension, "at most 8 axes")
    return Self(dimension + other.dimension) { mu in
      if mu < dimension { return image(of: mu) }
      let (axis, sign) = other.image(of: mu - dimension)
      return (axis + dimension, sign)
    }
  }

  /// The part on the axes of `range`; nil where they mix with others.
  public func part(_ range: Range<Int>) -> SignedPermutation? {
    guard range.allSatisfy({ range.contains(image(of: $0).axis) }) else { return nil }
    return Self(range.count) { mu in
      let (axis, sign) = image(of: mu + range.lowerBound)
      return (axis - range.lowerBound, sign)
    }
  }

  /// Names of axes: x, y, z, t, then a5, a6, ...
  public static func axisNames(_ dimension: Int) -> [String] {
    (0..<dimension).map { $0 < 4 ? ["x", "y", "z", "t"][$0] : "a\($0 + 1)" }
  }

  /// What happens to the axes that move: `x->y, y->-x`; `identity` where none does.
  public var mapping: String {
    let names = Self.axisNames(dimension)
    let moves = (0..<dimension).compactMap { mu -> String? in
      let (axis, sign) = image(of: mu)
      if axis == mu && sign == 1 { return nil }
      return "\(names[mu])->\(sign < 0 ? "-" : "")\(names[axis])"
    }
    return moves.isEmpty ? "identity" : moves.joined(separator: ", ")
  }

  /// In space, and in space with a time axis apart, what a crystallographer says (`C4 about z`, `mirror x`,
  /// `C2 about x+y, mirror t`); elsewhere the reflected axes, or the mapping.
  public var label: String {
    if self == .identity(dimension) { return "identity" }
    if dimension == 3 { return PointOperation(matrix)!.label }
    if dimension == 4, let space = part(0..<3) {
      let reflectsTime = image(of: 3).sign < 0
      let parts = [
        space == .identity(3) ? nil : space.label, reflectsTime ? "mirror t" : nil,
      ]
      return parts.compactMap(\.self).joined(separator: ", ")
    }
    guard (0..<dimension).allSatisfy(preserves) else { return mapping }
    let names = Self.axisNames(dimension)
    let reflected = (0..<dimension).filter { image(of: $0).sign < 0 }
    if dimension == 2 && reflected.count == 2 { return "C2" }
    return reflected.map { "mirror \(names[$0])" }.joined(separator: ", ")
  }
}

extension SignedPermutation {
  /// All elements of B_n: permutations in lexical order of the rows of the matrices, for each the signs
  /// of the rows with the last one fastest and + before -.
  static func hyperoctahedral(_ n: Int) -> [SignedPermutation] {
    var result: [SignedPermutation] = []
    for rows in Permutation.lexical(n) {
      for bits in 0..<(1 << n) {
        var images = [Int](repeating: 0, count: n)
        var signs = images
        for row in 0..<n {
          images[rows[row]] = row
          signs[rows[row]] = bits >> (n - 1 - row) & 1 == 0 ? 1 : -1
        }
        result.append(SignedPermutation(n) { (images[$0], signs[$0]) })
      }
    }
    return result
  }
}
