import ComplexModule
import Foundation
import Fourier
import Lattice
import TestSupport
import Testing

@Suite("Spectral convolution")
struct SpectralConvolutionTests {
  private func random(
    _ geometry: Geometry, _ channels: Int, _ batch: Int, _ generator: inout SplitMix64
  ) throws -> PositionField<Double> {
    var field = try PositionField<Double>(geometry, channels: channels, batch: batch)
    for m in 0..<batch {
      for c in 0..<channels {
        for x in 0..<geometry.volume { field[x, c, m] = .random(in: -1...1, using: &generator) }
      }
    }
    return field
  }

  private func inner(_ a: PositionField<Double>, _ b: PositionField<Double>) -> Double {
    var sum = 0.0
    for m in 0..<a.batch {
      for c in 0..<a.channels {
        for x in 0..<a.geometry.volume { sum += a[x, c, m] * b[x, c, m] }
      }
    }
    return sum
  }

  @Test(
    "adjoint and weight gradient are those of the convolution, with all modes and with few",
    arguments: [([4, 4], nil), ([5, 3], nil), ([4, 6], [1, 2]), ([4, 3, 2], [2, 1, 0])]
      as [([Int], [Int]?)])
  func derivatives(extents: [Int], modes: [Int]?) throws {
    var generator = SplitMix64(seed: 7)
    let geometry = try Geometry(extents)
    var layer = try SpectralConvolution<Double>(geometry, inputs: 2, outputs: 3, modes: modes)
    for k in layer.weights.indices { layer.weights[k] = .random(in: -1...1, using: &generator) }
    let f = try random(geometry, 2, 2, &generator)
    let direction = try random(geometry, 2, 2, &generator)
    let cotangent = try random(geometry, 3, 2, &generator)
    let value = inner(try layer(f), cotangent)
    #expect(abs(value) > 1e-3)
    #expect(
      abs(inner(try layer(direction), cotangent) - inner(direction, try layer.adjoint(cotangent)))
        < 1e-12)
    // Linear in the weights: the derivative along the weights is the value.
    let gradient = try layer.weightGradient(f, cotangent: cotangent)
    let along = zip(gradient, layer.weights).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(along - value) < 1e-12)
    for k in stride(from: 0, to: gradient.count, by: max(1, gradient.count / 13)) {
      var moved = layer
      moved.weights[k] += 1
      let slope = inner(try moved(f), cotangent) - value
      #expect(abs(slope - gradient[k]) < 1e-11)
    }
  }

  @Test("it is a convolution: with the transform of a kernel it is the sum over displacements")
  func convolution() throws {
    var generator = SplitMix64(seed: 3)
    let geometry = try Geometry([4, 5])
    let kernel = try random(geometry, 1, 1, &generator)
    let f = try random(geometry, 1, 1, &generator)
    var layer = try SpectralConvolution<Double>(geometry, inputs: 1, outputs: 1)
    let transform = try kernel.fourierTransform()
    for mode in 0..<layer.modeCount {
      let value = transform[layer.momentum(ofMode: mode)]
      layer.weights[2 * mode] = value.real
      layer.weights[2 * mode + 1] = value.imaginary
    }
    let result = try layer(f)
    for x in 0..<geometry.volume {
      var sum = 0.0
      for y in 0..<geometry.volume {
        let difference = zip(geometry.coordinates(of: x), geometry.coordinates(of: y)).map {
          $0 - $1
        }
        sum += kernel[geometry.site(at: difference)] * f[y]
      }
      #expect(abs(result[x] - sum) < 1e-13)
    }
  }

  @Test("it commutes with translations, in both precisions")
  func translations() throws {
    var generator = SplitMix64(seed: 5)
    let geometry = try Geometry([4, 6])
    var layer = try SpectralConvolution<Double>(geometry, inputs: 1, outputs: 1, modes: [1, 2])
    for k in layer.weights.indices { layer.weights[k] = .random(in: -1...1, using: &generator) }
    let f = try random(geometry, 1, 1, &generator)
    var shifted = f
    func target(_ x: Int) -> Int {
      geometry.site(at: zip(geometry.coordinates(of: x), [1, 2]).map { $0 + $1 })
    }
    for x in 0..<geometry.volume { shifted[target(x)] = f[x] }
    let (a, b) = (try layer(f), try layer(shifted))
    for x in 0..<geometry.volume { #expect(abs(b[target(x)] - a[x]) < 1e-14) }
  }

  @Test("modes, channels and lattices that do not match are refused by name")
  func refusals() throws {
    let geometry = try Geometry([4, 6])
    #expect(throws: FourierError.modes(direction: 1, largest: 3, found: 4)) {
      try SpectralConvolution<Double>(geometry, inputs: 1, outputs: 1, modes: [1, 4])
    }
    #expect(throws: FourierError.self) {
      try SpectralConvolution<Double>(geometry, inputs: 0, outputs: 1)
    }
    #expect(throws: FourierError.self) {
      try SpectralConvolution<Double>(geometry, inputs: 1, outputs: 1, modes: [1])
    }
    let layer = try SpectralConvolution<Double>(geometry, inputs: 2, outputs: 1)
    #expect(throws: FourierError.self) { try layer(PositionField(geometry, channels: 1)) }
    #expect(throws: FourierError.self) { try layer.adjoint(PositionField(Geometry([6, 4]))) }
  }
}
