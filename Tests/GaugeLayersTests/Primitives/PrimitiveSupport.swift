import Autodiff
import Compute
import GaugeLayers
import Lattice
import Synchronization
import TestSupport
import Testing

/// A group, a lattice with odd extents among others, and a batch.
struct PrimitiveCase: Sendable, CustomTestStringConvertible {
  let group: GaugeGroup
  let extents: [Int]
  var batch = 1

  var testDescription: String { "\(group) on \(extents), batch \(batch)" }

  /// Every group in 2, 3 and 4 dimensions, odd and even extents, idle lanes, several groups of lanes.
  static let all: [PrimitiveCase] = [
    .init(group: .u1, extents: [3, 4]), .init(group: .u1, extents: [2, 3, 2, 4], batch: 3),
    .init(group: .su2, extents: [4, 4], batch: 3), .init(group: .su2, extents: [3, 2, 3]),
    .init(group: .su2, extents: [2, 3, 2, 2]), .init(group: .su3, extents: [3, 5]),
    .init(group: .su3, extents: [2, 3, 4], batch: 3), .init(group: .su3, extents: [2, 2, 3, 2]),
    .init(group: .su4, extents: [2, 3], batch: 3), .init(group: .su4, extents: [2, 2, 3, 2]),
  ]

  /// Large enough for several threads to share every loop.
  static let large = PrimitiveCase(group: .su3, extents: [16, 16], batch: 64)

  func links<S>(_ type: S.Type = Double.self, seed: UInt64 = 5) throws -> LinkField<S> {
    var field = try LinkField<S>(try Geometry(extents), group: group, batch: batch)
    field.setHaarRandom(seed: seed)
    return field
  }

  /// Links with an open first and last direction.
  func openLinks(seed: UInt64 = 5) throws -> LinkField<Double> {
    let isOpen = extents.indices.map { $0 == 0 || $0 == extents.count - 1 }
    var field = try LinkField<Double>(
      try Geometry(extents), group: group, batch: batch, boundary: Boundary(isOpen: isOpen))
    field.setHaarRandom(seed: seed)
    return field
  }

  /// Gaussian matrices.
  func sites<S>(_ channels: Int, _ type: S.Type = Double.self, seed: UInt64 = 6) throws
    -> SiteField<S>
  {
    var field = try SiteField<S>(
      try Geometry(extents), group: group, channels: channels, batch: batch)
    field.setGaussian(seed: seed)
    return field
  }

  /// Normal numbers.
  func scalars<S>(_ channels: Int, _ type: S.Type = Double.self, seed: UInt64 = 7) throws
    -> ScalarField<S>
  {
    try ScalarField<S>(try Geometry(extents), channels: channels, batch: batch)
      .randomDirection(seed: seed)
  }

  /// A Haar-random gauge transformation.
  func transformation(seed: UInt64 = 8) throws -> SiteField<Double> {
    var g = try SiteField<Double>(try Geometry(extents), group: group, batch: batch)
    g.setHaarRandom(seed: seed)
    return g
  }

  /// One step or more, of either sign, in every direction.
  var displacement: [Int] { extents.indices.map { [1, -2, 3, 5][$0] } }
}

/// Normal numbers of a shape.
func weights<S>(_ shape: [Int], _ type: S.Type = Double.self, seed: UInt64 = 9) -> Tensor<S> {
  try! Tensor<S>(shape: shape).randomDirection(seed: seed)
}

extension Variable where Value: ChannelField {
  /// A loss that weighs every component differently.
  func loss(seed: UInt64 = 10) throws -> Variable<Tensor<Value.Scalar>> {
    let probe = value.probe(seed: seed)
    return try innerProduct(with: probe)
  }
}

extension ChannelField {
  /// Normal numbers in every component.
  func probe(seed: UInt64 = 10) -> Self { randomDirection(seed: seed) as! Self }
}

extension ScalarField {
  /// The largest difference to another field, over sites, channels and members; the sites of the
  /// other one moved by a displacement.
  func largestDifference(_ other: ScalarField, shiftedBy displacement: [Int]? = nil) -> Double {
    var worst = 0.0
    for member in 0..<layout.batch {
      for site in 0..<geometry.volume {
        var x = geometry.coordinates(of: site)
        if let displacement { for mu in x.indices { x[mu] += displacement[mu] } }
        for c in 0..<channels {
          let d = abs(self[site, c, member] - other[geometry.site(at: x), c, member])
          worst = d.isNaN ? .infinity : max(worst, d)
        }
      }
    }
    return worst
  }
}

extension AlgebraField {
  /// The largest difference to another field, over links and members.
  func largestDifference(_ other: AlgebraField) -> Double {
    var worst = 0.0
    for member in 0..<layout.batch {
      for site in 0..<geometry.volume {
        for mu in 0..<dimension {
          let d = (self[site, mu, member] - other[site, mu, member]).frobeniusNorm
          worst = d.isNaN ? .infinity : max(worst, d)
        }
      }
    }
    return worst
  }

  /// The element of every link rotated as its site is: X_mu(x) -> g(x) X_mu(x) g(x)^dagger.
  func transformed(by g: SiteField<Scalar>) -> AlgebraField {
    var result = self
    for member in 0..<layout.batch {
      for site in 0..<geometry.volume {
        for mu in 0..<dimension {
          let h = g[site, 0, member]
          result[site, mu, member] = h * self[site, mu, member] * h.adjoint
        }
      }
    }
    return result
  }
}

/// The number of threads is one for all tests, which run side by side.
private let threadsLock = Mutex(())

/// Whether a calculation gives the same numbers for 1, 2 and 3 threads.
func isIndependentOfThreads(_ calculation: () throws -> [Double]) throws -> Bool {
  try threadsLock.withLock { _ in
    let threads = Threads.count
    defer { Threads.count = threads }
    let results = try [1, 2, 3].map { count in
      Threads.count = count
      return try calculation()
    }
    return results[0] == results[1] && results[0] == results[2]
  }
}

extension ChannelField {
  /// All numbers of the blocks, bit for bit.
  var numbers: [Double] { withExtendedLifetime(self) { blockNumbers(view, layout) } }

  /// Whether the lanes that belong to no batch member are zero.
  var idleLanesAreZero: Bool {
    withExtendedLifetime(self) {
      let perBlock = view.perSite * view.stride
      return (0..<layout.blockCount).allSatisfy { block in
        (0..<layout.laneCount).allSatisfy { lane in
          layout.member(block: block, lane: lane) != nil
            || (0..<perBlock).allSatisfy { view.base[block * perBlock + $0][lane] == 0 }
        }
      }
    }
  }
}

extension AlgebraField {
  /// All numbers of the blocks, bit for bit.
  var numbers: [Double] { withExtendedLifetime(self) { blockNumbers(view, layout) } }
}

private func blockNumbers<V: LaneVector>(_ view: BlockView<V>, _ layout: Layout) -> [Double] {
  (0..<(layout.blockCount * view.perSite * view.stride)).flatMap { k in
    (0..<V.scalarCount).map { Double(view.base[k][$0]) }
  }
}
