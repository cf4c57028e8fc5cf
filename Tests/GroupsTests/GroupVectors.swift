import Foundation
import Groups
import TestSupport

/// The reference vectors of `vectors/groups`: exact integer group code of other origin.
enum GroupVectors {
  static var areEnabled: Bool { SharedFolder.runs("vectors/groups") }

  struct PointGroups: Decodable {
    let facts: [Facts]
    let tables: [String: Table]
  }

  struct Facts: Decodable, Sendable {
    let name: String
    let order: Int
    let nClasses: Int
    let classSizes: [Int]
    let classRepMatrices: [[[Double]]]
    let classElementOrders: [Int]
    let classTrace: [Double]
    let irrepDims: [Int]
    let characterTableReal: [[Double]]
  }

  struct Table: Decodable {
    let elements: [[[Double]]]
    let cayley: [[Int]]
    let inverse: [Int]
    let classes: [[Int]]
  }

  struct Observables: Decodable {
    struct Breaking: Decodable {
      let order: Int
      let invariants: [String: Int]
    }
    struct Parts: Decodable {
      let dim: Int
      let normChiChi: Int
      let scalarMultiplicity: Int
    }
    let subgroupInvariants: [String: Breaking]
    let decomposition: [String: Parts]
  }

  struct Counts: Decodable { let counts: [String: [String: Int]] }

  struct Branching: Decodable { let branching: [String: [Int]] }

  struct Convolutions: Decodable {
    struct Case: Decodable {
      let f: [Double]
      let psi: [[Double]]
      let w: [[Double]]
      let outRelaxed: [Double]
      let outStrict: [Double]
    }
    let groups: [String: Case]
  }

  static func read<T: Decodable>(_ file: String, as type: T.Type = T.self) throws -> T {
    let url = SharedFolder.url.appendingPathComponent("vectors/groups/\(file).json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(T.self, from: Data(contentsOf: url))
  }

  static func pointGroups() throws -> PointGroups { try read("point_groups") }

  /// The group whose elements are the matrices of the reference: by name where there is one, C4 and D4 of
  /// the plane as rotations and all of B_2.
  static func group(_ name: String) throws -> FiniteGroup {
    switch name {
    case "C4": try FiniteGroup(named: "B2+")
    case "D4": try FiniteGroup(named: "B2")
    case "O_h (=B_3)": try FiniteGroup(named: "B3")
    case "B_4 (hypercubic W4)": try FiniteGroup(named: "B4")
    case "B_4 rotations (det=+1)": try FiniteGroup(named: "B4+")
    case "O_h x Z2 (anisotropic 3+1 subgroup of B_4)": try FiniteGroup(named: "Oh x T")
    default: try FiniteGroup(named: name)
    }
  }
}

extension RealMatrix {
  init(_ rows: [[Double]]) {
    self.init(rows: rows.count, columns: rows.first?.count ?? 0) { rows[$0][$1] }
  }
}

/// The largest deviation from D(g) D(h) = D(g h) and D^T D = 1 for given matrices.
func representationError(
  _ group: FiniteGroup, _ matrix: (Int) -> RealMatrix
) -> (product: Double, orthogonality: Double) {
  var (product, orthogonality) = (0.0, 0.0)
  let all = (0..<group.order).map(matrix)
  let one = RealMatrix.identity(all[0].rows)
  // All pairs in small groups, a stride of them in large ones.
  let step = group.order <= 48 ? 1 : 7
  for g in 0..<group.order {
    orthogonality = max(orthogonality, (all[g].transposed * all[g] - one).maximumMagnitude)
    for h in stride(from: g % step, to: group.order, by: step) {
      product = max(product, (all[g] * all[h] - all[group.product(g, h)]).maximumMagnitude)
    }
  }
  return (product, orthogonality)
}

/// Deterministic numbers in (-1, 1).
struct TestNumbers {
  var state: UInt64
  mutating func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) * 0x1p-52 - 1
  }
  mutating func list(_ n: Int) -> [Double] { (0..<n).map { _ in next() } }
}
