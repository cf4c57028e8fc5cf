import Autodiff
import Compute
import Testing

@Suite struct ShapeTests {
  @Test(arguments: [[0], [1, 0], [0, 1], [2, 0, 1], [0, 2, 1], [4, 2, 0, 3, 1]])
  func transposed(axes: [Int]) throws {
    let shape = Array([3, 2, 4, 1, 5].prefix(axes.count))
    let a = scattered(shape, 1)
    let value = try Tape().variable(a).transposed(axes).value
    #expect(value.shape == axes.map { shape[$0] })
    for place in places(shape) {
      #expect(value[place: axes.map { place[$0] }] == a[place: place])
    }
    let report = try checkGradients(at: a) { _, x in try loss(x.transposed(axes)) }
    #expect(report.holds(1e-9), "\(report)")
  }

  @Test func reshaped() throws {
    let a = scattered([2, 3, 2], 1)
    let value = try Tape().variable(a).reshaped(to: [4, 3]).value
    #expect(value.shape == [4, 3] && value.values == a.values)
    let report = try checkGradients(at: a) { _, x in try loss(x.reshaped(to: [1, 12, 1])) }
    #expect(report.holds(1e-9), "\(report)")
    #expect(throws: AutodiffError.elementCount(shape: [5], expected: 5, found: 12)) {
      try Tape().variable(a).reshaped(to: [5])
    }
  }

  @Test(arguments: 0..<3) func concatenatedAndSliced(axis: Int) throws {
    func shape(_ extent: Int) -> [Int] {
      var shape = [2, 3, 2]
      shape[axis] = extent
      return shape
    }
    let (a, b, c) = (scattered(shape(1), 1), scattered(shape(4), 2), scattered(shape(2), 3))
    let tape = Tape()
    let parts = [a, b, c].map { tape.variable($0) }
    let whole = try Variable.concatenated(parts, along: axis)
    #expect(whole.value.shape == shape(7))
    for (start, part) in zip([0, 1, 5], [a, b, c]) {
      for place in places(part.shape) {
        var moved = place
        moved[axis] += start
        #expect(whole.value[place: moved] == part[place: place])
      }
      #expect(try whole.slice(start..<(start + part.shape[axis]), along: axis).value == part)
    }
    let report = try checkGradients(at: a, b, c) { _, x, y, z in
      let whole = try Variable.concatenated([x, y, z, y], along: axis)
      return try loss(whole).adding(loss(whole.slice(1..<6, along: axis)))
    }
    #expect(report.holds(1e-9), "\(report)")
    let sliced = try checkGradients(at: b) { _, y in try loss(y.slice(1..<3, along: axis)) }
    #expect(sliced.holds(1e-9), "\(sliced)")
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let tape = Tape()
    let (x, y) = (tape.variable(scattered([2, 3])), tape.variable(scattered([2, 4])))
    #expect(throws: AutodiffError.self) { try Variable.concatenated([x, y], along: 0) }
    #expect(throws: AutodiffError.self) { try Variable.concatenated([x, y], along: 2) }
    #expect(throws: AutodiffError.self) {
      try Variable<Tensor<Double>>.concatenated([], along: 0)
    }
    #expect(throws: AutodiffError.self) {
      try Variable.concatenated([x, tape.variable(scattered([2]))], along: 0)
    }
    #expect(throws: AutodiffError.self) { try x.slice(1..<4, along: 1) }
    #expect(throws: AutodiffError.self) { try x.slice(-1..<2, along: 1) }
    #expect(throws: AutodiffError.self) { try x.slice(0..<1, along: 2) }
    for axes in [[0], [0, 0], [0, 2], [1, 0, 2]] {
      #expect(throws: AutodiffError.self) { try x.transposed(axes) }
    }
    #expect(try x.slice(1..<1, along: 1).value.shape == [2, 0])
  }
}
