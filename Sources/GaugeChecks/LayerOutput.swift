import Autodiff
import Compute
import GaugeLayers
import Lattice
import LatticeSymmetry

/// What stands after a layer of a network, of one batch member.
enum LayerOutput<Scalar: LatticeReal> {
  case links(LinkField<Scalar>)
  case matrices(SiteField<Scalar>)
  /// Numbers at every site, [site][channel].
  case sites([Double], Geometry, channels: Int)
  case numbers([Double])

  func transformed(by g: SiteField<Scalar>) -> LayerOutput {
    switch self {
    case .links(let links): .links(links.transformed(by: g))
    case .matrices(let field): .matrices(field.transformed(by: g))
    case .sites, .numbers: self
    }
  }

  func shifted(by displacement: [Int]) -> LayerOutput {
    switch self {
    case .links(let links): return .links(links.shifted(by: displacement))
    case .matrices(let field): return .matrices(field.shifted(by: displacement))
    case .sites(let values, let geometry, let channels):
      let moved = (0..<geometry.volume).flatMap { site in
        let x = zip(geometry.coordinates(of: site), displacement).map { $0 + $1 }
        let source = geometry.site(at: x) * channels
        return values[source..<(source + channels)]
      }
      return .sites(moved, geometry, channels: channels)
    case .numbers: return self
    }
  }

  /// The output of turned links, whose channels carry a representation.
  func turned(by element: Int, _ representation: ChannelRepresentation) -> LayerOutput {
    let images = representation.images(under: element)
    switch self {
    case .links(let links):
      return .links(
        try! links.image(under: LatticeOperation(representation.group.operations![element])))
    case .matrices(let field):
      return .matrices(try! representation.image(of: field, under: element))
    case .sites(let values, let geometry, let channels):
      let operation = LatticeOperation(representation.group.operations![element])
      var moved = values
      for site in 0..<geometry.volume {
        let place = operation.image(ofSite: site, of: geometry)
        for c in 0..<channels { moved[place * channels + images[c]] = values[site * channels + c] }
      }
      return .sites(moved, geometry, channels: channels)
    case .numbers(let values):
      var moved = values
      for (c, value) in values.enumerated() { moved[images[c]] = value }
      return .numbers(moved)
    }
  }

  var numbers: CheckOutput {
    switch self {
    case .links(let links): CheckOutput(links)
    case .matrices(let field): CheckOutput(field)
    case .sites(let values, let geometry, let channels):
      CheckOutput(values, geometry, channels: channels)
    case .numbers(let values): CheckOutput(values)
    }
  }
}

extension LayerOutput {
  /// The channels after a layer, or its links if it changed them.
  init(_ flow: NetworkFlow<Scalar>, changedLinks: Bool, member: Int) throws {
    let links = flow.links.value
    if changedLinks {
      self = .links(try links.member(member))
      return
    }
    switch flow.channels {
    case .none: self = .links(try links.member(member))
    case .matrices(let w): self = .matrices(try w.value.member(member))
    case .scalars(let s):
      let field = s.value
      self = .sites(
        (0..<field.geometry.volume).flatMap { site in
          (0..<field.channels).map { field[site, $0, member] }
        }, field.geometry, channels: field.channels)
    case .pooled(let x):
      let outputs = x.value.shape[1]
      self = .numbers((0..<outputs).map { Double(x.value.values[member * outputs + $0]) })
    case .images(let x):
      let (channels, volume) = (x.value.shape[1], links.geometry.volume)
      let values = x.value.values
      self = .sites(
        (0..<volume).flatMap { site in
          (0..<channels).map { Double(values[(member * channels + $0) * volume + site]) }
        }, links.geometry, channels: channels)
    }
  }
}

extension LinkField {
  /// One member as a field of its own.
  fileprivate func member(_ member: Int) throws -> LinkField {
    if batch == 1 { return self }
    var field = try LinkField(geometry, group: group)
    for site in 0..<geometry.volume {
      for mu in 0..<dimension { field[site, mu] = self[site, mu, member] }
    }
    return field
  }

  /// A batch of which this field is one member and others are random.
  func asMember(_ member: Int, of batch: Int, seed: UInt64) throws -> LinkField {
    if batch == 1 { return self }
    var field = try LinkField(geometry, group: group, batch: batch)
    field.setHaarRandom(seed: seed)
    for site in 0..<geometry.volume {
      for mu in 0..<dimension { field[site, mu, member] = self[site, mu] }
    }
    return field
  }
}

extension SiteField {
  /// One member as a field of its own.
  fileprivate func member(_ member: Int) throws -> SiteField {
    if layout.batch == 1 { return self }
    var field = try SiteField(geometry, group: group, channels: channels)
    for site in 0..<geometry.volume {
      for c in 0..<channels { field[site, c] = self[site, c, member] }
    }
    return field
  }
}
