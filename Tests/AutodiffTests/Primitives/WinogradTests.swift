import Autodiff
import Compute
import Testing

/// Convolutions by tiles against the direct ones.
@Suite struct WinogradTests {
  /// Even and odd extents, shorter than a tile, channels that fill vectors and that do not.
  static let cases: [(lattice: [Int], input: Int, output: Int)] = [
    ([4, 4], 16, 16), ([5, 7], 17, 31), ([3, 8], 16, 40), ([1, 16], 20, 16), ([16, 2], 16, 65),
    ([9, 6], 64, 64), ([6, 50], 33, 18),
  ]

  private func random<Scalar: LatticeReal>(
    _ shape: [Int], _ stream: UInt32
  ) throws -> Tensor<Scalar> {
    try .initialised(shape: shape, fanIn: 1, seed: 8, stream: stream)
  }

  private func difference<Scalar: LatticeReal>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Double {
    guard a.shape == b.shape else { return .infinity }
    let largest = b.values.reduce(0) { max($0, Double($1.magnitude)) }
    return zip(a.values, b.values).reduce(0) {
      let d = Double(($1.0 - $1.1).magnitude) / largest
      return d.isNaN ? .infinity : max($0, d)
    }
  }

  /// The value and all derivatives.
  private func results<Scalar: LatticeReal>(
    _ c: (lattice: [Int], input: Int, output: Int), _ padding: ConvolutionPadding, inTiles: Bool
  ) throws -> [Tensor<Scalar>] {
    let tape = Tape()
    let x: Variable<Tensor<Scalar>> = tape.variable(try random([3, c.input] + c.lattice, 0))
    let w: Variable<Tensor<Scalar>> = tape.variable(try random([c.output, c.input, 3, 3], 1))
    let b: Variable<Tensor<Scalar>> = tape.variable(try random([c.output], 2))
    let y = try x.convolved(weight: w, bias: b, padding: padding, inTiles: inTiles)
    let g: Tensor<Scalar> = try random(y.value.shape, 3)
    let cotangents = tape.gradients(of: y, cotangent: g)
    return [y.value, cotangents[x], cotangents[w], cotangents[b]]
  }

  @Test("values and derivatives by tiles are those of the direct sum", arguments: cases.indices)
  func agreement(index: Int) throws {
    let c = Self.cases[index]
    for padding in ConvolutionPadding.allCases {
      if padding == .none && c.lattice.contains(where: { $0 < 3 }) { continue }
      let direct: [Tensor<Double>] = try results(c, padding, inTiles: false)
      let tiled: [Tensor<Double>] = try results(c, padding, inTiles: true)
      let directSingle: [Tensor<Float>] = try results(c, padding, inTiles: false)
      let tiledSingle: [Tensor<Float>] = try results(c, padding, inTiles: true)
      for k in direct.indices {
        #expect(difference(tiled[k], direct[k]) < 1e-13, "\(padding) \(k)")
        #expect(difference(tiledSingle[k], directSingle[k]) < 1e-5, "\(padding) \(k)")
      }
    }
  }

  @Test("tiles do round otherwise where they are used, and threads do not show")
  func tilesAreUsed() throws {
    let c = Self.cases[5]
    let direct: [Tensor<Double>] = try results(c, .circular, inTiles: false)
    let tiled: [Tensor<Double>] = try results(c, .circular, inTiles: true)
    #expect(direct[0] != tiled[0])
    let threads = Threads.count
    defer { Threads.count = threads }
    Threads.count = 1
    #expect(try tiled == results(c, .circular, inTiles: true))
  }
}
