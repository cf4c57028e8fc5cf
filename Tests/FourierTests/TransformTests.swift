import ComplexModule
import Foundation
import Fourier
import Lattice
import TestSupport
import Testing

@Suite("Transforms of fields")
struct TransformTests {
  static let lattices = [
    [4, 4], [3, 5], [2, 7], [4, 3, 2], [5, 4, 3], [4, 4, 4, 4], [3, 2, 5, 4],
  ]

  private func random<S: FourierReal>(
    _ extents: [Int], channels: Int = 1, batch: Int = 1, seed: UInt64 = 1, of: S.Type = S.self
  ) throws -> PositionField<S> {
    var generator = SplitMix64(seed: seed)
    var field = try PositionField<S>(Geometry(extents), channels: channels, batch: batch)
    for member in 0..<batch {
      for c in 0..<channels {
        for site in 0..<field.geometry.volume {
          field[site, c, member] = S(Double.random(in: -1...1, using: &generator))
        }
      }
    }
    return field
  }

  @Test(
    "the transform is the sum over sites, at every momentum and its negative", arguments: lattices)
  func definition(extents: [Int]) throws {
    let field: PositionField<Double> = try random(extents)
    let transform = try field.fourierTransform()
    let momenta = LatticeMomenta(field.geometry)
    for index in 0..<field.geometry.volume {
      let k = field.geometry.coordinates(of: index)
      for k in [k, k.map { -$0 }] {
        let p = momenta.momentum(k)
        var sum = Complex<Double>.zero
        for site in 0..<field.geometry.volume {
          let x = field.geometry.coordinates(of: site)
          let phase = -zip(p, x).reduce(0) { $0 + $1.0 * Double($1.1) }
          sum += Complex(cos(phase), sin(phase)) * Complex(field[site])
        }
        #expect((transform[k] - sum).length < 1e-12 * Double(field.geometry.volume))
      }
    }
  }

  @Test("back and forth gives the field, members and channels apart", arguments: lattices)
  func inverse(extents: [Int]) throws {
    let field: PositionField<Double> = try random(extents, channels: 3, batch: 5)
    let back = try field.fourierTransform().inverseFourierTransform()
    let single: PositionField<Float> = try random(extents, channels: 2, batch: 3)
    let singleBack = try single.fourierTransform().inverseFourierTransform()
    for site in 0..<field.geometry.volume {
      for c in 0..<3 {
        for m in 0..<5 { #expect(abs(back[site, c, m] - field[site, c, m]) < 1e-14) }
      }
      for c in 0..<2 {
        for m in 0..<3 { #expect(abs(singleBack[site, c, m] - single[site, c, m]) < 2e-6) }
      }
    }
  }

  @Test("a spectrum that is held twice survives its inverse transform")
  func spectrumSurvives() throws {
    let field: PositionField<Double> = try random([4, 6])
    let transform = try field.fourierTransform()
    let before = transform[[1, 2]]
    _ = try transform.inverseFourierTransform()
    #expect(transform[[1, 2]] == before)
  }

  @Test(
    "fields in lanes keep their numbers, for any batch and odd extents", arguments: [1, 3, 8, 17])
  func lanes(batch: Int) throws {
    for extents in [[3, 5], [4, 4], [2, 3, 4]] {
      let geometry = try Geometry(extents)
      var field = try ScalarField<Double>(geometry, channels: 2, batch: batch)
      for m in 0..<batch {
        for c in 0..<2 {
          for site in 0..<geometry.volume { field[site, c, m] = Double(site + 100 * c + 1000 * m) }
        }
      }
      let serial = PositionField(field)
      let back = serial.scalarField()
      for m in 0..<batch {
        for c in 0..<2 {
          for site in 0..<geometry.volume {
            #expect(serial[site, c, m] == field[site, c, m])
            #expect(back[site, c, m] == field[site, c, m])
          }
        }
      }
    }
  }

  @Test("setting a momentum sets its negative, and the field stays real")
  func setting() throws {
    let geometry = try Geometry([5, 4])
    var transform = try MomentumField<Double>(geometry)
    transform[[1, 3]] = Complex(2, 1)
    #expect(transform[[-1, -3]] == Complex(2, -1))
    let field = try transform.inverseFourierTransform()
    for site in 0..<geometry.volume {
      let x = geometry.coordinates(of: site)
      let phase = 2 * Double.pi * (Double(x[0]) / 5 + 3 * Double(x[1]) / 4)
      let expected = 2 * (2 * cos(phase) - sin(phase)) / Double(geometry.volume)
      #expect(abs(field[site] - expected) < 1e-14)
    }
  }

  @Test("lattice momenta are those of the Laplacian")
  func momenta() throws {
    let field: PositionField<Double> = try random([5, 4, 3])
    let momenta = LatticeMomenta(field.geometry)
    var laplacian = try PositionField<Double>(field.geometry)
    for site in 0..<field.geometry.volume {
      laplacian[site] = (0..<3).reduce(-6 * field[site]) { sum, mu in
        sum + field[field.geometry.neighbour(of: site, direction: mu)]
          + field[field.geometry.neighbour(of: site, direction: mu, steps: -1)]
      }
    }
    var transform = try field.fourierTransform()
    transform.scale { -momenta.latticeMomentumSquared($0) }
    let other = try transform.inverseFourierTransform()
    for site in 0..<field.geometry.volume { #expect(abs(other[site] - laplacian[site]) < 1e-13) }
    #expect(abs(LatticeMomenta(try Geometry([4, 6])).largestSquare - 8) < 1e-14)
  }

  @Test("transforms in many threads at once, with plans made at the same time")
  func threads() throws {
    let fields: [PositionField<Double>] = try (0..<16).map {
      try random([4, 3 + $0 % 4], channels: 2, seed: UInt64($0))
    }
    DispatchQueue.concurrentPerform(iterations: 64) { k in
      let field = fields[k % 16]
      let back = try! field.fourierTransform().inverseFourierTransform()
      for site in 0..<field.geometry.volume { #expect(abs(back[site] - field[site]) < 1e-14) }
    }
  }

  @Test("wisdom is saved and loaded; other files are refused by name")
  func wisdom() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "fourier-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let field: PositionField<Double> = try random([4, 4])
    _ = try field.fourierTransform()
    let path = folder.appending(path: "wisdom").path
    try FourierWisdom.save(to: path)
    try FourierWisdom.load(from: path)
    #expect(throws: FourierError.self) { try FourierWisdom.load(from: path, precision: Float.self) }
    #expect(throws: FourierError.self) { try FourierWisdom.load(from: path + "-missing") }
    #expect(throws: FourierError.self) {
      try FourierWisdom.save(to: folder.appending(path: "no/such/folder").path)
    }
    try Data("nonsense".utf8).write(to: folder.appending(path: "bad"))
    #expect(throws: FourierError.self) {
      try FourierWisdom.load(from: folder.appending(path: "bad").path)
    }
  }

  @Test("no channels, no members and no sites are refused")
  func refusals() throws {
    for extents in [[], [0], [4, 0], [0, 0, 0]] {
      #expect(throws: GeometryError.self) { try PositionField<Double>(Geometry(extents)) }
    }
    let geometry = try Geometry([2, 2])
    #expect(throws: FourierError.self) { try PositionField<Double>(geometry, channels: 0) }
    #expect(throws: FourierError.self) { try PositionField<Double>(geometry, batch: 0) }
    #expect(throws: FourierError.self) { try MomentumField<Double>(geometry, channels: -1) }
  }
}
