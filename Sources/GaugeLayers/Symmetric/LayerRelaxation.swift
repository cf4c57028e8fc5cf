import Groups

/// Which symmetry relaxed weights may break.
public enum RelaxedSymmetry: String, Codable, Sendable, CaseIterable {
  /// The point group: a weight for every label of a set.
  case point
  /// Translations: a weight for every site.
  case translation
  /// Time reversal, of order 2: a weight for what steps forward in the last direction, one for what steps
  /// backward; what does neither has none.
  case time
  /// Charge conjugation, of order 2: a weight for either number of a pair with charges.
  case charge
}

/// Which side's labels the relaxed weights of a layer belong to.
public enum ElementWeighting: String, Codable, Sendable, CaseIterable {
  /// w_l(h), of what is read: formula 3 of R. Wang, R. Walters and T. Smidt, arXiv:2310.02299.
  case input
  /// w_l(g), of what is written, as the published code has it: another layer, the same surviving subgroup.
  case output
}

/// How far a layer may leave its symmetry: L banks of filters, whose factors differ from label to label of the
/// channels that are read (or written), or from site to site.
///
///     out = sum_l w_l(x) psi_l * (w_l(h) in)
///
/// Factors are real and begin at 1, where the layer is exactly equivariant; it is iff every bank's factors are constant
/// (of time and charge: equal in pairs). Gauge covariance does not depend on them.
public struct LayerRelaxation: Hashable, Sendable {
  /// L
  public var banks: Int
  public var symmetries: Set<RelaxedSymmetry>
  public var weighting: ElementWeighting
  /// The lattice of the factors of sites; needed for translations, nil otherwise.
  public var extents: [Int]?

  /// None by default.
  public init(
    _ symmetries: Set<RelaxedSymmetry> = [], banks: Int = 1, weighting: ElementWeighting = .input,
    extents: [Int]? = nil
  ) {
    (self.symmetries, self.banks, self.weighting) = (symmetries, banks, weighting)
    self.extents = extents
  }

  /// A layer that shares all its weights.
  public static let none = LayerRelaxation()

  /// The name within its layer of the factors that relax a symmetry.
  public static func parameterName(_ symmetry: RelaxedSymmetry) -> String {
    "relaxed.\(symmetry.rawValue)"
  }
}

/// The factors of one relaxed symmetry: what each channel takes, and how the group moves what they belong to.
public struct RelaxedFactors: Sendable {
  public let symmetry: RelaxedSymmetry
  /// Factors of a bank.
  public let count: Int
  /// Of every channel of the weighted side; nil where it has none.
  let ofChannel: [Int?]
  /// What a generator or another element does with them.
  let images: @Sendable (_ element: Int) -> [Int]
}

extension RelaxedFactors {
  /// Factors of the labels of channels.
  ///
  /// - Throws: `.setting` where the channels do not know the symmetry.
  init(
    _ symmetry: RelaxedSymmetry, of channels: ChannelRepresentation, layer: String
  ) throws(LayerError) {
    let group = channels.group
    self.symmetry = symmetry
    func refusal(_ expected: String) -> LayerError {
      .setting(
        layer: layer, name: "what relaxes \(symmetry.rawValue)", expected: expected,
        found: "\(channels)")
    }
    var ofChannel = [Int?]()
    switch symmetry {
    case .translation: preconditionFailure("factors of sites")
    case .point:
      var start = 0
      for part in channels.parts {
        let labels = part.labels.count(under: group)
        let width = part.hasCharges ? 2 : 1
        for _ in 0..<part.copies { ofChannel += (0..<(width * labels)).map { start + $0 / width } }
        start += labels
      }
      let labels = channels.parts.map(\.labels)
      count = start
      images = { g in
        var result = [Int]()
        for label in labels {
          let start = result.count
          result += label.images(under: g, of: group).map { start + $0 }
        }
        return result
      }
    case .time:
      let last = channels.dimension - 1
      guard group.generators.allSatisfy({ group.operations![$0].axes.image(of: last).axis == last })
      else {
        throw refusal("channels under a group that keeps the time axis, such as timeReversal")
      }
      for part in channels.parts {
        guard let senses = part.labels.senseOfTime(under: group) else {
          throw refusal("directions, corners or elements, which know the sense of time")
        }
        let width = part.hasCharges ? 2 : 1
        for _ in 0..<part.copies {
          ofChannel += senses.flatMap { Array(repeating: $0, count: width) }
        }
      }
      count = 2
      images = { group.operations![$0].axes.image(of: last).sign < 0 ? [1, 0] : [0, 1] }
    case .charge:
      guard channels.hasCharges else { throw refusal("channels with charges") }
      for part in channels.parts {
        let labels = part.copies * part.labels.count(under: group)
        ofChannel += (0..<labels).flatMap { _ in part.hasCharges ? [0, 1] : [nil] }
      }
      count = 2
      images = { group.operations![$0].conjugatesCharge ? [1, 0] : [0, 1] }
    }
    self.ofChannel = ofChannel
  }
}
