import Autodiff
import Testing

/// x_i y_i, the primitive of these tests.
private func product(
  _ x: Variable<Tensor<Double>>, _ y: Variable<Tensor<Double>>
) throws -> Variable<Tensor<Double>> {
  x.tape.record(try x.value.zip(y.value, *), inputs: [x, y]) { g, cotangents in
    cotangents.add(try! g.zip(y.value, *), to: x)
    cotangents.add(try! g.zip(x.value, *), to: y)
  }
}

private func total(_ x: Variable<Tensor<Double>>) -> Variable<Tensor<Double>> {
  x.tape.record(Tensor(x.value.values.reduce(0, +)), inputs: [x]) { g, cotangents in
    cotangents.add(x.value.map { _ in g.values[0] }, to: x)
  }
}

@Suite struct TapeTests {
  let a = try! Tensor<Double>(shape: [3], values: [1, -2, 0.5])
  let b = try! Tensor<Double>(shape: [3], values: [4, 0.25, -3])

  @Test func aValueUsedTwiceGetsTheSumOfItsDerivatives() throws {
    let tape = Tape()
    let (x, y) = (tape.variable(a), tape.variable(b))
    let loss = total(try product(try product(x, x), y))
    let gradients = tape.gradients(of: loss)
    #expect(gradients[x].values == [8, -1, -3])
    #expect(gradients[y].values == [1, 4, 0.25])
  }

  @Test func constantsAreNotRecordedAndGetNothing() throws {
    let tape = Tape()
    let (x, c) = (tape.variable(a), tape.constant(b))
    #expect(try !product(c, c).isActive)
    #expect(tape.count == 1)
    let loss = total(try product(try product(c, c), x))
    #expect(tape.gradients(of: loss)[x].values == [16, 0.0625, 9])
  }

  @Test func whatTheLossDoesNotDependOnHasDerivativeZero() throws {
    let tape = Tape()
    let (x, y) = (tape.variable(a), tape.variable(b))
    _ = try product(x, y)
    let loss = total(x)
    #expect(tape.gradients(of: loss)[y].values == [0, 0, 0])
  }

  @Test func aDetachedValuePassesNothingBack() throws {
    let tape = Tape()
    let x = tape.variable(a)
    let loss = total(try product(x, x.detached()))
    #expect(tape.gradients(of: loss)[x].values == a.values)
  }

  @Test func aCheckpointHasTheSameValueAndDerivatives() throws {
    func segment(
      _ tape: Tape, _ x: Variable<Tensor<Double>>, _ y: Variable<Tensor<Double>>
    ) throws -> Variable<Tensor<Double>> { try product(try product(x, x), y) }

    let (plain, saving) = (Tape(), Tape())
    let (x, y) = (plain.variable(a), plain.variable(b))
    let (u, v) = (saving.variable(a), saving.variable(b))
    let direct = total(try segment(plain, x, y))
    let checkpointed = total(try saving.checkpoint(u, v, segment: segment))
    #expect(saving.count == 4 && plain.count == 5)
    #expect(direct.value == checkpointed.value)
    let (expected, found) = (plain.gradients(of: direct), saving.gradients(of: checkpointed))
    #expect(expected[x] == found[u] && expected[y] == found[v])
  }

  /// What reached an input before is added to in the same order, so that no bit differs.
  @Test func aCheckpointAddsToWhatWasThere() throws {
    let a = try Tensor<Double>(shape: [64]).randomDirection(seed: 1)
    func segment(
      _ tape: Tape, _ x: Variable<Tensor<Double>>, _ y: Variable<Tensor<Double>>
    ) throws -> Variable<Tensor<Double>> { try product(try product(x, y), try product(x, x)) }
    let (plain, saving) = (Tape(), Tape())
    let (x, u) = (plain.variable(a), saving.variable(a))
    // One variable is both inputs, and is used before and after.
    let direct = total(try product(try segment(plain, try product(x, x), x), x))
    let square = try product(u, u)
    let checkpointed = total(
      try product(try saving.checkpoint(square, u, segment: segment), u))
    #expect(direct.value == checkpointed.value)
    #expect(plain.gradients(of: direct)[x] == saving.gradients(of: checkpointed)[u])
    let again = Tape()
    let v = again.variable(a)
    let twice = total(try again.checkpoint(v, v, segment: segment))
    let expected = Tape()
    let w = expected.variable(a)
    let gradient = expected.gradients(of: total(try segment(expected, w, w)))[w]
    let found = again.gradients(of: twice)[v]
    #expect(zip(gradient.values, found.values).allSatisfy { abs($0 - $1) < 1e-13 * (1 + abs($0)) })
  }

  @Test func parametersMoveAlongDirectionsOfTheirOwn() throws {
    let parameters = try Parameters(["w": a, "v": a])
    let direction = parameters.randomDirection(seed: 3)
    #expect(direction["w"] != direction["v"])
    let moved = parameters.moved(along: direction, by: 0.5)
    #expect(moved["v"]!.values[1] == a.values[1] + 0.5 * direction["v"]!.values[1])
    let report = try checkGradients(at: parameters) { _, p in
      total(try product(try p.tensor("w"), try product(try p.tensor("w"), try p.tensor("v"))))
    }
    #expect(report.holds(1e-9), "\(report)")
  }

  @Test func derivativesReachParametersByName() throws {
    let tape = Tape()
    let parameters = tape.variable(try Parameters(["w": a, "unused": b]))
    let w = try parameters.tensor("w")
    let loss = total(try product(w, try parameters.tensor("w")))
    let gradients = tape.gradients(of: loss)[parameters]
    #expect(gradients["w"]?.values == [2, -4, 1])
    #expect(gradients["unused"]?.values == [0, 0, 0])
    #expect(throws: AutodiffError.parameterNames(expected: "missing", found: nil)) {
      try parameters.tensor("missing")
    }
  }

  @Test func theCheckerAcceptsTrueDerivativesAndSeesWrongOnes() throws {
    let report = try checkGradients(at: a, b) { _, x, y in total(try product(try product(x, x), y))
    }
    #expect(report.holds(1e-11), "\(report)")

    func mistaken(_ x: Variable<Tensor<Double>>) throws -> Variable<Tensor<Double>> {
      x.tape.record(try x.value.zip(x.value, *), inputs: [x]) { g, cotangents in
        cotangents.add(try! g.zip(x.value) { 1.999 * $0 * $1 }, to: x)
      }
    }
    let wrong = try checkGradients(at: a) { _, x in total(try mistaken(x)) }
    #expect(!wrong.holds(1e-4) && wrong.relativeError < 1e-3)
    let silent = try checkGradients(at: a, b) { _, x, _ in total(x) }
    #expect(silent.untestedInputs == [1] && !silent.holds())
  }
}
