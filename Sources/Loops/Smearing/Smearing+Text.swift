extension Smearing: CustomStringConvertible {
  /// What text a smearing is parsed from.
  public static let grammar =
    "ape[:ALPHA[:STEPS]], hyp[:STEPS], hyp:ALPHA1:ALPHA2:ALPHA3[:STEPS] or stout[:RHO[:STEPS]],"
    + " each with :spatial at the end if wanted"

  /// From text such as `ape:0.5:10`, `hyp`, `hyp:0.75:0.6:0.3:2`, `stout:0.1:3` or `hyp:4:spatial`;
  /// what is left out is alpha 0.5, the alphas 0.75, 0.6 and 0.3, rho 0.1, and one step.
  ///
  /// - Throws: `SmearingError` with what was expected and found.
  public init(_ text: String) throws(SmearingError) {
    var words = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let name = words.removeFirst()
    let spatialOnly = words.last == "spatial"
    if spatialOnly { words.removeLast() }

    func number(_ index: Int, _ name: String) throws(SmearingError) -> Double {
      guard let value = Double(words[index]) else {
        throw .parameter(name: name, expected: "a number", found: "'\(words[index])'")
      }
      return value
    }
    func steps(_ index: Int) throws(SmearingError) -> Int {
      guard words.count > index else { return 1 }
      guard let value = Int(words[index]) else {
        throw .parameter(name: "steps", expected: "a whole number", found: "'\(words[index])'")
      }
      return value
    }
    func count(_ allowed: [Int], _ expected: String) throws(SmearingError) {
      guard allowed.contains(words.count) else {
        throw .parameterCount(kind: name, expected: expected, found: words.count)
      }
    }

    switch name {
    case "ape":
      try count([0, 1, 2], "up to 2")
      let alpha = words.isEmpty ? 0.5 : try number(0, "alpha")
      try self.init(.ape(alpha: alpha), steps: try steps(1), spatialOnly: spatialOnly)
    case "hyp":
      try count([0, 1, 3, 4], "0, 1, 3 or 4")
      let isShort = words.count < 3
      let alpha1 = isShort ? 0.75 : try number(0, "alpha1")
      let alpha2 = isShort ? 0.6 : try number(1, "alpha2")
      let alpha3 = isShort ? 0.3 : try number(2, "alpha3")
      try self.init(
        .hyp(alpha1: alpha1, alpha2: alpha2, alpha3: alpha3), steps: try steps(isShort ? 0 : 3),
        spatialOnly: spatialOnly)
    case "stout":
      try count([0, 1, 2], "up to 2")
      let rho = words.isEmpty ? 0.1 : try number(0, "rho")
      try self.init(.stout(rho: rho), steps: try steps(1), spatialOnly: spatialOnly)
    default: throw .kind(text)
    }
  }

  /// Text that parses to the same smearing; a matrix rho is written out and does not parse.
  public var description: String {
    let parameters =
      switch kind {
      case .ape(let alpha): "ape:\(alpha)"
      case .hyp(let alpha1, let alpha2, let alpha3): "hyp:\(alpha1):\(alpha2):\(alpha3)"
      case .stout(let rho): "stout:\(rho)"
      case .anisotropicStout(let rho): "stout:\(rho)"
      }
    return "\(parameters):\(steps)" + (spatialOnly ? ":spatial" : "")
  }
}
