/// The search behind `ConfigurationDiagnosis`.
struct DiagnosisSearch<Source: ByteSource> {
  private let source: Source
  private let geometry: Geometry
  private let groups: [GaugeGroup]

  /// Links of single precision are unitary to 1e-6.
  private static var unitarityLimit: Double { 1e-3 }

  init(_ source: Source, _ geometry: Geometry, _ groups: [GaugeGroup]) {
    self.source = source
    self.geometry = geometry
    self.groups = groups
  }

  private struct Candidate {
    let links: StoredLinks
    let group: GaugeGroup
    var order: SiteOrder
    var dagger: Bool
    var violation: Double
    var plaquette = 0.0
    var rank = 0
  }

  func findings() throws(ConfigurationError) -> [ConfigurationDiagnosis.Finding] {
    var storages = try unitaryStorages()
    storages.sort { $0.violation < $1.violation }
    guard let best = storages.first else {
      throw source.damaged(
        expected: "room for the links of \(groups.map(\.description).joined(separator: " or "))",
        found: "\(source.size) bytes")
    }
    if best.violation > Self.unitarityLimit {
      return storages.prefix(3).map { finding($0, sensible: false) }
    }
    var candidates: [Candidate] = []
    let coarse = sites(upTo: 96)
    for storage in storages where storage.violation <= Self.unitarityLimit {
      for order in SiteOrder.candidates(geometry) {
        for dagger in [false, true] {
          var candidate = storage
          candidate.order = order
          candidate.dagger = dagger
          candidate.rank = candidates.count
          candidate.plaquette = try plaquette(candidate, coarse)
          candidates.append(candidate)
        }
      }
    }
    candidates.sort { ($0.plaquette, $1.rank) > ($1.plaquette, $0.rank) }
    let fine = sites(upTo: 1024)
    var shortlist = Array(candidates.prefix(24))
    for k in shortlist.indices { shortlist[k].plaquette = try plaquette(shortlist[k], fine) }
    // What agrees with the best within the noise is ranked by how usual it is.
    let top = shortlist.map(\.plaquette).max() ?? 0
    let noise = fine.count == geometry.volume ? 1e-9 : 4 * spread(best.group, fine.count)
    shortlist.sort { a, b in
      let (isTopA, isTopB) = (a.plaquette >= top - noise, b.plaquette >= top - noise)
      if isTopA != isTopB { return isTopA }
      return isTopA ? a.rank < b.rank : a.plaquette > b.plaquette
    }
    return shortlist.prefix(8).map {
      finding($0, sensible: $0.plaquette > 5 * spread($0.group, fine.count))
    }
  }

  private func finding(
    _ candidate: Candidate, sensible: Bool
  ) -> ConfigurationDiagnosis.Finding {
    let rows = candidate.links.storedRows < candidate.links.n ? ", two rows" : ""
    let name = groups.count > 1 ? ", \(candidate.group)" : ""
    return ConfigurationDiagnosis.Finding(
      bits: candidate.links.bits, byteOrder: candidate.links.byteOrder,
      order: candidate.order.text(candidate.links.axes) + rows + name, dagger: candidate.dagger,
      offset: candidate.links.offset, unitarityViolation: candidate.violation,
      plaquette: candidate.plaquette, sensible: sensible)
  }

  /// The standard deviation of the mean plaquette of unrelated links.
  private func spread(_ group: GaugeGroup, _ sites: Int) -> Double {
    let n = Double(group.n)
    let variance = group.n <= 2 ? 1 / (2 * n) : 1 / (2 * n * n)
    return (variance / Double(sites * geometry.planes.count)).squareRoot()
  }

  /// Sites spread evenly over the lattice.
  private func sites(upTo count: Int) -> [[Int]] {
    if geometry.volume <= count { return (0..<geometry.volume).map(geometry.coordinates) }
    // A step without a common factor with usual extents visits all residues.
    return (0..<count).map { geometry.coordinates(of: ($0 * 1_000_003) % geometry.volume) }
  }

  private func unitaryStorages() throws(ConfigurationError) -> [Candidate] {
    let orders = SiteOrder.candidates(geometry)
    let axisOrders = SiteOrder.permutations(StoredLinks.Axis.allCases).filter {
      $0.firstIndex(of: .row)! < $0.firstIndex(of: .column)!
    }
    var result: [Candidate] = []
    for group in groups {
      for rows in group.n == 3 ? [3, 2] : [group.n] {
        for bits in [64, 32] {
          let size = geometry.volume * geometry.dimension * 2 * rows * group.n * bits / 8
          guard size <= source.size else { continue }
          for offset in try offsets(size) {
            for byteOrder in ByteOrder.allCases {
              for axes in axisOrders {
                let links = StoredLinks(
                  bits: bits, byteOrder: byteOrder, offset: offset, group: group,
                  storedRows: rows, axes: axes, geometry: geometry)
                var candidate = Candidate(
                  links: links, group: group, order: orders[0], dagger: false, violation: 0)
                candidate.violation = try violation(links)
                result.append(candidate)
              }
            }
          }
        }
      }
    }
    return result
  }

  /// Where links of so many bytes may begin: behind a header, at once, in a Fortran record, in a
  /// LIME record.
  private func offsets(_ size: Int) throws(ConfigurationError) -> [Int] {
    var result = [source.size - size, 0]
    if source.size == size + 8 { result.append(4) }
    if let records = try? LIMERecord.scan(source) {
      result += records.filter { $0.length == size }.map(\.offset)
    }
    var seen: Set<Int> = []
    return result.filter { seen.insert($0).inserted }
  }

  /// The largest violation of unitarity of some matrices; infinite as soon as one is hopeless.
  private func violation(_ links: StoredLinks) throws(ConfigurationError) -> Double {
    let n = links.n
    let m = UnsafeMutablePointer<Double>.allocate(capacity: 2 * n * n)
    defer { m.deallocate() }
    var largest = 0.0
    for k in 0..<64 {
      let rank = (k * 1_000_003) % geometry.volume
      try links.load(rank: rank, mu: k % geometry.dimension, dagger: false, from: source, m)
      let square = LinkInspection.violation(m, n)
      guard square.isFinite else { return .infinity }
      largest = max(largest, square.squareRoot())
      if largest > 1 { return largest }
    }
    return largest
  }

  private func plaquette(
    _ candidate: Candidate, _ sites: [[Int]]
  ) throws(ConfigurationError) -> Double {
    let n = candidate.links.n
    let d = geometry.dimension
    let size = 2 * n * n
    let memory = UnsafeMutablePointer<Double>.allocate(capacity: 6 * size)
    defer { memory.deallocate() }
    let slots = (0..<6).map { memory + $0 * size }
    func load(_ x: [Int], _ mu: Int, _ slot: Int) throws(ConfigurationError) {
      try candidate.links.load(
        rank: candidate.order.rank(x), mu: candidate.order.placeOfDirection[mu],
        dagger: candidate.dagger, from: source, slots[slot])
    }
    func step(_ x: [Int], _ mu: Int) -> [Int] {
      var y = x
      y[mu] = (y[mu] + 1) % geometry.extents[mu]
      return y
    }
    var sum = 0.0
    for x in sites {
      for mu in 0..<d {
        for nu in (mu + 1)..<max(d, mu + 1) {
          try load(x, mu, 0)
          try load(step(x, mu), nu, 1)
          try load(step(x, nu), mu, 2)
          try load(x, nu, 3)
          DiagnosisMatrices.multiply(slots[0], slots[1], n: n, into: slots[4])
          DiagnosisMatrices.multiply(slots[3], slots[2], n: n, into: slots[5])
          sum += DiagnosisMatrices.realTraceOfAdjointProduct(slots[4], slots[5], n: n)
        }
      }
    }
    return sum / Double(sites.count * geometry.planes.count * n)
  }
}
