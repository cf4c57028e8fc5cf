import Compute

/// The rows that a product reads: for every row of the result one row of the source a tap.
///
/// A matrix has one tap, and row r of the result reads row r. A convolution has a tap for every
/// place of its kernel, and a table says which site each tap of each site reads, -1 for zeros (the
/// indirect convolution of M. Dukhan, arXiv:1907.02129). Nothing is copied for either.
struct RowSource<Scalar: LatticeReal>: @unchecked Sendable {
  /// The first row.
  let base: UnsafePointer<Scalar>
  /// From one row of the source to the next.
  let stride: Int
  /// Elements of a row that are read.
  let depth: Int
  let taps: Int
  /// `[site][tap]`, for the sites of one sample; nil for a matrix.
  let table: UnsafePointer<Int32>?
  /// Rows of a sample of the result.
  let sites: Int
  /// Rows of a sample of the source.
  let sourceSites: Int
  /// `depth` zeros, read where the table says -1.
  let zeros: UnsafePointer<Scalar>?

  /// The rows of a matrix.
  init(_ base: UnsafePointer<Scalar>, stride: Int, depth: Int) {
    self.init(
      base, stride: stride, depth: depth, taps: 1, table: nil, sites: 1, sourceSites: 1, zeros: nil)
  }

  init(
    _ base: UnsafePointer<Scalar>, stride: Int, depth: Int, taps: Int,
    table: UnsafePointer<Int32>?, sites: Int, sourceSites: Int, zeros: UnsafePointer<Scalar>?
  ) {
    self.base = base
    self.stride = stride
    self.depth = depth
    self.taps = taps
    self.table = table
    self.sites = sites
    self.sourceSites = sourceSites
    self.zeros = zeros
  }

  /// Writes where the rows of some rows of the result begin: `pointers[(tap - taps.lowerBound)
  /// capacity + j]` for row `rows.lowerBound + j`, the last row repeated up to the capacity.
  @inline(__always)
  func locate(
    _ rows: Range<Int>, taps range: Range<Int>, capacity: Int,
    _ pointers: UnsafeMutablePointer<UnsafePointer<Scalar>>
  ) {
    guard let table, let zeros else {
      for j in 0..<capacity {
        pointers[j] = base + min(rows.lowerBound &+ j, rows.upperBound &- 1) &* stride
      }
      return
    }
    for j in 0..<capacity {
      let row = min(rows.lowerBound &+ j, rows.upperBound &- 1)
      let sample = row / sites
      let entries = table + (row &- sample &* sites) &* taps
      let first = base + sample &* sourceSites &* stride
      var place = j
      for tap in range {
        let site = Int(entries[tap])
        pointers[place] = site < 0 ? zeros : first + site &* stride
        place &+= capacity
      }
    }
  }
}
