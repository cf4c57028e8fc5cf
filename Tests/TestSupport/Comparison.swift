import ComplexModule
import Compute
import Lattice
import RealModule

/// The largest Frobenius norm of a difference, over pairs of matrices.
public func largestDifference(
  _ pairs: some Sequence<(ComplexMatrix, ComplexMatrix)>
) -> Double {
  pairs.reduce(0) { worst, pair in
    let d = (pair.0 - pair.1).frobeniusNorm
    return d.isNaN ? .infinity : max(worst, d)
  }
}

extension SiteField {
  /// The largest Frobenius norm of a difference to a function of site and channel.
  public func largestDifference(
    member: Int = 0, _ expected: (_ site: Int, _ channel: Int) -> ComplexMatrix
  ) -> Double {
    var worst = 0.0
    for site in 0..<geometry.volume {
      for c in 0..<channels {
        let d = (self[site, c, member] - expected(site, c)).frobeniusNorm
        worst = d.isNaN ? .infinity : max(worst, d)
      }
    }
    return worst
  }

  /// The largest Frobenius norm of a difference to another field.
  public func largestDifference(_ other: SiteField) -> Double {
    (0..<layout.batch).reduce(0) { worst, member in
      max(worst, largestDifference(member: member) { other[$0, $1, member] })
    }
  }
}

extension LinkField {
  /// The largest Frobenius norm of a difference to a function of site and direction.
  public func largestDifference(
    member: Int = 0, _ expected: (_ site: Int, _ mu: Int) -> ComplexMatrix
  ) -> Double {
    var worst = 0.0
    for site in 0..<geometry.volume {
      for mu in 0..<dimension {
        let d = (self[site, mu, member] - expected(site, mu)).frobeniusNorm
        worst = d.isNaN ? .infinity : max(worst, d)
      }
    }
    return worst
  }

  /// The largest Frobenius norm of a difference to another field.
  public func largestDifference(_ other: LinkField) -> Double {
    (0..<batch).reduce(0) { worst, member in
      max(worst, largestDifference(member: member) { other[$0, $1, member] })
    }
  }

  /// A field with Haar-random links.
  public static func hot(
    _ extents: [Int], _ group: GaugeGroup, batch: Int = 1, seed: UInt64 = 1
  ) throws -> LinkField {
    var field = try LinkField(try Geometry(extents), group: group, batch: batch)
    field.setHaarRandom(seed: seed)
    return field
  }

  /// One member as a field of its own.
  public func alone(_ member: Int) throws -> LinkField {
    var field = try LinkField(geometry, group: group)
    for site in 0..<geometry.volume {
      for mu in 0..<dimension { field[site, mu] = self[site, mu, member] }
    }
    return field
  }
}

/// Lattices that catch axis mix-ups, odd and unequal extents, wrapping lines and every lane plan.
public let mixedExtents: [[Int]] = [
  [4, 4], [2, 3], [6, 10], [5, 7], [8, 4, 2], [3, 5, 4], [2, 2, 2, 2], [4, 4, 4, 4], [2, 3, 2, 4],
  [6, 2, 4, 2], [3, 3, 3, 3], [2, 2, 2, 3, 2],
]

/// U(1), SU(2) ... SU(5) and SU(8): every kernel, and the general one for even and odd N.
public let everyGroup: [GaugeGroup] = [.u1, .su2, .su3, .su4, .su(5), .su(8)]

/// Matrix channels of all batch members compared within this, by precision.
public func tolerance<S: LatticeReal>(_ type: S.Type) -> Double {
  MemoryLayout<S>.size == 8 ? 1e-12 : 2e-5
}
