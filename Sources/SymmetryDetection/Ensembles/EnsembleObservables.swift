import ComplexModule
import Compute
import Groups
import Lattice
import LatticeSymmetry
import RealModule

/// What an ensemble of configurations tells of its symmetries, as observables that carry representations.
///
/// Configurations are added one by one, and a few dozen numbers of each are kept.
///
/// - Around a site (`.point`, the group that the geometry leaves): plaquettes of planes, 2 x 1 loops of ordered pairs
///   of directions, T_mu_nu of the clover, the topological charge, |P|^2 of the Polyakov loops; with `.charge` imaginary
///   parts of plaquettes and, from SU(3) on, of P^N, under the product with {1, C}. Half of the level of the tests is
///   kept for the plaquettes, which are tested under the whole hyperoctahedral group too where the extents leave less: how
///   large the anisotropy of the shape is. Polyakov loops enter in forms that the centre leaves alone, since sectors that change
///   rarely would look like a broken rotation.
/// - Translations: the profile of the plaquette along every direction.
/// - Charge conjugation, parity and time reversal by themselves: what is odd under them.
/// - The centre: the Polyakov loop in time.
public struct EnsembleObservables: Sendable {
  public let geometry: Geometry
  public let group: GaugeGroup
  public let boundary: Boundary
  public let symmetries: Set<TestedSymmetry>
  /// What the geometry leaves of the hyperoctahedral group, with C where charge conjugation is asked for.
  public let points: LatticePointGroup

  private var records: [ConfigurationRecord] = []

  /// - Throws: `GroupError.tooLarge` for more than five directions.
  public init(
    geometry: Geometry, group: GaugeGroup, boundary: Boundary? = nil,
    symmetries: Set<TestedSymmetry> = Set(TestedSymmetry.allCases)
  ) throws(GroupError) {
    self.geometry = geometry
    self.group = group
    self.boundary = boundary ?? .periodic(geometry.dimension)
    self.symmetries = symmetries
    points = try LatticePointGroup(
      geometry, boundary: boundary, chargeConjugation: symmetries.contains(.charge))
  }

  /// The number of configurations that were added.
  public var count: Int { records.count }

  /// Measures the next configuration of the chain.
  public mutating func add<Scalar: LatticeReal>(_ links: LinkField<Scalar>) {
    precondition(
      links.geometry == geometry && links.group == group && links.boundary == boundary,
      "configurations of one ensemble")
    records.append(ConfigurationRecord(links))
  }

  /// Whether links are equivalent to their complex conjugates, so that C is a gauge transformation.
  public var chargeConjugationIsTrivial: Bool { group == .su2 }

  /// Whether the charge is one number that is not zero in all configurations: then it tells of the algorithm, and not
  /// of a symmetry.
  private var chargeIsFrozen: Bool {
    let charges = records.map { $0.charge ?? 0 }
    return charges.count > 1 && charges[0] != 0 && charges.allSatisfy { $0 == charges[0] }
  }

  private var chargeExists: Bool {
    geometry.dimension == 4 || (geometry.dimension == 2 && group == .u1)
  }

  /// All observables of the symmetries that are asked for, and what cannot be tested with the reason.
  ///
  /// - Throws: `DetectionError`, such as `.constantObservable` for configurations that are all the same.
  public func observables() throws(DetectionError) -> (
    observables: [SampledObservable], notTested: [String]
  ) {
    var list: [SampledObservable] = []
    var remarks: [String] = []
    if symmetries.contains(.point) { list += try pointObservables() }
    if symmetries.contains(.translation) { list += try profiles() }
    if chargeExists, chargeIsFrozen, !symmetries.isDisjoint(with: [.point, .parity, .time]) {
      remarks.append(
        "topological charge: frozen at \(records[0].charge!) in all configurations; nothing is said of"
          + " what is odd under reflections")
    }
    if chargeConjugationIsTrivial, symmetries.contains(.charge) {
      // Imaginary parts are rounding, if anything: the report calls them trivial.
      list.append(
        try odd(.charge, "imaginary plaquettes", magnitude: 1) { $0.oddPlaquettes.map { _ in 0 } })
      remarks.append(
        "charge: trivial, since for SU(2) charge conjugation is a gauge transformation")
    }
    if symmetries.contains(.charge), !symmetries.contains(.point), !chargeConjugationIsTrivial {
      list.append(
        try odd(.charge, "imaginary plaquettes") { $0.oddPlaquettes })
    }
    for (symmetry, name) in [(TestedSymmetry.parity, "parity"), (.time, "time reversal")]
    where symmetries.contains(symmetry) {
      let found = try reflectionObservables(symmetry)
      if found.isEmpty {
        remarks.append("\(name): no observable here is odd under it alone")
      }
      list += found
    }
    if symmetries.contains(.center) {
      if boundary.isOpen.last! {
        remarks.append("center: time is open, so there is no Polyakov loop")
      } else if group.n < 2 {
        remarks.append("center: that of U(1) is not finite; the Polyakov loop is not tested")
      } else {
        list.append(
          try .polyakovLoop(chains: [loopParts], centerOrder: group.n))
      }
    }
    return (list, remarks)
  }

  private var loopParts: [(real: Double, imaginary: Double)] {
    records.map { ($0.polyakovLoops.last!.real, $0.polyakovLoops.last!.imaginary) }
  }

  /// The Polyakov loop in time of every configuration; nil where time is open.
  public var polyakovLoops: [Complex<Double>]? {
    boundary.isOpen.last! ? nil : records.map { $0.polyakovLoops.last! }
  }

  /// For every direction the mean of the plaquette on every slice, with the error that neighbouring configurations
  /// without correlation would give it.
  public var profileEstimates: [[(value: Double, error: Double)]] {
    guard records.count > 1 else { return [] }
    let n = Double(records.count)
    return geometry.extents.indices.map { mu in
      (0..<geometry.extents[mu]).map { slice in
        let values = records.map { $0.profiles[mu][slice] }
        let mean = values.reduce(0, +) / n
        let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, (square / (n * (n - 1))).squareRoot())
      }
    }
  }

  /// The mean plaquette of every configuration, along the chain.
  public var plaquettes: [Double] {
    records.map { $0.plaquettes.reduce(0, +) / Double($0.plaquettes.count) }
  }

  /// The topological charge of every configuration; nil where there is none.
  public var topologicalCharges: [Double]? {
    chargeExists ? records.map { $0.charge ?? 0 } : nil
  }

  private func pointObservables() throws(DetectionError) -> [SampledObservable] {
    let d = geometry.dimension
    var list: [SampledObservable] = []
    func add(
      _ name: String, _ labels: FieldLabels, isChargeOdd: Bool = false, isPrimary: Bool = false,
      magnitude: Double? = nil, _ numbers: (ConfigurationRecord) -> [Double]
    ) throws(DetectionError) {
      var observable = try SampledObservable(
        name: name, symmetry: .point, representation: representation(labels, isChargeOdd),
        chains: [records.map(numbers)], magnitude: magnitude)
      observable.isPrimary = isPrimary
      list.append(observable)
    }
    // One number that nothing acts on would be no test.
    if d > 2 {
      try add("plaquettes", .planes, isPrimary: true) { $0.plaquettes }
    }
    list.append(
      try SampledObservable(
        name: "rectangles", symmetry: .point, representation: orderedPairs(),
        chains: [records.map(\.rectangles)]))
    if d > 2, !boundary.anyOpen {
      try add("T_mu_nu", .symmetricTensor) { $0.tensor }
    }
    // At finite temperature the planes with time differ for the shape alone: by how much is worth knowing.
    if d > 2, !points.isWhole, !boundary.anyOpen {
      list.append(
        try SampledObservable(
          name: "plaquettes under \(points.full.name)", symmetry: .point,
          representation: groups { () throws(GroupError) in try .planes(points.full) },
          chains: [records.map(\.plaquettes)]))
    }
    if chargeExists, !chargeIsFrozen, d == 4 || symmetries.contains(.charge) {
      try add("topological charge", .pseudoscalar, isChargeOdd: d == 2) { [$0.charge ?? 0] }
    }
    if !boundary.anyOpen {
      try add("Polyakov loops", .directions) {
        $0.polyakovLoops.map { $0.real * $0.real + $0.imaginary * $0.imaginary }
      }
    }
    guard symmetries.contains(.charge), !chargeConjugationIsTrivial else { return list }
    try add("imaginary plaquettes", .fieldStrength, isChargeOdd: true, magnitude: 1) {
      $0.oddPlaquettes
    }
    if !boundary.anyOpen, group.n > 2 {
      let n = group.n
      try add("imaginary Polyakov loops", .vector, isChargeOdd: true) {
        $0.polyakovLoops.map { loop in (1..<n).reduce(loop) { power, _ in power * loop }.imaginary }
      }
    }
    return list
  }

  private func profiles() throws(DetectionError) -> [SampledObservable] {
    let names = SignedPermutation.axisNames(geometry.dimension)
    // Directions of one extent share their group, so that null draws are joint.
    var groups: [Int: FiniteGroup] = [:]
    var list: [SampledObservable] = []
    for (mu, extent) in geometry.extents.enumerated() {
      if groups[extent] == nil {
        groups[extent] = try detectionGroup("Z\(extent)")
      }
      list.append(
        try .profile(
          name: "plaquette along \(names[mu])", direction: names[mu],
          chains: [records.map { $0.profiles[mu] }], group: groups[extent]))
    }
    return list
  }

  /// What is odd under the reflection of space, or of time.
  private func reflectionObservables(
    _ symmetry: TestedSymmetry
  ) throws(DetectionError) -> [SampledObservable] {
    let d = geometry.dimension
    let operation = symmetry == .time ? LatticeOperation.timeReversal(d) : .parity(d)
    var list: [SampledObservable] = []
    if chargeExists, !chargeIsFrozen, operation.axes.determinant == -1 {
      list.append(try odd(symmetry, "topological charge") { [$0.charge ?? 0] })
    }
    let planes = geometry.planes.indices.filter { plane in
      let (mu, nu) = geometry.planes[plane]
      return operation.image(ofPlane: mu, nu).sign < 0
    }
    if !chargeConjugationIsTrivial, !planes.isEmpty {
      list.append(
        try odd(symmetry, "imaginary plaquettes", magnitude: 1) { record in
          planes.map { record.oddPlaquettes[$0] }
        })
    }
    return list
  }

  private func odd(
    _ symmetry: TestedSymmetry, _ name: String, magnitude: Double? = nil,
    _ numbers: (ConfigurationRecord) -> [Double]
  ) throws(DetectionError) -> SampledObservable {
    try .odd(name: name, symmetry: symmetry, chains: [records.map(numbers)], magnitude: magnitude)
  }

  /// The matrices by which labels move.
  private func representation(
    _ labels: FieldLabels, _ isChargeOdd: Bool
  ) throws(DetectionError) -> Representation {
    let count = labels.count(dimension: geometry.dimension)
    let operations = points.group.operations!
    return try groups { () throws(GroupError) in
      try Representation(
        points.group, name: "\(labels)",
        matrices: operations.map { g in
          var matrix = RealMatrix(rows: count, columns: count)
          let charge = isChargeOdd && g.conjugatesCharge ? -1.0 : 1
          // As many labels as there are.
          for (k, image) in try! labels.images(under: g.axes, count: count).enumerated() {
            matrix[image.index, k] = charge * Double(image.sign)
          }
          return matrix
        })
    }
  }

  private func orderedPairs() throws(DetectionError) -> Representation {
    let d = geometry.dimension
    let pairs = (0..<d).flatMap { mu in (0..<d).filter { $0 != mu }.map { [mu, $0] } }
    let operations = points.group.operations!
    return try groups { () throws(GroupError) in
      try Representation.permutation(
        points.group, name: "ordered pairs",
        images: operations.map { g in
          pairs.map { pair in
            pairs.firstIndex(of: pair.map { g.axes.image(of: $0).axis })!
          }
        })
    }
  }

  private func detectionGroup(_ name: String) throws(DetectionError) -> FiniteGroup {
    try groups { () throws(GroupError) in try FiniteGroup(named: name) }
  }
}
