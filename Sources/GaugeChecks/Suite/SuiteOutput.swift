import Compute
import Groups
import Lattice
import LatticeSymmetry

/// What somebody's code gave, with all that is needed to transform it.
enum SuiteOutput {
  case numbers([Double], FieldLabels)
  case siteNumbers(PlainSiteNumbers, FieldLabels)
  case sites(SiteField<Double>, FieldLabels)
  case links(LinkField<Double>)
  case phaseSpace(PhaseSpacePoint<Double>)

  /// Labels fit what they are given with (`mislabelled`), and suites go through periodic lattices, so that
  /// symmetries of the axes can act.
  func transformed(by element: SymmetryElement) -> SuiteOutput {
    switch element {
    case .gauge(let g):
      switch self {
      case .numbers, .siteNumbers: return self
      case .sites(let field, let labels): return .sites(field.transformed(by: g), labels)
      case .links(let links): return .links(links.transformed(by: g))
      case .phaseSpace(let point): return .phaseSpace(point.transformed(by: g))
      }
    case .translation(let a):
      switch self {
      case .numbers: return self
      case .siteNumbers(let field, let labels):
        return .siteNumbers(field.shifted(by: a), labels)
      case .sites(let field, let labels): return .sites(field.shifted(by: a), labels)
      case .links(let links): return .links(links.shifted(by: a))
      case .phaseSpace(let point): return .phaseSpace(point.shifted(by: a))
      }
    case .axes(let axes):
      switch self {
      case .numbers(let numbers, let labels):
        return .numbers(try! labels.image(of: numbers, under: axes), labels)
      case .siteNumbers(let field, let labels):
        return .siteNumbers(field.turned(by: axes, labels: labels), labels)
      case .sites(let field, let labels):
        return .sites(try! field.image(under: LatticeOperation(axes), labels: labels), labels)
      case .links(let links): return .links(try! links.image(under: LatticeOperation(axes)))
      case .phaseSpace(let point): return .phaseSpace(point.turned(by: axes))
      }
    case .chargeConjugation(let parity):
      switch self {
      case .numbers(let numbers, let labels): return .numbers(parity.apply(numbers), labels)
      case .siteNumbers(var field, let labels):
        field.values = parity.apply(field.values)
        return .siteNumbers(field, labels)
      case .sites(let field, let labels): return .sites(field.conjugated(), labels)
      case .links(let links): return .links(links.chargeConjugated())
      case .phaseSpace(let point): return .phaseSpace(point.conjugated())
      }
    }
  }

  var numbers: CheckOutput {
    switch self {
    case .numbers(let values, _): CheckOutput(values)
    case .siteNumbers(let field, _):
      CheckOutput(field.values, field.geometry, channels: field.channels)
    case .sites(let field, _): CheckOutput(field)
    case .links(let links): CheckOutput(links)
    case .phaseSpace(let point): CheckOutput(point)
    }
  }

  /// The place of a field that is not that of the links it was made of.
  func misplaced(from links: LinkField<Double>) -> String? {
    func found(_ geometry: Geometry, _ group: GaugeGroup) -> String? {
      geometry == links.geometry && group == links.group ? nil : "\(group) on \(geometry)"
    }
    switch self {
    case .numbers: return nil
    case .siteNumbers(let field, _): return found(field.geometry, links.group)
    case .sites(let field, _): return found(field.geometry, field.group)
    case .links(let field): return found(field.geometry, field.group)
    case .phaseSpace(let point):
      return found(point.links.geometry, point.links.group)
        ?? found(point.momenta.geometry, point.momenta.group)
    }
  }

  /// Why the labels do not fit the output, if so.
  func mislabelled(dimension d: Int) -> String? {
    let (count, labels, perLabel): (Int, FieldLabels, Int)
    switch self {
    case .numbers(let values, let l):
      (count, labels, perLabel) = (values.count, l, l.isComplex ? 2 : 1)
    case .siteNumbers(let field, let l):
      (count, labels, perLabel) = (field.channels, l, l.isComplex ? 2 : 1)
    case .sites(let field, let l): (count, labels, perLabel) = (field.channels, l, 1)
    case .links, .phaseSpace: return nil
    }
    return count % (labels.count(dimension: d) * perLabel) == 0
      ? nil : "\(count) outputs cannot be labelled as \(labels) in \(d) dimensions"
  }
}

extension CheckOutput {
  /// The shape in words.
  var shapeDescription: String {
    switch shape {
    case .numbers: "\(values.count) number\(values.count == 1 ? "" : "s")"
    case .sites(let geometry, let channels):
      "\(channels) channels of \(stride) numbers at the sites of \(geometry)"
    case .links(let geometry): "matrices of \(stride) numbers on the links of \(geometry)"
    case .phaseSpace(let geometry): "links and momenta on \(geometry)"
    }
  }

  func hasShape(of other: CheckOutput) -> Bool {
    shape == other.shape && stride == other.stride && values.count == other.values.count
  }

  /// The first place with a number that is not finite.
  var firstNotFinite: (place: SymmetryReport.Place, value: Double)? {
    values.firstIndex { !$0.isFinite }.map { (place($0 / stride), values[$0]) }
  }
}

extension PlainSiteNumbers {
  /// s'(x) = s(x + a)
  func shifted(by a: [Int]) -> PlainSiteNumbers {
    var result = self
    for site in 0..<geometry.volume {
      let far = geometry.site(at: zip(geometry.coordinates(of: site), a).map { $0 + $1 })
      for c in 0..<channels { result.values[site * channels + c] = values[far * channels + c] }
    }
    return result
  }

  /// s'_c'(Sx) = s_c(x), with channels as the labels say.
  func turned(by axes: SignedPermutation, labels: FieldLabels) -> PlainSiteNumbers {
    let operation = LatticeOperation(axes)
    let target = operation.image(of: geometry)
    var result = PlainSiteNumbers(target, channels: channels, values: values)
    for site in 0..<geometry.volume {
      let place = operation.image(ofSite: site, of: geometry) * channels
      let here = Array(values[(site * channels)..<((site + 1) * channels)])
      result.values.replaceSubrange(
        place..<(place + channels), with: try! labels.image(of: here, under: axes))
    }
    return result
  }
}

extension SiteField {
  /// Every matrix conjugated element by element.
  func conjugated() -> SiteField {
    var copy = self
    for site in 0..<geometry.volume {
      for c in 0..<channels { copy[site, c] = self[site, c].conjugate }
    }
    return copy
  }
}

extension PhaseSpacePoint {
  func turned(by axes: SignedPermutation) -> PhaseSpacePoint {
    let operation = LatticeOperation(axes)
    return PhaseSpacePoint(
      try! links.image(under: operation), try! momenta.image(under: operation, over: links))
  }

  /// U -> U*, P -> P*
  func conjugated() -> PhaseSpacePoint {
    var result = PhaseSpacePoint(links.chargeConjugated(), momenta)
    for site in 0..<links.geometry.volume {
      for mu in 0..<links.dimension { result.momenta[site, mu] = momenta[site, mu].conjugate }
    }
    return result
  }
}
