import Foundation
import Groups
import Statistics
import SymmetryDetection
import TestSupport
import Testing

@Suite("Equivariance errors of models")
struct EquivarianceErrorTests {
  private static let group = try! FiniteGroup(named: "C4")

  /// Fields on a ring of four sites, which C4 moves around.
  private static func inputs(_ count: Int, seed: UInt64) -> [[Double]] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in (0..<4).map { _ in Double.random(in: -1...1, using: &random) } }
  }

  private static func probe(
    _ layers: [(String, ([Double]) -> [Double])]
  ) throws -> EquivarianceProbe<[Double]> {
    let regular = try Representation.regular(group)
    return EquivarianceProbe(
      group: group, inputAction: { regular.matrix($0) * $1 },
      layers: layers.map { name, map in
        .init(name: name, representation: regular) { map($0) }
      },
      data: .init(name: "data", representation: regular) { x in x.map { $0 * $0 } })
  }

  @Test(
    "an equivariant map has none, a position-dependent one that of its weights, beside the data's")
  func values() throws {
    let weights = [1.0, 1, 1, 2]
    let probe = try Self.probe([
      ("square", { x in x.map { $0 * $0 * $0 } }),
      ("weighted", { x in zip(weights, x).map { $0 * $1 } }),
    ])
    let inputs = Self.inputs(50, seed: 3)
    let rows = try probe.errors(on: inputs, size: "4")
    #expect(
      rows.map(\.layer) == Array(repeating: "square", count: 3)
        + Array(repeating: "weighted", count: 3))
    #expect(rows.allSatisfy { $0.size == "4" && $0.data?.value == 0 && $0.data?.error == 0 })
    #expect(Set(rows.map(\.element)) == [1, 2, 3] && rows[0].label == Self.group.labels[1])
    for row in rows.prefix(3) { #expect(row.estimate.value < 1e-14) }
    let regular = try Representation.regular(Self.group)
    for row in rows.suffix(3) {
      // By hand: W g x against g W x.
      let exact = inputs.map { x -> Double in
        let a = zip(weights, regular.matrix(row.element) * x).map { $0 * $1 }
        let b = regular.matrix(row.element) * zip(weights, x).map { $0 * $1 }
        let distance = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return (distance / b.reduce(0) { $0 + $1 * $1 }).squareRoot()
      }
      let mean = exact.reduce(0, +) / 50
      #expect(abs(row.estimate.value - mean) < 1e-12 && row.estimate.value > 0.3)
      let variance = exact.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 49
      #expect(abs(row.estimate.error - (variance / 50).squareRoot()) < 1e-12)
    }
  }

  @Test("one input, NaN and other numbers of components are refused")
  func refusals() throws {
    let nan = try Self.probe([("nan", { x in x.map { _ in .nan } })])
    #expect(throws: DetectionError.self) { try nan.errors(on: Self.inputs(1, seed: 1), size: "4") }
    #expect(
      throws: DetectionError.nonFiniteSample(observable: "nan", chain: 0, sample: 0, component: 0)
    ) { try nan.errors(on: Self.inputs(2, seed: 1), size: "4") }
    let other = EquivarianceProbe<[Double]>(
      group: Self.group, inputAction: { $1 },
      layers: [.init(name: "short", output: { $0 }, action: { Array($1.dropLast()) })])
    #expect(
      throws: DetectionError.componentCountMismatch(
        observable: "short", chain: 0, sample: 0, expected: 3, found: 4)
    ) { try other.errors(on: Self.inputs(2, seed: 1), size: "4") }
  }

  @Test("the Lie derivative of a plane rotation: none for the radius, exact for a coordinate")
  func lieDerivative() throws {
    let turn: (Double, [Double]) -> [Double] = { s, v in
      [v[0] * cos(s) - v[1] * sin(s), v[0] * sin(s) + v[1] * cos(s)]
    }
    let invariant = LieDerivativeProbe<[Double]>(
      generators: [.init(name: "rotation", inputFlow: turn)], step: 1e-2)
    let inputs = (0..<20).map { turn(0.1 + 0.05 * Double($0), [1.0 + 0.1 * Double($0), 0]) }
    let radius = try invariant.errors(
      of: { [$0[0] * $0[0] + $0[1] * $0[1]] }, name: "radius", on: inputs)
    #expect(radius[0].estimate.value < 1e-12 && radius[0].generator == "rotation")
    // d x/ds = -y: |y / x|.
    let coordinate = try invariant.errors(of: { [$0[0]] }, name: "x", on: inputs)
    let exact = inputs.reduce(0) { $0 + abs($1[1] / $1[0]) } / 20
    #expect(abs(coordinate[0].estimate.value - exact) < 1e-7 * exact)
    // An equivariant vector: its output turns with the input.
    let vector = LieDerivativeProbe<[Double]>(
      generators: [.init(name: "rotation", inputFlow: turn, outputFlow: turn)], step: 1e-2)
    let cubed = try vector.errors(
      of: { v in
        let r = v[0] * v[0] + v[1] * v[1]
        return v.map { $0 * r }
      }, name: "r^2 v", on: inputs)
    #expect(cubed[0].estimate.value < 1e-12)
    #expect(throws: DetectionError.self) {
      try LieDerivativeProbe<[Double]>(generators: [], step: 0)
        .errors(of: { $0 }, name: "f", on: inputs)
    }
  }
}
