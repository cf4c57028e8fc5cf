import Compute

/// Tensors by name, always in the order of the bytes of their names.
///
/// The order does not depend on the order of insertion, so neither does anything that walks along
/// it. Names are dotted, such as `layer1.weight`.
public struct Parameters<Scalar: LatticeReal>: Sendable, Equatable, RandomAccessCollection {
  /// The names in order.
  public private(set) var names: [String] = []
  private var tensors: [Tensor<Scalar>] = []

  public init() {}

  /// Tensors of given names.
  ///
  /// - Throws: what `add` throws.
  public init(_ named: KeyValuePairs<String, Tensor<Scalar>>) throws(AutodiffError) {
    for (name, tensor) in named { try add(name, tensor) }
  }

  /// Adds a tensor under a new name.
  ///
  /// - Throws: `.parameterName` for a name with an empty part or a control character,
  ///   `.duplicateParameter` for a name that is taken.
  public mutating func add(_ name: String, _ tensor: Tensor<Scalar>) throws(AutodiffError) {
    let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !$0.isEmpty }) else {
      throw .parameterName(name, reason: "a part of it is empty")
    }
    guard !name.utf8.contains(where: { $0 < 32 || $0 == 127 }) else {
      throw .parameterName(name, reason: "it contains a control character")
    }
    guard name != "__metadata__" else {
      throw .parameterName(name, reason: "the name is reserved in files")
    }
    let position = insertionPosition(of: name)
    guard position == names.count || names[position] != name else {
      throw .duplicateParameter(name)
    }
    names.insert(name, at: position)
    tensors.insert(tensor, at: position)
  }

  /// Adds all of another set, each name behind a prefix and a dot.
  ///
  /// - Throws: what adding one throws; those before it have been added then.
  public mutating func add(_ others: Parameters, prefix: String) throws(AutodiffError) {
    for (name, tensor) in others { try add("\(prefix).\(name)", tensor) }
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { names.count }

  /// The name and tensor at a place of the order.
  public subscript(position: Int) -> (name: String, tensor: Tensor<Scalar>) {
    (names[position], tensors[position])
  }

  /// The tensor of a name.
  public subscript(name: String) -> Tensor<Scalar>? {
    position(of: name).map { tensors[$0] }
  }

  /// The place of a name in the order.
  public func position(of name: String) -> Int? {
    let position = insertionPosition(of: name)
    return position < names.count && names[position] == name ? position : nil
  }

  /// Gives a name other values.
  ///
  /// - Throws: `.parameterNames` for an unknown name, `.shapeMismatch` for another shape.
  public mutating func update(_ name: String, _ tensor: Tensor<Scalar>) throws(AutodiffError) {
    guard let position = position(of: name) else {
      throw .parameterNames(expected: nil, found: name)
    }
    guard tensor.shape == tensors[position].shape else {
      throw .shapeMismatch(name: name, expected: tensors[position].shape, found: tensor.shape)
    }
    tensors[position] = tensor
  }

  /// Changes the elements of the tensor at a place of the order.
  public mutating func withUnsafeMutableValues<Result>(
    at position: Int, _ body: (UnsafeMutableBufferPointer<Scalar>) -> Result
  ) -> Result {
    tensors[position].withUnsafeMutableValues(body)
  }

  /// The number of elements of all tensors.
  public var elementCount: Int { tensors.reduce(0) { $0 + $1.count } }

  /// The same names and shapes with zeros, where gradients are added up.
  public func zeros() -> Parameters {
    var result = self
    result.tensors = tensors.map {
      Tensor(unchecked: $0.shape, [Scalar](repeating: 0, count: $0.count))
    }
    return result
  }

  /// Adds the tensors of the same names.
  ///
  /// - Throws: `.parameterNames` or `.shapeMismatch` where names or shapes differ.
  public mutating func add(_ other: Parameters) throws(AutodiffError) {
    try requireLayout(of: other)
    for position in indices { try tensors[position].add(other.tensors[position]) }
  }

  /// Adds to the tensor at a place of the order, which must have the same shape.
  mutating func add(_ tensor: Tensor<Scalar>, at position: Int) {
    Tensor.add(tensor, to: &tensors[position])
  }

  /// Multiplies every element by a number.
  public mutating func scale(by factor: Scalar) {
    for position in indices { tensors[position].scale(by: factor) }
  }

  /// Throws `.parameterNames` or `.shapeMismatch` where another set has not these names and shapes.
  public func requireLayout(of other: Parameters) throws(AutodiffError) {
    for position in 0..<Swift.max(count, other.count) {
      let name = position < count ? names[position] : nil
      let found = position < other.count ? other.names[position] : nil
      guard let name, let found, name == found else {
        throw .parameterNames(expected: name, found: found)
      }
      let (shape, foundShape) = (tensors[position].shape, other.tensors[position].shape)
      guard shape == foundShape else {
        throw .shapeMismatch(name: name, expected: shape, found: foundShape)
      }
    }
  }

  /// Throws `.nonFinite` for the first element that is infinite or not a number.
  public func requireFinite() throws(AutodiffError) {
    for position in indices {
      guard let index = tensors[position].firstNonFinite() else { continue }
      throw .nonFinite(name: names[position], index: index)
    }
  }

  /// The first place whose name is not before the given one.
  private func insertionPosition(of name: String) -> Int {
    var (low, high) = (0, names.count)
    while low < high {
      let middle = (low + high) / 2
      if names[middle].utf8.lexicographicallyPrecedes(name.utf8) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}

/// The derivatives of a loss: a tensor for every parameter, of its name and shape.
public typealias Gradients<Scalar: LatticeReal> = Parameters<Scalar>
