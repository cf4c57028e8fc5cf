import Compute

/// An array of numbers of any rank, contiguous and row-major: the last index runs fastest.
///
/// The element `(i_0, ..., i_{r-1})` of shape `(n_0, ..., n_{r-1})` lies at
/// `((i_0 n_1 + i_1) n_2 + ...) + i_{r-1}`. The empty shape is a single number. A value: copies share
/// memory until one is changed.
public struct Tensor<Scalar: LatticeReal>: Sendable, Equatable {
  public let shape: [Int]
  /// All elements in row-major order.
  public private(set) var values: [Scalar]

  /// A tensor of given elements.
  ///
  /// - Throws: `.shape` for a negative extent or too many elements, `.elementCount` where the
  ///   elements do not fill the shape.
  public init(shape: [Int], values: [Scalar]) throws(AutodiffError) {
    let expected = try Self.elementCount(shape)
    guard values.count == expected else {
      throw .elementCount(shape: shape, expected: expected, found: values.count)
    }
    self.shape = shape
    self.values = values
  }

  /// A tensor with the same number everywhere, zero by default.
  public init(shape: [Int], repeating value: Scalar = 0) throws(AutodiffError) {
    self.init(unchecked: shape, [Scalar](repeating: value, count: try Self.elementCount(shape)))
  }

  /// The tensor of rank 0 that holds one number.
  public init(_ value: Scalar) { self.init(unchecked: [], [value]) }

  /// The elements must fill the shape.
  @usableFromInline
  init(unchecked shape: [Int], _ values: [Scalar]) {
    self.shape = shape
    self.values = values
  }

  /// The number of indices.
  public var rank: Int { shape.count }
  /// The number of elements.
  public var count: Int { values.count }

  /// The product of the extents; 1 for the empty shape.
  static func elementCount(_ shape: [Int]) throws(AutodiffError) -> Int {
    guard let count = product(of: shape) else { throw .shape(shape) }
    return count
  }

  /// One element; as many indices as the rank, each within its extent.
  public subscript(indices: Int...) -> Scalar {
    get { values[offset(indices)] }
    set { values[offset(indices)] = newValue }
  }

  /// The place of an element in `values`.
  public func offset(_ indices: [Int]) -> Int {
    precondition(
      indices.count == shape.count, "\(indices.count) indices for a tensor of rank \(shape.count)")
    var offset = 0
    for (index, extent) in Swift.zip(indices, shape) {
      precondition(index >= 0 && index < extent, "index \(index) outside 0..<\(extent)")
      offset = offset * extent + index
    }
    return offset
  }

  /// The same elements under another shape.
  ///
  /// - Throws: `.shape`, or `.elementCount` where the shape has not as many elements.
  public func reshaped(to shape: [Int]) throws(AutodiffError) -> Tensor {
    try Tensor(shape: shape, values: values)
  }

  /// Reads the elements in place.
  public func withUnsafeValues<Result>(
    _ body: (UnsafeBufferPointer<Scalar>) -> Result
  ) -> Result {
    values.withUnsafeBufferPointer(body)
  }

  /// Changes the elements in place.
  public mutating func withUnsafeMutableValues<Result>(
    _ body: (UnsafeMutableBufferPointer<Scalar>) -> Result
  ) -> Result {
    values.withUnsafeMutableBufferPointer { body($0) }
  }
}

/// The product of extents, nil where one is negative or the product is 2^63 or more.
func product(of extents: [Int]) -> Int? {
  guard extents.allSatisfy({ $0 >= 0 }) else { return nil }
  guard !extents.contains(0) else { return 0 }
  var product = 1
  for extent in extents {
    let (next, overflow) = product.multipliedReportingOverflow(by: extent)
    if overflow { return nil }
    product = next
  }
  return product
}
