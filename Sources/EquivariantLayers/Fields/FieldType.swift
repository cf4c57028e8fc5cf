/// The fields that a tensor `[batch, channels, n_0, ..., n_{d-1}]` holds: representations of one group,
/// each so many times, in the order of the channels.
///
/// The components of a field are neighbouring channels: component i of field f is channel f dimension + i of
/// its block.
public struct FieldType: Sendable, Equatable, CustomStringConvertible {
  /// Fields of one representation.
  public struct Block: Sendable, Equatable {
    public let representation: FieldRepresentation
    /// How many fields.
    public let count: Int
    public var channels: Int { representation.dimension * count }
  }

  public let group: LatticeGroup
  public let blocks: [Block]

  /// - Throws: `.setting` for no fields, or a count below 1.
  public init(
    _ group: LatticeGroup, _ fields: [(representation: FieldRepresentation, count: Int)]
  ) throws(EquivariantError) {
    guard !fields.isEmpty else {
      throw .setting(
        layer: "a field type", name: "the fields", expected: "one or more", found: "none")
    }
    var blocks = [Block]()
    for (representation, count) in fields {
      try requirePositive("the number of fields", count, layer: "a field type")
      if let last = blocks.last, last.representation == representation {
        blocks[blocks.count - 1] = Block(
          representation: representation, count: last.count + count)
      } else {
        blocks.append(Block(representation: representation, count: count))
      }
    }
    self.group = group
    self.blocks = blocks
  }

  /// Scalar fields.
  public static func scalar(
    _ group: LatticeGroup, _ count: Int = 1
  ) throws(EquivariantError) -> FieldType {
    try FieldType(group, [(.scalar(group), count)])
  }

  /// Regular fields: functions of the group at every site.
  public static func regular(
    _ group: LatticeGroup, _ count: Int = 1
  ) throws(EquivariantError) -> FieldType {
    try FieldType(group, [(.regular(group), count)])
  }

  /// Vector fields.
  public static func vector(
    _ group: LatticeGroup, _ count: Int = 1
  ) throws(EquivariantError) -> FieldType {
    try FieldType(group, [(.vector(group), count)])
  }

  /// The number of channels.
  public var channels: Int { blocks.reduce(0) { $0 + $1.channels } }
  /// The number of fields.
  public var count: Int { blocks.reduce(0) { $0 + $1.count } }

  public var description: String {
    blocks.map { "\($0.count) \($0.representation.name)" }.joined(separator: " + ")
      + " of \(group.name)"
  }

  /// Every field with its first channel.
  var fields: [(representation: FieldRepresentation, channel: Int)] {
    var (result, channel) = ([(representation: FieldRepresentation, channel: Int)](), 0)
    for block in blocks {
      for _ in 0..<block.count {
        result.append((block.representation, channel))
        channel += block.representation.dimension
      }
    }
    return result
  }

  /// Throws `.representation` unless all fields satisfy a condition.
  func require(
    layer: String, _ expected: String, _ condition: (FieldRepresentation) -> Bool
  ) throws(EquivariantError) {
    for block in blocks where !condition(block.representation) {
      throw .representation(
        layer: layer, expected: expected, found: "\(block.representation.name) fields")
    }
  }
}
