import Compute
import Lattice

/// The search for the smallest lattice and group, and the simplest field and transformation, that still
/// break a symmetry beyond doubt.
///
/// Groups, dimensions and extents stay within those of the plan: code may be made for them only.
struct SuiteShrinking {
  let plan: CheckPlan
  let subject: CheckedCode
  let family: SymmetryFamily

  typealias Breaking = SuiteExamination.Breaking

  /// From the simplest.
  private static let inputs: [InputKind] = [
    .unit, .abelianConstant, .nearUnit(0.3), .centreTwisted, .haar,
  ]

  func smallest(of breaking: Breaking) -> Breaking {
    let budget = subject.calls + plan.shrinkingCalls
    var best = breaking
    for cell in Self.candidates(below: breaking.cell.cell, plan) {
      guard subject.calls < budget else { break }
      if let smaller = firstBreaking(cell, like: breaking) {
        best = smaller
        break
      }
    }
    return simplified(best, threshold: threshold(best), budget)
  }

  /// A thousand tolerances, less for breakings that are hardly larger.
  private func threshold(_ breaking: Breaking) -> Double {
    let tolerance = breaking.cell.tolerance
    return max(2 * tolerance, min(1000 * tolerance, breaking.deviation.relative / 10))
  }

  /// Smaller settings than one, the smallest first.
  static func candidates(below original: CheckCell, _ plan: CheckPlan) -> [CheckCell] {
    let extents = plan.lattices.joined()
    guard let least = extents.min(), let largest = extents.max() else { return [] }
    var lattices = Set(plan.lattices)
    for d in Set(plan.lattices.map(\.count)) {
      // The number of directions that are one longer.
      for longer in 0...d where least + (longer > 0 ? 1 : 0) <= largest {
        lattices.insert((0..<d).map { $0 < d - longer ? least : least + 1 })
      }
    }
    var cells = [CheckCell]()
    for lattice in lattices.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      guard let geometry = try? Geometry(lattice) else { continue }
      for group in plan.groups {
        cells.append(
          CheckCell(geometry: geometry, group: group, precision: original.precision))
      }
    }
    return cells.filter { $0.cost < original.cost }.enumerated().sorted {
      ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset)
    }.map(\.element)
  }

  private func firstBreaking(_ setting: CheckCell, like original: Breaking) -> Breaking? {
    // What the code cannot do on this lattice is no smaller example.
    guard let cell = try? SuiteCell(setting, plan, subject, kinds: [.haar, .nearUnit(0.3)]) else {
      return nil
    }
    let threshold = max(
      2 * cell.tolerance, min(1000 * cell.tolerance, original.deviation.relative / 100))
    for index in cell.inputs.indices {
      let input = cell.inputs[index]
      let elements = family.elements(for: input.input.links, seed: plan.seed)
      let same = elements.filter { $0.name == original.element.name }
      for element in same + elements.filter({ $0.name != original.element.name }).prefix(3) {
        guard let deviation = try? cell.compare(index, element) else { return nil }
        if deviation.relative > threshold {
          return Breaking(cell: cell, input: input, element: element, deviation: deviation)
        }
      }
    }
    return nil
  }

  /// The simplest field and transformation in the setting of a breaking.
  private func simplified(_ breaking: Breaking, threshold: Double, _ budget: Int) -> Breaking {
    let (cell, setting) = (breaking.cell, breaking.cell.cell)
    for kind in Self.inputs {
      let links = kind.make(setting.geometry, setting.group, seed: plan.seed)
      var input = SuiteInput(links)
      if subject.takesMomenta {
        input.momenta = PhaseSpacePoint(links, seed: plan.seed, trajectory: 0).momenta
      }
      let named = NamedInput(name: "\(kind)", input: input)
      for element in family.simpleElements(for: links) {
        guard subject.calls < budget else { return breaking }
        guard let deviation = try? cell.compare(named, element) else { continue }
        if deviation.relative > threshold {
          return Breaking(cell: cell, input: named, element: element, deviation: deviation)
        }
      }
    }
    return withFewerSites(breaking, threshold: threshold, budget)
  }

  /// The transformation of a breaking with units at all sites that it does not need.
  private func withFewerSites(
    _ breaking: Breaking, threshold: Double, _ budget: Int
  ) -> Breaking {
    guard case .gauge(var g) = breaking.element.element else { return breaking }
    var best = breaking
    let geometry = breaking.cell.cell.geometry
    var kept = [[Int]]()
    for site in 0..<geometry.volume {
      let before = g[site]
      g[site] = .identity(g.group.n)
      let element = NamedElement(
        name: "\(breaking.element.name), the unit at most sites", element: .gauge(g))
      if subject.calls < budget,
        let deviation = try? breaking.cell.compare(breaking.input, element),
        deviation.relative > threshold
      {
        best = Breaking(
          cell: breaking.cell, input: breaking.input, element: element, deviation: deviation)
      } else {
        g[site] = before
        kept.append(geometry.coordinates(of: site))
      }
    }
    guard kept.count < geometry.volume else { return breaking }
    let name =
      "\(breaking.element.name), the unit at all sites but "
      + kept.map { "\($0)" }.joined(separator: ", ")
    let element = NamedElement(name: name, element: .gauge(g))
    guard let deviation = try? breaking.cell.compare(breaking.input, element) else { return best }
    return Breaking(
      cell: breaking.cell, input: breaking.input, element: element, deviation: deviation)
  }
}
