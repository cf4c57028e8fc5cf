/// A kind of link smearing with its parameters and number of steps: `links.smeared(smearing)`.
public struct Smearing: Hashable, Sendable {
  /// One step of smearing.
  public enum Kind: Hashable, Sendable {
    /// See `LinkField.apeSmeared(alpha:spatialOnly:)`.
    case ape(alpha: Double)
    /// See `LinkField.hypSmeared(alpha1:alpha2:alpha3:spatialOnly:)`.
    case hyp(alpha1: Double, alpha2: Double, alpha3: Double)
    /// See `LinkField.stoutSmeared(rho:spatialOnly:)`.
    case stout(rho: Double)
    /// Stout smearing with a weight [mu][nu] for the staples of links mu in the plane of nu.
    case anisotropicStout(rho: [[Double]])
  }

  public let kind: Kind
  /// Steps one after the other; 0 leaves the links as they are.
  public let steps: Int
  /// Whether the last direction, time, stays as it is and is not used.
  public let spatialOnly: Bool

  /// - Throws: `SmearingError` for steps below 0, an alpha outside 0...1, a rho that is not finite, or
  ///   a matrix rho that is not square.
  public init(_ kind: Kind, steps: Int = 1, spatialOnly: Bool = false) throws(SmearingError) {
    guard steps >= 0 else {
      throw .parameter(name: "steps", expected: "0 or more", found: "\(steps)")
    }
    func checkAlpha(_ name: String, _ value: Double) throws(SmearingError) {
      guard (0...1).contains(value) else {
        throw .parameter(name: name, expected: "0 to 1", found: "\(value)")
      }
    }
    func checkRho(_ value: Double) throws(SmearingError) {
      guard value.isFinite else {
        throw .parameter(name: "rho", expected: "a finite number", found: "\(value)")
      }
    }
    switch kind {
    case .ape(let alpha): try checkAlpha("alpha", alpha)
    case .hyp(let alpha1, let alpha2, let alpha3):
      try checkAlpha("alpha1", alpha1)
      try checkAlpha("alpha2", alpha2)
      try checkAlpha("alpha3", alpha3)
    case .stout(let rho): try checkRho(rho)
    case .anisotropicStout(let rho):
      for row in rho {
        guard row.count == rho.count else {
          throw .parameter(
            name: "rho", expected: "a square matrix",
            found: "\(rho.count) rows, one of \(row.count)")
        }
        for value in row { try checkRho(value) }
      }
    }
    self.kind = kind
    self.steps = steps
    self.spatialOnly = spatialOnly
  }

  private init(checked kind: Kind, steps: Int, spatialOnly: Bool) {
    self.kind = kind
    self.steps = steps
    self.spatialOnly = spatialOnly
  }

  /// The same smearing in space only.
  public var inSpace: Smearing { Smearing(checked: kind, steps: steps, spatialOnly: true) }

  /// APE smearing, U' = Proj[(1 - alpha) U + alpha / n sum of n staples].
  public static func ape(
    alpha: Double = 0.5, steps: Int = 1, spatialOnly: Bool = false
  ) throws(SmearingError) -> Smearing {
    try Smearing(.ape(alpha: alpha), steps: steps, spatialOnly: spatialOnly)
  }

  /// Hypercubic smearing with the parameters of A. Hasenfratz and F. Knechtli, hep-lat/0103029.
  public static func hyp(
    alpha1: Double = 0.75, alpha2: Double = 0.6, alpha3: Double = 0.3, steps: Int = 1,
    spatialOnly: Bool = false
  ) throws(SmearingError) -> Smearing {
    try Smearing(
      .hyp(alpha1: alpha1, alpha2: alpha2, alpha3: alpha3), steps: steps, spatialOnly: spatialOnly)
  }

  /// Stout smearing, U' = exp(TA(rho S^dagger U^dagger)) U.
  public static func stout(
    rho: Double = 0.1, steps: Int = 1, spatialOnly: Bool = false
  ) throws(SmearingError) -> Smearing {
    try Smearing(.stout(rho: rho), steps: steps, spatialOnly: spatialOnly)
  }

  /// Stout smearing with a weight for every plane.
  public static func stout(
    rho: [[Double]], steps: Int = 1, spatialOnly: Bool = false
  ) throws(SmearingError) -> Smearing {
    try Smearing(.anisotropicStout(rho: rho), steps: steps, spatialOnly: spatialOnly)
  }

  /// - Throws: `SmearingError.dimension` where a matrix rho was made for another dimension.
  public func validate(dimension: Int) throws(SmearingError) {
    if case .anisotropicStout(let rho) = kind, rho.count != dimension {
      throw .dimension(expected: rho.count, found: dimension)
    }
  }
}

/// Errors of smearing.
public enum SmearingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Text that names no kind of smearing.
  case kind(String)
  case parameter(name: String, expected: String, found: String)
  /// Text with a wrong number of parameters.
  case parameterCount(kind: String, expected: String, found: Int)
  case dimension(expected: Int, found: Int)

  public var description: String {
    switch self {
    case .kind(let found): "smearing: expected \(Smearing.grammar), found '\(found)'"
    case .parameter(let name, let expected, let found):
      "smearing: expected \(name) to be \(expected), found \(found)"
    case .parameterCount(let kind, let expected, let found):
      "smearing: expected \(expected) parameters of \(kind), found \(found)"
    case .dimension(let expected, let found):
      "smearing: rho was made for \(expected) dimensions, the lattice has \(found)"
    }
  }
}
