import Compute
import Lattice

/// What a suite of checks goes through: groups, precisions, lattices, inputs, transformations, the seed
/// from which all random numbers follow, and how much effort it takes.
///
/// The default takes U(1), SU(2), SU(3) and SU(4) on lattices of two to four dimensions with extents 2,
/// odd ones and unequal ones, so small that an observable takes a second. Code that is made for one
/// group or dimension narrows it:
///
/// ```swift
/// var plan = CheckPlan()
/// plan.groups = [.su3]
/// plan.lattices = [[2, 3, 2, 4], [4, 4, 4, 4]]
/// ```
public struct CheckPlan: Sendable, Hashable {
  public var groups: [GaugeGroup] = [.u1, .su2, .su3, .su4]
  /// Those asked for; code on fields of one precision is checked in that one.
  public var precisions: [CheckPrecision] = [.double, .single]
  /// Extents, x first, time last.
  public var lattices: [[Int]] = [[3, 3], [2, 5], [4, 2, 3], [2, 3, 2, 4]]
  public var inputs: [InputKind] = InputKind.standard
  /// Fields of anybody's making, such as configurations from a file, beside those inputs.
  public var stored: [PlainLinks] = []
  public var transformations = GaugeTransformationKind.allCases
  public var seed: UInt64 = 1
  /// By default 32 u sqrt(64 N V d), with u the unit roundoff, for V sites in d dimensions: an output is
  /// taken to be a sum over all links of products of some matrices, whose rounding errors add up at
  /// random.
  public var tolerance: SymmetryTolerance?
  /// Proposals of the adversary for every group and precision; 0 for none.
  public var adversarySteps = 60
  /// Calls that the search for a smaller example may take.
  public var shrinkingCalls = 1500

  public init() {}

  /// The default with another seed.
  public init(seed: UInt64) { self.seed = seed }

  /// The default for one group and lattice.
  public init(_ group: GaugeGroup, _ extents: [Int], seed: UInt64 = 1) {
    (groups, lattices, self.seed) = ([group], [extents], seed)
  }

  /// Takes the corner of a stored configuration, of at most `largest` sites a direction, among the inputs.
  ///
  /// A piece of real links has all that checks need, and is fast; around the lattice it closes roughly.
  ///
  /// - Parameters:
  ///   - group: for files that do not name it.
  ///   - extents: for the same files.
  /// - Throws: `ConfigurationError` where the file cannot be read.
  public mutating func addStored(
    _ path: String, group: GaugeGroup? = nil, extents: [Int]? = nil, largest: Int = 3
  ) throws(ConfigurationError) {
    let file: Configuration<Double> = try ConfigurationReader.read(
      path, group: group, extents: extents)
    stored.append(PlainLinks(file.field).corner(largest))
  }

  /// The tolerance in words and as a number.
  func tolerance(_ geometry: Geometry, _ group: GaugeGroup, _ precision: CheckPrecision) -> Double {
    if let tolerance { return tolerance.value(ulp: precision.ulp) }
    let operations = 64 * group.n * geometry.volume * geometry.dimension
    return 32 * precision.ulp * Double(operations).squareRoot()
  }

  /// All settings, the cheapest first.
  func cells(_ fixed: CheckPrecision?) throws(GeometryError) -> [CheckCell] {
    let precisions = fixed.map { [$0] } ?? precisions
    var cells = [CheckCell]()
    for group in groups {
      for extents in lattices {
        let geometry = try Geometry(extents)
        for precision in precisions {
          cells.append(CheckCell(geometry: geometry, group: group, precision: precision))
        }
      }
    }
    for field in stored {
      for precision in precisions {
        cells.append(
          CheckCell(
            geometry: field.geometry, group: field.group, precision: precision, stored: field))
      }
    }
    // Stable, so that the report of a plan is always the same.
    return cells.enumerated().sorted {
      ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset)
    }.map(\.element)
  }
}

extension PlainLinks {
  /// The links of the sites with coordinates below `largest`, as a lattice of their own.
  func corner(_ largest: Int) -> PlainLinks {
    if extents.allSatisfy({ $0 <= largest }) { return self }
    var result = PlainLinks(
      zeros: try! Geometry(extents.map { min($0, max(2, largest)) }), n: n)
    for site in 0..<result.volume {
      let source = geometry.site(at: result.geometry.coordinates(of: site))
      for mu in 0..<dimension { result[site, mu] = self[source, mu] }
    }
    return result
  }
}

/// One lattice, group and precision of a plan.
struct CheckCell: Sendable, Hashable, CustomStringConvertible {
  let geometry: Geometry
  let group: GaugeGroup
  let precision: CheckPrecision
  var stored: PlainLinks?

  var cost: Int { geometry.volume * geometry.dimension * group.n * group.n * group.n }

  var description: String {
    "\(group) on \(geometry)\(stored == nil ? "" : ", stored links"), \(precision)"
  }
}
