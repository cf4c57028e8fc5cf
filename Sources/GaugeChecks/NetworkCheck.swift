import Autodiff
import Compute
import GaugeLayers
import Lattice
import LatticeSymmetry

/// Checks of gauge-equivariant networks, layer by layer.
public enum NetworkCheck {
  /// Asserts the symmetries that every layer of a network declares, and shows broken those that are lost.
  ///
  /// What stands after each layer is compared between transformed inputs and transformed outputs, links
  /// of layers that change them too. Weights and biases are random.
  ///
  /// - Parameters:
  ///   - batch: of how many lattices side by side the input is one; the others are random.
  ///   - setting: its group and dimension must be those of the network.
  /// - Returns: two reports a layer, gauge and translation; all have to be `isAsDeclared`.
  /// - Throws: `LayerError` for a network that cannot be composed or a lattice it is not made for.
  public static func symmetries<Scalar: LatticeReal>(
    of description: NetworkDescription, on setting: CheckSetting, batch: Int = 1,
    precision: Scalar.Type = Double.self
  ) throws -> [SymmetryReport] {
    let network = try GaugeNetwork<Scalar>(description)
    let start = try network.initialParameters(seed: setting.seed)
    let parameters = start.moved(along: start.randomDirection(seed: setting.seed), by: 0.2)
    return try symmetries(of: network, parameters, on: setting, batch: batch)
  }

  /// The same with given parameters, such as trained ones.
  public static func symmetries<Scalar: LatticeReal>(
    of network: GaugeNetwork<Scalar>, _ parameters: Parameters<Scalar>, on setting: CheckSetting,
    batch: Int = 1
  ) throws -> [SymmetryReport] {
    let layers = network.description.layers
    return try layers.indices.flatMap { index in
      let kind = layers[index].layer
      let changesLinks = kind == .exponential || kind == .stout
      let place = batch / 2
      func output(_ links: LinkField<Scalar>) throws -> LayerOutput<Scalar> {
        let tape = Tape()
        let field = try links.asMember(place, of: batch, seed: setting.seed)
        let flow = try network.stages(tape.constant(field), tape.constant(parameters))[index]
        return try LayerOutput(flow, changedLinks: changesLinks, member: place)
      }
      let subject =
        "layer \(index + 1), \(kind.rawValue)" + (batch > 1 ? ", in a batch of \(batch)" : "")
      let declared = network.description.declaredSymmetries(after: index + 1)
      return [
        try report(subject, "gauge", declared.gauge == .all, setting, gaugeElements(setting)) {
          $0.transformed(by: $1)
        } onOutput: {
          $0.transformed(by: $1)
        } of: {
          try output($0)
        },
        try report(
          subject, "translation", declared.translation == .all, setting, translations
        ) {
          $0.shifted(by: $1)
        } onOutput: {
          $0.shifted(by: $1)
        } of: {
          try output($0)
        },
      ]
    }
  }

  /// Asserts that layers with shared weights commute with the network's lattice symmetry, and shows it broken behind
  /// those that are relaxed.
  ///
  /// What stands after a layer is compared between turned links and turned channels, wherever channels carry a
  /// representation.
  ///
  /// - Returns: a report for each such layer; all have to be `isAsDeclared`.
  /// - Throws: `LayerError` for a network that cannot be composed or a lattice that does not carry its group.
  public static func latticeSymmetry<Scalar: LatticeReal>(
    of description: NetworkDescription, on setting: CheckSetting, batch: Int = 1,
    precision: Scalar.Type = Double.self
  ) throws -> [SymmetryReport] {
    let network = try GaugeNetwork<Scalar>(description)
    let start = try network.initialParameters(seed: setting.seed)
    let parameters = start.moved(along: start.randomDirection(seed: setting.seed), by: 0.2)
    return try description.layers.indices.compactMap { index -> SymmetryReport? in
      guard let representation = network.representation(after: index) else { return nil }
      let isRelaxed = description.layers[...index].contains { $0.relaxed?.isEmpty == false }
      let group = representation.group
      return try report(
        "layer \(index + 1), \(description.layers[index].layer.rawValue)"
          + (batch > 1 ? ", in a batch of \(batch)" : ""), "lattice group \(group.name)",
        !isRelaxed,
        setting,
        { (_: LinkField<Scalar>) in group.generators.map { (group.labels[$0], $0) } }
      ) { links, g in
        // The group maps the lattice on itself: it has been asked.
        try! links.image(under: LatticeOperation(group.operations![g]))
      } onOutput: { output, g in
        output.turned(by: g, representation)
      } of: { links in
        try representation.checkCarried(
          by: links.geometry, boundary: links.boundary, layer: "the network")
        let tape = Tape()
        let field = try links.asMember(batch / 2, of: batch, seed: setting.seed)
        let flow = try network.stages(tape.constant(field), tape.constant(parameters))[index]
        return try LayerOutput(flow, changedLinks: false, member: batch / 2)
      }
    }
  }

  private static func report<Scalar, Element>(
    _ subject: String, _ symmetry: String, _ isDeclared: Bool, _ setting: CheckSetting,
    _ elements: @escaping (LinkField<Scalar>) -> [(name: String, element: Element)],
    onInput: @escaping (LinkField<Scalar>, Element) -> LinkField<Scalar>,
    onOutput: @escaping (LayerOutput<Scalar>, Element) -> LayerOutput<Scalar>,
    of function: (LinkField<Scalar>) throws -> LayerOutput<Scalar>
  ) throws -> SymmetryReport {
    let report = try SymmetryExamination<LinkField<Scalar>, LayerOutput<Scalar>, Element>(
      check: "covariance of a layer", subject: subject, symmetry: symmetry, setting: setting,
      elements: elements, onInput: onInput, onOutput: onOutput, numbers: \.numbers
    ).report(function)
    return isDeclared ? report : report.undeclared
  }

  private static func gaugeElements<Scalar>(
    _ setting: CheckSetting
  ) -> (LinkField<Scalar>) -> [(name: String, element: SiteField<Scalar>)] {
    { field in
      GaugeCheck.allKinds.enumerated().map { index, kind in
        (kind.description, kind.make(for: field, seed: setting.seed &+ UInt64(index)))
      }
    }
  }

  private static func translations<Scalar>(
    _ field: LinkField<Scalar>
  ) -> [(name: String, element: [Int])] {
    TranslationCheck.displacements(field.dimension).map { ("a translation by \($0)", $0) }
  }
}
