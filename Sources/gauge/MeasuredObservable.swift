import ArgumentParser

/// A quantity that `gauge measure --observables` knows.
enum MeasuredObservable: String, CaseIterable {
  case plaquette, links, polyakov, charge, energy, planes
  case polyakovAll = "polyakov-all"
  case rectangle, loops, potential, susceptibility

  /// What is measured without a list.
  static let standard: Set<MeasuredObservable> = [.plaquette, .links, .polyakov, .charge, .energy]

  /// Whether it belongs to all files together.
  var isOfEnsemble: Bool { self == .potential || self == .susceptibility }

  /// Files that give it an error; ensembles need four measurements for any.
  static let minimalFiles = 4

  /// From names with commas between them.
  static func parse(_ list: String) throws -> Set<MeasuredObservable> {
    var result = Set<MeasuredObservable>()
    for word in list.split(separator: ",", omittingEmptySubsequences: false) {
      guard let observable = MeasuredObservable(rawValue: String(word)) else {
        let known = allCases.map(\.rawValue).joined(separator: ", ")
        throw MeasureError("--observables", expected: "some of \(known)", found: "'\(word)'")
      }
      result.insert(observable)
    }
    return result
  }
}

/// A request that cannot be measured.
struct MeasureError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  init(_ name: String, expected: String, found: String) {
    self.init("\(name): expected \(expected), found \(found)")
  }
}

/// Whole numbers from one to another as `2-5`, or one number.
struct NumberRange: ExpressibleByArgument {
  let values: ClosedRange<Int>

  init?(argument: String) {
    let numbers = argument.split(separator: "-", omittingEmptySubsequences: false).map {
      Int($0)
    }
    guard let first = numbers.first ?? nil, let last = numbers.last ?? nil, numbers.count <= 2,
      first >= 1, first <= last
    else { return nil }
    values = first...last
  }
}
