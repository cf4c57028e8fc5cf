import Compute

extension LinkField {
  /// Real numbers of one site in serial order: [mu][row][column][re, im].
  public var numbersPerSite: Int { dimension * 2 * group.n * group.n }

  /// Sets the links of a range of sites from numbers in serial order, x fastest:
  /// [site][mu][row][column][re, im]. Links that do not exist stay zero, whatever the numbers say.
  public mutating func importSites(
    _ sites: Range<Int>, member: Int = 0, from numbers: UnsafeBufferPointer<Double>
  ) {
    precondition(numbers.count >= sites.count * numbersPerSite)
    let perSite = numbersPerSite
    let base = UnsafeMutableRawPointer(mutableView.base).assumingMemoryBound(to: Scalar.self)
    let lanes = Scalar.Lanes.scalarCount
    var k = 0
    for site in sites {
      let (block, lane) = layout.locate(site: site, member: member)
      let p = base + block * perSite * lanes + lane
      for c in 0..<perSite {
        p[c * lanes] = Scalar(numbers[k])
        k += 1
      }
      if boundary.anyOpen {
        for mu in 0..<dimension where !boundary.hasLink(mu, at: site, in: geometry) {
          let matrix = perSite / dimension
          for c in 0..<matrix { p[(mu * matrix + c) * lanes] = 0 }
        }
      }
    }
  }

  /// Writes the links of a range of sites as numbers in serial order, x fastest:
  /// [site][mu][row][column][re, im].
  public func exportSites(
    _ sites: Range<Int>, member: Int = 0, to numbers: UnsafeMutableBufferPointer<Double>
  ) {
    precondition(numbers.count >= sites.count * numbersPerSite)
    let perSite = numbersPerSite
    let base = UnsafeRawPointer(view.base).assumingMemoryBound(to: Scalar.self)
    let lanes = Scalar.Lanes.scalarCount
    var k = 0
    for site in sites {
      let (block, lane) = layout.locate(site: site, member: member)
      let p = base + block * perSite * lanes + lane
      for c in 0..<perSite {
        numbers[k] = Double(p[c * lanes])
        k += 1
      }
    }
  }
}
