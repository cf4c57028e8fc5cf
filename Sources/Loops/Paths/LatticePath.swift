import Lattice

/// Errors of lattice paths.
public enum PathError: Error, Equatable, Sendable, CustomStringConvertible {
  case token(String, dimension: Int)
  case plane(Int, Int, dimension: Int)
  case size(Int, Int)

  public var description: String {
    switch self {
    case .token(let token, let dimension):
      "'\(token)' is no step in \(dimension) dimensions: expected + or - and one of "
        + LatticePath.directionNames(dimension: dimension).joined(separator: " ")
    case .plane(let mu, let nu, let dimension):
      "a plane needs two different directions below \(dimension), found \(mu) and \(nu)"
    case .size(let r, let t): "a rectangle needs sides of 1 or more, found \(r) x \(t)"
    }
  }
}

/// A path of steps along links, independent of where it starts.
///
/// As text it is a sequence such as `+x +y -x -y`: a sign and a direction. Directions 0, 1, 2 are x,
/// y, z; the last one is also t, in any dimension (in two dimensions y and t are the same); digits
/// name every direction. Blanks between steps are optional.
public struct LatticePath: Hashable, Sendable, CustomStringConvertible {
  /// One step along a link: U_mu(x) forward, U_mu(x - mu)^dagger backward.
  public struct Step: Hashable, Sendable {
    public let direction: Int
    public let isForward: Bool

    public init(_ direction: Int, forward: Bool) {
      self.direction = direction
      isForward = forward
    }

    /// The step back.
    public var reversed: Step { Step(direction, forward: !isForward) }
  }

  /// The steps from the start to the end.
  public let steps: [Step]
  /// Number of directions of the lattice.
  public let dimension: Int

  /// From steps; every direction must be below the dimension.
  public init(_ steps: [Step], dimension: Int) {
    precondition(
      steps.allSatisfy { (0..<dimension).contains($0.direction) },
      "every step needs a direction of the lattice")
    self.steps = steps
    self.dimension = dimension
  }

  /// From text such as `+x +y -x -y`.
  ///
  /// - Throws: `PathError.token` with what is no step.
  public init(_ text: String, dimension: Int) throws(PathError) {
    var steps = [Step]()
    for word in text.split(whereSeparator: \.isWhitespace) {
      var rest = word
      while let sign = rest.first {
        let token = rest.prefix(2)
        guard sign == "+" || sign == "-", token.count == 2,
          let direction = Self.direction(token.last!, dimension: dimension)
        else { throw .token(String(rest), dimension: dimension) }
        steps.append(Step(direction, forward: sign == "+"))
        rest = rest.dropFirst(2)
      }
    }
    self.init(steps, dimension: dimension)
  }

  /// The counter-clockwise rectangle of `r` steps in mu and `t` steps in nu:
  /// r times +mu, t times +nu, r times -mu, t times -nu.
  ///
  /// - Throws: `PathError` for equal or unknown directions and sides below 1.
  public static func rectangle(
    _ mu: Int, _ nu: Int, _ r: Int, _ t: Int, dimension: Int
  ) throws(PathError) -> LatticePath {
    guard mu != nu, (0..<dimension).contains(mu), (0..<dimension).contains(nu) else {
      throw .plane(mu, nu, dimension: dimension)
    }
    guard r >= 1, t >= 1 else { throw .size(r, t) }
    func line(_ direction: Int, _ length: Int, _ forward: Bool) -> [Step] {
      Array(repeating: Step(direction, forward: forward), count: length)
    }
    return LatticePath(
      line(mu, r, true) + line(nu, t, true) + line(mu, r, false) + line(nu, t, false),
      dimension: dimension)
  }

  /// Number of steps.
  public var length: Int { steps.count }

  /// The end relative to the start.
  public var displacement: [Int] {
    var sum = [Int](repeating: 0, count: dimension)
    for step in steps { sum[step.direction] += step.isForward ? 1 : -1 }
    return sum
  }

  /// How many links the path reaches over in every direction: the largest coordinate on it less the
  /// smallest.
  public var spans: [Int] {
    var here = [Int](repeating: 0, count: dimension)
    var (lowest, highest) = (here, here)
    for step in steps {
      let mu = step.direction
      here[mu] += step.isForward ? 1 : -1
      lowest[mu] = min(lowest[mu], here[mu])
      highest[mu] = max(highest[mu], here[mu])
    }
    return zip(lowest, highest).map { $1 - $0 }
  }

  /// Whether the path ends where it starts; on a periodic lattice it may wind around it.
  public func isClosed(on geometry: Geometry) -> Bool {
    geometry.dimension == dimension
      && zip(displacement, geometry.extents).allSatisfy { $0 % $1 == 0 }
  }

  /// The path walked backward, whose product is the adjoint, seen from the other end.
  public var reversed: LatticePath {
    LatticePath(steps.reversed().map(\.reversed), dimension: dimension)
  }

  /// This path and then another.
  public func appending(_ other: LatticePath) -> LatticePath {
    precondition(other.dimension == dimension, "paths of one lattice")
    return LatticePath(steps + other.steps, dimension: dimension)
  }

  /// The steps as text that parses to the same path.
  public var description: String {
    let names = Self.directionNames(dimension: dimension)
    return steps.map { ($0.isForward ? "+" : "-") + names[$0.direction] }.joined(separator: " ")
  }

  /// The name of every direction: x, y, z, digits, and t for the last of four and more.
  public static func directionNames(dimension: Int) -> [String] {
    (0..<dimension).map { mu in
      dimension >= 4 && mu == dimension - 1 ? "t" : mu < 3 ? ["x", "y", "z"][mu] : String(mu)
    }
  }

  private static func direction(_ name: Character, dimension: Int) -> Int? {
    let index: Int? =
      switch name {
      case "x": 0
      case "y": 1
      case "z": 2
      case "t": dimension - 1
      case "0"..."9": name.wholeNumberValue
      default: nil
      }
    guard let index, (0..<dimension).contains(index) else { return nil }
    return index
  }
}
