import Compute
import Lattice

/// Configurations of one group and lattice, one after the other, from which batches in any order are
/// gathered.
public struct ConfigurationStore<Scalar: LatticeReal>: Sendable {
  public let geometry: Geometry
  public let group: GaugeGroup
  /// Configurations.
  public private(set) var count = 0
  // [configuration][site in serial order][direction][row][column][re, im]
  private var numbers: [Scalar] = []

  /// A store of none yet.
  ///
  /// - Parameters:
  ///   - geometry: the lattice that all configurations will have.
  ///   - group: the group of their links.
  public init(_ geometry: Geometry, group: GaugeGroup) {
    self.geometry = geometry
    self.group = group
  }

  /// Numbers of a site.
  private var perSite: Int { geometry.dimension * 2 * group.n * group.n }

  /// Adds all members of a field.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public mutating func append(_ field: LinkField<Scalar>) {
    precondition(
      field.geometry == geometry && field.group == group, "configurations of one lattice and group")
    let view = field.view
    let perSite = self.perSite
    numbers.reserveCapacity(numbers.count + field.batch * geometry.volume * perSite)
    for member in 0..<field.batch {
      for site in 0..<geometry.volume {
        let (block, lane) = field.layout.locate(site: site, member: member)
        let p = view.block(block, 0)
        for k in 0..<perSite { numbers.append(p[k][lane]) }
      }
    }
    count += field.batch
  }

  /// The configurations of given places as the members of one field.
  public func links(_ places: some Collection<Int>) throws(GeometryError) -> LinkField<Scalar> {
    try gathered(Array(places))
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func gathered(_ order: [Int]) throws(GeometryError) -> LinkField<Scalar> {
    var field = try LinkField<Scalar>(geometry, group: group, batch: order.count)
    let layout = field.layout
    let (view, perSite, volume) = (field.mutableView, self.perSite, geometry.volume)
    let sites = (0..<volume).map { layout.locate(site: $0) }
    numbers.withUnsafeBufferPointer { numbers in
      nonisolated(unsafe) let numbers = numbers
      // One group of members after the other: members of a group share vectors.
      parallelFor(layout.outerBatch, grain: max(1, 32768 / (volume * perSite))) { groups in
        for group in groups {
          let first = group * layout.batchLanes
          for member in first..<min(order.count, first + layout.batchLanes) {
            var source = order[member] * volume * perSite
            for site in 0..<volume {
              let p = view.block(group * layout.siteBlocks + sites[site].block, 0)
              let lane = sites[site].lane + member - first
              for k in 0..<perSite { p[k][lane] = numbers[source + k] }
              source += perSite
            }
          }
        }
      }
    }
    return field
  }
}
