import Compute
import Lattice

/// An output as numbers with places.
struct CheckOutput {
  enum Shape: Equatable {
    case numbers
    case sites(Geometry, channels: Int)
    case links(Geometry)
    /// Links, then momenta.
    case phaseSpace(Geometry)
  }

  let values: [Double]
  /// Numbers at a place: 1, or 2 N^2 for a matrix.
  let stride: Int
  let shape: Shape

  init(_ numbers: [Double]) {
    (values, stride, shape) = (numbers, 1, .numbers)
  }

  /// Numbers at every site, [site][channel].
  init(_ numbers: [Double], _ geometry: Geometry, channels: Int) {
    (values, stride, shape) = (numbers, 1, .sites(geometry, channels: channels))
  }

  init<Scalar>(_ field: SiteField<Scalar>) {
    var values = [Double]()
    for site in 0..<field.geometry.volume {
      for c in 0..<field.channels { Self.append(field[site, c], to: &values) }
    }
    self.values = values
    stride = 2 * field.group.n * field.group.n
    shape = .sites(field.geometry, channels: field.channels)
  }

  init<Scalar>(_ field: LinkField<Scalar>) {
    var values = [Double]()
    for site in 0..<field.geometry.volume {
      for mu in 0..<field.dimension { Self.append(field[site, mu], to: &values) }
    }
    self.values = values
    stride = 2 * field.group.n * field.group.n
    shape = .links(field.geometry)
  }

  init<Scalar>(_ point: PhaseSpacePoint<Scalar>) {
    var values = CheckOutput(point.links).values
    for site in 0..<point.links.geometry.volume {
      for mu in 0..<point.links.dimension { Self.append(point.momenta[site, mu], to: &values) }
    }
    self.values = values
    stride = 2 * point.links.group.n * point.links.group.n
    shape = .phaseSpace(point.links.geometry)
  }

  private static func append(_ m: ComplexMatrix, to values: inout [Double]) {
    for z in m.elements {
      // `real` of a number that is not finite is NaN, which the comparison reports.
      values.append(z.real)
      values.append(z.imaginary)
    }
  }

  var placeCount: Int { values.count / stride }

  /// The numbers at a place.
  func numbers(at place: Int) -> [Double] {
    Array(values[(place * stride)..<((place + 1) * stride)])
  }

  /// The name of a place.
  func place(_ index: Int) -> SymmetryReport.Place {
    switch shape {
    case .numbers: .output(index)
    case .sites(let geometry, let channels):
      .site(geometry.coordinates(of: index / channels), channel: index % channels)
    case .links(let geometry):
      .link(
        geometry.coordinates(of: index / geometry.dimension), direction: index % geometry.dimension)
    case .phaseSpace(let geometry):
      index < placeCount / 2
        ? .link(
          geometry.coordinates(of: index / geometry.dimension),
          direction: index % geometry.dimension)
        : .momentum(
          geometry.coordinates(of: (index - placeCount / 2) / geometry.dimension),
          direction: index % geometry.dimension)
    }
  }

  /// The norm of the numbers at every place.
  var norms: [Double] {
    (0..<placeCount).map { place in
      var square = 0.0
      for k in (place * stride)..<((place + 1) * stride) { square += values[k] * values[k] }
      return square.squareRoot()
    }
  }

  /// The place of the largest distance to another output, in units of `scales`; the first place and
  /// infinity for another shape.
  func largestDeviation(from other: CheckOutput, scales: [Double]) -> (place: Int, value: Double) {
    guard shape == other.shape, values.count == other.values.count, stride == other.stride else {
      return (0, .infinity)
    }
    var worst = (place: 0, value: 0.0)
    for place in 0..<placeCount {
      var square = 0.0
      for k in (place * stride)..<((place + 1) * stride) {
        let difference = values[k] - other.values[k]
        square += difference * difference
      }
      var deviation = square == 0 ? 0 : square.squareRoot() / scales[place]
      if deviation.isNaN { deviation = .infinity }
      if deviation > worst.value { worst = (place, deviation) }
    }
    return worst
  }

  /// What deviations are relative to. Numbers: the largest magnitude each takes on the inputs, but
  /// no less than a thousandth of the largest of all. Fields: the largest norm of a matrix. Where all
  /// are zero within rounding of numbers of order 1, deviations are absolute.
  static func scales(of outputs: [CheckOutput], ulp: Double) -> [Double] {
    let norms = outputs.map(\.norms)
    let count = norms.map(\.count).max() ?? 0
    var largest = norms.joined().reduce(0, max)
    if largest < 64 * ulp { largest = 1000 }
    return (0..<count).map { place in
      guard outputs[0].shape == .numbers else { return largest }
      return norms.reduce(largest / 1000) { max($0, place < $1.count ? $1[place] : 0) }
    }
  }
}
