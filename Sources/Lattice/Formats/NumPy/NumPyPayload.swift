import Compute

/// Links in a NumPy array of complex numbers with axes [mu, x, y, z, t, a, b].
struct NumPyPayload {
  let offset: Int
  let geometry: Geometry
  let group: GaugeGroup
  /// Width of a real number.
  let bits: Int
  let byteOrder: ByteOrder
  let isFortran: Bool

  static func parse<Source: ByteSource>(
    _ source: Source
  ) throws(ConfigurationError) -> ParsedConfiguration {
    let header = try NumPyHeader(source)
    let (bits, order): (Int, ByteOrder)
    switch header.type {
    case "<c16": (bits, order) = (64, .little)
    case ">c16": (bits, order) = (64, .big)
    case "<c8": (bits, order) = (32, .little)
    case ">c8": (bits, order) = (32, .big)
    default:
      throw source.damaged(
        expected: "complex numbers (<c16, <c8, >c16 or >c8)", found: header.type)
    }
    let shape = header.shape
    let dimension = shape.count - 3
    guard dimension >= 2, shape[0] == dimension, shape[dimension + 1] == shape[dimension + 2],
      let group = GaugeGroup(n: shape[dimension + 1])
    else {
      throw source.damaged(
        expected: "axes [mu, x, y, ..., a, b] with as many mu as extents and N x N matrices",
        found: "shape (\(list(shape)))")
    }
    let geometry = try source.geometry(Array(shape[1...dimension]))
    let payload = NumPyPayload(
      offset: header.end, geometry: geometry, group: group, bits: bits, byteOrder: order,
      isFortran: header.isFortran)
    try source.requireSize(
      header.end + payload.numbers * bits / 8, of: "shape (\(list(shape))) of \(header.type)")
    var info = ConfigurationInfo(
      file: source.name, format: .npy, group: group, extents: geometry.extents, storedBits: bits,
      byteOrder: order)
    info.header = [
      "descr": header.type, "fortran_order": header.isFortran ? "True" : "False",
      "shape": list(shape),
    ]
    info.warnings.append("an npy file holds no checksum")
    return ParsedConfiguration(info: info, geometry: geometry, content: .array(payload))
  }

  /// Real numbers in all; never overflows (see `SerialPayload.byteCount`).
  private var numbers: Int { geometry.volume * geometry.dimension * 2 * group.n * group.n }

  @specialized(where Scalar == Double, Source == FileSource)
  @specialized(where Scalar == Float, Source == FileSource)
  func load<Scalar: LatticeReal, Source: ByteSource>(
    _ source: Source, into field: inout LinkField<Scalar>, inspection: inout LinkInspection
  ) throws(ConfigurationError) {
    let n = group.n
    let d = geometry.dimension
    let matrix = 2 * n * n
    var reader = RealReader(
      source, offset: offset, count: numbers, bits: bits, byteOrder: byteOrder)
    let target = SiteComponents(&field)
    if isFortran {
      for column in 0..<n {
        for row in 0..<n {
          for site in 0..<geometry.volume {
            let run = try reader.next(2 * d)
            let p = target.pointer(site: site)
            for mu in 0..<d {
              let c = mu * matrix + 2 * (row * n + column)
              p[c * target.lanes] = Scalar(run[2 * mu])
              p[(c + 1) * target.lanes] = Scalar(run[2 * mu + 1])
            }
          }
        }
      }
    } else {
      for mu in 0..<d {
        for site in TimeFastestSites(geometry) {
          let run = try reader.next(matrix)
          let p = target.pointer(site: site) + mu * matrix * target.lanes
          for k in 0..<matrix { p[k * target.lanes] = Scalar(run[k]) }
        }
      }
    }
    inspect(field, &inspection)
  }

  /// Which directions are open.
  func boundary<Source: ByteSource>(_ source: Source) throws(ConfigurationError) -> Boundary {
    let n = group.n
    let d = geometry.dimension
    var leaving = LeavingLinks(geometry)
    var reader = RealReader(
      source, offset: offset, count: numbers, bits: bits, byteOrder: byteOrder)
    if isFortran {
      for _ in 0..<(n * n) {
        for site in 0..<geometry.volume {
          let run = try reader.next(2 * d)
          for mu in 0..<d {
            leaving.see(site: site, mu: mu) { run[2 * mu] == 0 && run[2 * mu + 1] == 0 }
          }
        }
      }
    } else {
      for mu in 0..<d {
        for site in TimeFastestSites(geometry) {
          let run = try reader.next(2 * n * n)
          leaving.see(site: site, mu: mu) { (0..<(2 * n * n)).allSatisfy { run[$0] == 0 } }
        }
      }
    }
    return leaving.boundary
  }

  private func inspect<Scalar: LatticeReal>(
    _ field: LinkField<Scalar>, _ inspection: inout LinkInspection
  ) {
    let chunk = max(1, (1 << 17) / field.numbersPerSite)
    let numbers = UnsafeMutableBufferPointer<Double>.allocate(
      capacity: chunk * field.numbersPerSite)
    defer { numbers.deallocate() }
    for start in stride(from: 0, to: geometry.volume, by: chunk) {
      let end = min(start + chunk, geometry.volume)
      field.exportSites(start..<end, to: numbers)
      inspection.inspect(
        UnsafePointer(numbers.baseAddress!), links: (end - start) * geometry.dimension,
        n: group.n)
    }
  }
}

/// The numbers of single sites of a field, for orders that are not the serial one.
struct SiteComponents<Scalar: LatticeReal> {
  /// Numbers of a site lie this far apart.
  let lanes: Int
  private let base: UnsafeMutablePointer<Scalar>
  private let perSite: Int
  private let layout: Layout
  private let member: Int

  /// Must not outlive the field, nor the field be copied while this one writes.
  init(_ field: inout LinkField<Scalar>) {
    let view = field.mutableView
    base = UnsafeMutableRawPointer(view.base).assumingMemoryBound(to: Scalar.self)
    lanes = Scalar.Lanes.scalarCount
    perSite = field.numbersPerSite
    layout = field.layout
    member = 0
  }

  /// The first number of a site: [mu][row][column][re, im], `lanes` apart.
  func pointer(site: Int) -> UnsafeMutablePointer<Scalar> {
    let (block, lane) = layout.locate(site: site, member: member)
    return base + block * perSite * lanes + lane
  }
}
