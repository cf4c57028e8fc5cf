import Autodiff
import GaugeLayers
import Lattice
import TestSupport
import Testing

@Suite("From fields of numbers to tensors", .serialized)
struct PoolingTests {
  @Test("values in plain arithmetic", arguments: PrimitiveCase.all)
  func values(_ c: PrimitiveCase) throws {
    let s = try c.scalars(3)
    let x = Tape().constant(s)
    let (sum, mean, all) = (x.sumOverSites().value, x.meanOverSites().value, x.siteValues().value)
    let volume = s.geometry.volume
    #expect(sum.shape == [c.batch, 3] && mean.shape == [c.batch, 3])
    #expect(all.shape == [c.batch, 3, volume])
    for member in 0..<c.batch {
      for k in 0..<3 {
        let numbers = (0..<volume).map { s[$0, k, member] }
        #expect(abs(sum[member, k] - numbers.reduce(0, +)) < 1e-13)
        #expect(abs(mean[member, k] - numbers.reduce(0, +) / Double(volume)) < 1e-14)
        for site in 0..<volume { #expect(all[member, k, site] == numbers[site]) }
      }
    }
  }

  @Test("derivatives, zero in idle lanes", arguments: PrimitiveCase.all)
  func gradients(_ c: PrimitiveCase) throws {
    let s = try c.scalars(2)
    let kinds: [(Variable<ScalarField<Double>>) -> Variable<Tensor<Double>>] = [
      { $0.sumOverSites() }, { $0.meanOverSites() }, { $0.siteValues() },
    ]
    for pooled in kinds {
      let shape = pooled(Tape().constant(s)).value.shape
      let report = try checkGradients(at: s) { _, s in dot(pooled(s), weights(shape)) }
      #expect(report.holds(1e-9), "\(report)")
      let tape = Tape()
      let x = tape.variable(s)
      let gradient = tape.gradients(of: dot(pooled(x), weights(shape)))[x]
      #expect(gradient.idleLanesAreZero)
    }
  }

  @Test func numbersOfAnySizeAreSummed() throws {
    for scale in [1e-30, 1.0, 1e30] {
      let c = PrimitiveCase(group: .su2, extents: [5, 7], batch: 3)
      let x = Tape().constant(try c.scalars(2)).scaled(by: scale)
      let sums = x.sumOverSites().value
      for member in 0..<3 {
        let expected = (0..<35).reduce(0) { $0 + x.value[$1, 1, member] }
        #expect(abs(sums[member, 1] - expected) < 1e-14 * scale * 35)
      }
    }
  }

  @Test func sumsDependNeitherOnThreadsNorOnTheBatch() throws {
    let c = PrimitiveCase.large
    let s = try c.scalars(2)
    let sums = Tape().constant(s).meanOverSites().value
    #expect(try isIndependentOfThreads { Tape().constant(s).meanOverSites().value.values })
    var alone = try ScalarField<Double>(try Geometry(c.extents), channels: 2)
    for site in 0..<alone.geometry.volume {
      for k in 0..<2 { alone[site, k] = s[site, k, 5] }
    }
    let mean = Tape().constant(alone).meanOverSites().value
    #expect(mean[0, 0] == sums[5, 0] && mean[0, 1] == sums[5, 1])
  }
}

/// sum_i w_i x_i
func dot(_ x: Variable<Tensor<Double>>, _ w: Tensor<Double>) -> Variable<Tensor<Double>> {
  let sum = zip(x.value.values, w.values).reduce(0) { $0 + $1.0 * $1.1 }
  return x.tape.record(Tensor(sum), inputs: [x]) { g, cotangents in
    cotangents.add(w.map { $0 * g.values[0] }, to: x)
  }
}
