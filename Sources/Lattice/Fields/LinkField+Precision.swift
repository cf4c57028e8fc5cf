import Compute

extension LinkField {
  /// The links of a field in this precision: rounded, or bit for bit where it is as high as theirs.
  public init<Other>(_ other: LinkField<Other>) {
    if let same = other as? LinkField {
      self = same
      return
    }
    let (geometry, batch) = (other.geometry, other.batch)
    // A batch of a field is one of any field.
    let layout = try! Layout.shared(
      geometry, batch: batch, laneCount: Scalar.Lanes.scalarCount)
    self.init(layout: layout, group: other.group, boundary: other.boundary)
    // Some hundred kilobytes at a time.
    let step = max(1, min(geometry.volume, 32768 / other.numbersPerSite))
    withUnsafeTemporaryAllocation(
      of: Double.self, capacity: step * other.numbersPerSite
    ) { numbers in
      for member in 0..<batch {
        for first in stride(from: 0, to: geometry.volume, by: step) {
          let sites = first..<min(first + step, geometry.volume)
          other.exportSites(sites, member: member, to: numbers)
          importSites(sites, member: member, from: UnsafeBufferPointer(numbers))
        }
      }
    }
  }
}
