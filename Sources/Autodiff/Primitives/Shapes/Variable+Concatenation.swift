import Compute

extension Variable {
  /// Tensors one after another along an axis; the adjoint of each is its part of g.
  ///
  /// All have the shape of the first in their other axes.
  ///
  /// - Throws: `.setting` where there are none or the axis does not exist, `.operands` where the
  ///   shapes do not fit.
  public static func concatenated<Scalar>(
    _ variables: [Variable], along axis: Int
  ) throws(AutodiffError) -> Variable where Value == Tensor<Scalar> {
    try requireCount("the number of tensors to concatenate", variables.count, atLeast: 1)
    let shapes = variables.map(\.value.shape)
    try requireAxes([axis], rank: shapes[0].count)
    var shape = shapes[0]
    for other in shapes {
      var expected = shape
      if other.count == shape.count { expected[axis] = other[axis] }
      guard other == expected else {
        throw .operands(
          of: "concatenation along axis \(axis)", expected: "equal extents in the other axes",
          found: shapes)
      }
    }
    shape[axis] = shapes.reduce(0) { $0 + $1[axis] }
    var (output, start) = (try Value(shape: shape), 0)
    for variable in variables {
      output.replace(from: start, along: axis, with: variable.value)
      start += variable.value.shape[axis]
    }
    return variables[0].tape.record(output, inputs: variables) { g, cotangents in
      var start = 0
      for variable in variables {
        let end = start + variable.value.shape[axis]
        if variable.isActive { cotangents.add(g.part(start..<end, along: axis), to: variable) }
        start = end
      }
    }
  }

  /// The elements whose index along an axis lies in a range; the adjoint is g there, else 0.
  ///
  /// - Throws: `.setting` where the axis does not exist or is shorter.
  public func slice<Scalar>(_ range: Range<Int>, along axis: Int) throws(AutodiffError) -> Variable
  where Value == Tensor<Scalar> {
    try requireAxes([axis], rank: value.rank)
    guard range.lowerBound >= 0, range.upperBound <= value.shape[axis] else {
      throw .setting(
        name: "the slice", expected: "a range within 0..<\(value.shape[axis])", found: "\(range)")
    }
    return tape.record(value.part(range, along: axis), inputs: [self]) { g, cotangents in
      cotangents.update(self) { $0.add(g, from: range.lowerBound, along: axis) }
    }
  }
}

extension Tensor {
  /// The number of elements before and after an axis in the order of the indices.
  private func extents(around axis: Int) -> (outer: Int, inner: Int) {
    (product(of: Array(shape[..<axis])) ?? 0, product(of: Array(shape[(axis + 1)...])) ?? 0)
  }

  fileprivate func part(_ range: Range<Int>, along axis: Int) -> Tensor {
    let (outer, inner) = extents(around: axis)
    var result = shape
    result[axis] = range.count
    var part = [Scalar]()
    part.reserveCapacity(outer * range.count * inner)
    for row in 0..<outer {
      let first = row * shape[axis] + range.lowerBound
      part += values[(first * inner)..<((first + range.count) * inner)]
    }
    return Tensor(unchecked: result, part)
  }

  fileprivate mutating func replace(from start: Int, along axis: Int, with other: Tensor) {
    let (outer, inner) = extents(around: axis)
    let (extent, run) = (shape[axis], other.shape[axis] * inner)
    withUnsafeMutableValues { target in
      other.withUnsafeValues { source in
        guard let target = target.baseAddress, let source = source.baseAddress else { return }
        for row in 0..<outer {
          (target + (row * extent + start) * inner).update(from: source + row * run, count: run)
        }
      }
    }
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  fileprivate mutating func add(_ other: Tensor, from start: Int, along axis: Int) {
    let (outer, inner) = extents(around: axis)
    let (extent, run) = (shape[axis], other.shape[axis] * inner)
    withUnsafeMutableValues { target in
      other.withUnsafeValues { source in
        guard let target = target.baseAddress, let source = source.baseAddress else { return }
        for row in 0..<outer {
          let (to, from) = (target + (row * extent + start) * inner, source + row * run)
          for i in 0..<run { to[i] += from[i] }
        }
      }
    }
  }
}
