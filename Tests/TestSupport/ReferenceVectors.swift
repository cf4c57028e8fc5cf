import ComplexModule
import Compute
import Foundation
import Lattice
import RealModule

/// One file of reference vectors: named complex arrays for one lattice and group.
public struct ReferenceVectors: Sendable {
  /// The files for gauge fields, without suffix.
  public static let names = [
    "u1_4x4", "su2_4x4", "su3_4x4", "su2_2x2x2x2", "u1_2x3x2x4", "su3_2x3x2x4", "su4_2x2x3x2",
  ]
  /// Whether tests of them run here.
  public static var areEnabled: Bool { SharedFolder.runs("vectors/gauge") }

  /// An array in C order, last index fastest.
  public struct Array: Sendable, Decodable {
    public let shape: [Int]
    public let re: [Double]
    public let im: [Double]

    public var values: [Complex<Double>] { zip(re, im).map { Complex($0, $1) } }

    private enum Key: CodingKey { case shape, re, im }
    public init(from decoder: any Decoder) throws {
      let box = try decoder.container(keyedBy: Key.self)
      shape = try box.decode([Int].self, forKey: .shape)
      func numbers(_ key: Key) throws -> [Double] {
        if let one = try? box.decode(Double.self, forKey: key) { return [one] }
        return try box.decode([Double].self, forKey: key)
      }
      re = try numbers(.re)
      im = box.contains(.im) ? try numbers(.im) : re.map { _ in 0 }
    }
  }

  private struct File: Decodable {
    let dims: [Int]
    let arrays: [String: Array]
  }

  public let geometry: Geometry
  public let group: GaugeGroup
  public let arrays: [String: Array]

  /// - Throws: what reading or decoding throws.
  public init(_ name: String) throws {
    let url = SharedFolder.url.appendingPathComponent("vectors/gauge/\(name).json")
    let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
    geometry = try Geometry(file.dims)
    arrays = file.arrays
    guard let group = GaugeGroup(name: String(name.prefix { $0 != "_" })) else {
      throw CocoaError(.fileReadCorruptFile)
    }
    self.group = group
  }

  public subscript(_ name: String) -> Array { arrays[name]! }

  /// The number of an array of one number.
  public func number(_ name: String) -> Double { self[name].re[0] }

  /// The index in C order of a site in serial order.
  public func arrayIndex(ofSite site: Int) -> Int {
    zip(geometry.coordinates(of: site), geometry.extents).reduce(0) { $0 * $1.1 + $1.0 }
  }

  /// Matrix `channel` at a site of an array [channel][site][a][b].
  public func matrix(_ array: Array, _ channel: Int, _ site: Int) -> ComplexMatrix {
    let n = group.n
    let start = (channel * geometry.volume + arrayIndex(ofSite: site)) * n * n
    return ComplexMatrix(n: n) { i, j in
      Complex(array.re[start + i * n + j], array.im[start + i * n + j])
    }
  }

  /// The number at a site of an array [channel][site].
  public func number(_ array: Array, _ channel: Int, _ site: Int) -> Complex<Double> {
    let k = channel * geometry.volume + arrayIndex(ofSite: site)
    return Complex(array.re[k], array.im[k])
  }

  /// An array U[mu][site][a][b] as links.
  public func links<Scalar: LatticeReal>(
    _ name: String, _ type: Scalar.Type = Double.self
  ) throws -> LinkField<Scalar> {
    var field = try LinkField<Scalar>(geometry, group: group)
    let array = self[name]
    for site in 0..<geometry.volume {
      for mu in 0..<geometry.dimension { field[site, mu] = matrix(array, mu, site) }
    }
    return field
  }

  /// An array W[channel][site][a][b], or [site][a][b] of one channel, as a site field.
  public func sites(_ name: String, channels: Int = 1) throws -> SiteField<Double> {
    var field = try SiteField<Double>(geometry, group: group, channels: channels)
    let array = self[name]
    for site in 0..<geometry.volume {
      for c in 0..<channels { field[site, c] = matrix(array, c, site) }
    }
    return field
  }
}
