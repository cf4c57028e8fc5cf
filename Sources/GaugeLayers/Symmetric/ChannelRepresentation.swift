import Groups
import Lattice
import LatticeSymmetry
import Loops

/// How the channels of a field move under a group of lattice symmetries: a permutation,
/// W'_{g i}(g x) = W_i(x).
///
/// Parts stand one after the other. Within one, a copy has all its labels side by side: the channel of label i of
/// copy c is `start + c * labels + i`, with charges twice that, the charge running fastest.
public struct ChannelRepresentation: Sendable, CustomStringConvertible {
  public struct Part: Hashable, Sendable {
    public var labels: PermutedLabels
    public var copies: Int
    /// Whether every label has two numbers that charge conjugation exchanges, such as Re + Im and Re - Im of a
    /// trace; scalar channels only.
    public var hasCharges: Bool

    public init(_ labels: PermutedLabels, copies: Int = 1, hasCharges: Bool = false) {
      (self.labels, self.copies, self.hasCharges) = (labels, copies, hasCharges)
    }
  }

  /// Signed permutations of the axes of the lattice, perhaps with charge conjugation.
  public let group: FiniteGroup
  public let parts: [Part]

  /// - Throws: `.setting` for a group that does not act on two to eight axes, or a part without copies.
  public init(_ group: FiniteGroup, _ parts: [Part]) throws(LayerError) {
    guard let d = group.operations?[0].axes.dimension, d >= 2 else {
      throw .setting(
        layer: "representation", name: "its group",
        expected: "signed permutations of the axes of a lattice", found: group.description)
    }
    guard !parts.isEmpty, parts.allSatisfy({ (1...4096).contains($0.copies) }) else {
      throw .setting(
        layer: "representation", name: "its parts", expected: "one or more of 1 to 4096 copies",
        found: "\(parts.map(\.copies))")
    }
    (self.group, self.parts) = (group, parts)
  }

  /// Copies of one kind of labels.
  public init(
    _ group: FiniteGroup, _ labels: PermutedLabels, copies: Int = 1
  ) throws(LayerError) {
    try self.init(group, [Part(labels, copies: copies)])
  }

  /// Number of axes.
  public var dimension: Int { group.operations![0].axes.dimension }

  /// Channels of a part for each of its copies.
  func size(of part: Part) -> Int { part.labels.count(under: group) * (part.hasCharges ? 2 : 1) }

  /// The number of channels.
  public var channels: Int { parts.reduce(0) { $0 + $1.copies * size(of: $1) } }

  /// Whether charge conjugation does more than conjugate matrices.
  public var hasCharges: Bool { parts.contains(where: \.hasCharges) }

  /// Where an element of the group sends every channel.
  public func images(under element: Int) -> [Int] {
    var result = [Int]()
    let conjugates = group.operations![element].conjugatesCharge
    for part in parts {
      let images = part.labels.images(under: element, of: group)
      for _ in 0..<part.copies {
        let start = result.count
        for image in images {
          if part.hasCharges {
            result.append(start + 2 * image + (conjugates ? 1 : 0))
            result.append(start + 2 * image + (conjugates ? 0 : 1))
          } else {
            result.append(start + image)
          }
        }
      }
    }
    return result
  }

  /// These channels, then others of the same group.
  ///
  /// - Throws: `.representation` for another group.
  public func appending(_ other: ChannelRepresentation) throws(LayerError) -> ChannelRepresentation
  {
    guard isOfGroup(other.group) else {
      throw .representation(
        layer: "concatenation", expected: "channels under \(group)", found: "\(other)")
    }
    return try ChannelRepresentation(group, parts + other.parts)
  }

  func isOfGroup(_ other: FiniteGroup) -> Bool {
    group === other || group.operations == other.operations
  }

  /// Such as "48 corners + 2 x 8 directions under B4 of order 384".
  public var description: String {
    let words = parts.map { part in
      let count = size(of: part)
      let name = "\(part.labels.rawValue)\(part.hasCharges ? " with charges" : "")"
      return part.copies == 1 ? "\(count) \(name)" : "\(part.copies) x \(count) \(name)"
    }
    return words.joined(separator: " + ") + " under \(group)"
  }
}

extension ChannelRepresentation: Equatable {
  public static func == (a: Self, b: Self) -> Bool {
    a.parts == b.parts && a.isOfGroup(b.group)
  }
}

extension ChannelRepresentation {
  /// Refuses a lattice that the group does not map on itself.
  ///
  /// - Throws: `.symmetry` with the first generator that does not.
  public func checkCarried(
    by geometry: Geometry, boundary: Boundary, layer: String
  ) throws(LayerError) {
    do {
      for g in group.generators {
        try LatticeOperation.centred(group.operations![g], on: geometry, boundary: boundary)
          .checkPreserves(geometry, boundary: boundary)
      }
    } catch {
      throw .symmetry(layer: layer, error)
    }
  }

  /// The field of the moved lattice, W'_{g i}(g x) = W_i(x); charge conjugation takes complex conjugates.
  ///
  /// - Throws: `.channels` for another number of channels, `.symmetry` for another dimension.
  public func image<Scalar>(
    of field: SiteField<Scalar>, under element: Int
  ) throws(LayerError) -> SiteField<Scalar> {
    guard field.channels == channels else {
      throw .channels(layer: "\(self)", expected: channels, found: field.channels)
    }
    do {
      let moved = try field.image(under: LatticeOperation(group.operations![element]))
      return rearranged(moved, images(under: element))
    } catch {
      throw .symmetry(layer: "\(self)", error)
    }
  }

  /// The numbers of the moved lattice, s'_{g i}(g x) = s_i(x).
  ///
  /// - Throws: as for matrices.
  public func image<Scalar>(
    of field: ScalarField<Scalar>, under element: Int
  ) throws(LayerError) -> ScalarField<Scalar> {
    guard field.channels == channels else {
      throw .channels(layer: "\(self)", expected: channels, found: field.channels)
    }
    do {
      let moved = try field.image(under: LatticeOperation(group.operations![element]))
      return rearranged(moved, images(under: element))
    } catch {
      throw .symmetry(layer: "\(self)", error)
    }
  }

  /// Channel i at place `images[i]`.
  private func rearranged<Value: ChannelField>(_ field: Value, _ images: [Int]) -> Value {
    var result = field.zeros(channels: field.channels)
    for (i, image) in images.enumerated() {
      addChannels(
        Value.Scalar.self, field.view, at: i, to: result.mutableView, at: image, count: 1,
        layout: field.layout)
    }
    return result
  }
}

extension FiniteGroup {
  /// A group of signed permutations of `dimension` axes by its name: what `FiniteGroup(named:)` knows on as many
  /// axes, such as `B4`, `B4+`, `Oh x T`, `B2 x C`, or `timeReversal` {1, reflection of the last axis}, also
  /// `timeReversal x C`.
  ///
  /// - Throws: `LayerError.setting` with what was expected.
  public static func actingOnLattice(
    named name: String, dimension: Int
  ) throws(LayerError) -> FiniteGroup {
    do {
      let plain = name.filter { $0 != " " }
      if plain == "timeReversal" || plain == "timeReversalxC" {
        let group = try FiniteGroup(
          name: "timeReversal",
          generatedBy: [SignedPermutation.reflection(of: dimension - 1, dimension: dimension)])
        return plain == "timeReversal" ? group : try group.timesChargeConjugation()
      }
      let group = try FiniteGroup(named: name)
      guard let d = group.operations?[0].axes.dimension, d == dimension else {
        throw LayerError.setting(
          layer: "symmetry", name: "the group", expected: "one on \(dimension) axes",
          found: "\(group)")
      }
      return group
    } catch let error as LayerError {
      throw error
    } catch {
      throw .setting(
        layer: "symmetry", name: "the group", expected: "a group on \(dimension) axes",
        found: "\(error)")
    }
  }
}
