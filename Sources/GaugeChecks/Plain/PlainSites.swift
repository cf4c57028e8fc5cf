import ComplexModule
import Compute
import Lattice

/// Some complex N x N matrices at every site of a lattice in an ordinary array, such as untraced loops.
///
/// `elements` is in the order [site][channel][row][column][re, im], sites serial with x fastest.
public struct PlainSites: Sendable, Hashable {
  /// The lattice.
  public let geometry: Geometry
  /// Rows of a matrix.
  public let n: Int
  /// Matrices at a site.
  public let channels: Int
  /// [site][channel][row][column][re, im]
  public var elements: [Double]

  /// Zero matrices.
  public init(zeros geometry: Geometry, n: Int, channels: Int = 1) {
    precondition(GaugeGroup(n: n) != nil && channels >= 1, "matrices of a gauge group")
    (self.geometry, self.n, self.channels) = (geometry, n, channels)
    elements = Array(repeating: 0, count: geometry.volume * channels * 2 * n * n)
  }

  /// The first member of a field.
  public init<Scalar>(_ field: SiteField<Scalar>) {
    self.init(zeros: field.geometry, n: field.group.n, channels: field.channels)
    for site in 0..<geometry.volume {
      for channel in 0..<channels { self[site, channel] = field[site, channel] }
    }
  }

  /// The matrix of a channel at a site.
  public subscript(site: Int, channel: Int = 0) -> ComplexMatrix {
    get {
      let first = (site * channels + channel) * 2 * n * n
      return ComplexMatrix(n: n) { i, j in
        let k = first + 2 * (i * n + j)
        return Complex(elements[k], elements[k + 1])
      }
    }
    set {
      precondition(newValue.n == n, "the matrix must be \(n) x \(n)")
      var k = (site * channels + channel) * 2 * n * n
      for z in newValue.elements {
        (elements[k], elements[k + 1]) = (z.real, z.imaginary)
        k += 2
      }
    }
  }

  /// As a field in double precision.
  func siteField() -> SiteField<Double> {
    var field = SiteField<Double>(
      layout: LinkField<Double>.layout(of: geometry), group: GaugeGroup(n: n)!, channels: channels)
    for site in 0..<geometry.volume {
      for channel in 0..<channels { field[site, channel] = self[site, channel] }
    }
    return field
  }
}
