import Autodiff
import Fourier
import Groups

/// Errors of groups, fields and layers that do not fit, thrown when they are composed, called or loaded.
public enum EquivariantError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A group that does not act on the axes of a lattice as needed.
  case action(group: String, expected: String, found: String)
  /// Extents that an element of the group does not preserve.
  case lattice(layer: String, group: String, element: String, extents: [Int])
  /// A field of another representation, group or number of channels.
  case representation(layer: String, expected: String, found: String)
  case setting(layer: String, name: String, expected: String, found: String)
  /// A file of weights made for something else.
  case weights(file: String, expected: String, found: String)
  case autodiff(AutodiffError)
  case groups(GroupError)
  case fourier(FourierError)
  case safetensors(String)

  public var description: String {
    switch self {
    case .action(let group, let expected, let found):
      "group \(group): expected \(expected), found \(found)"
    case .lattice(let layer, let group, let element, let extents):
      "\(layer): expected extents that \(group) preserves, found "
        + "\(extents.map(String.init).joined(separator: "x")), which \"\(element)\" does not"
    case .representation(let layer, let expected, let found):
      "\(layer): expected \(expected), found \(found)"
    case .setting(let layer, let name, let expected, let found):
      "\(layer): expected \(name) to be \(expected), found \(found)"
    case .weights(let file, let expected, let found):
      "\(file): expected \(expected), found \(found)"
    case .autodiff(let error): "\(error)"
    case .groups(let error): "\(error)"
    case .fourier(let error): "\(error)"
    case .safetensors(let text): text
    }
  }
}

/// Errors of tensors as errors of layers.
@inline(__always)
func tensors<Result>(
  _ body: () throws(AutodiffError) -> Result
) throws(EquivariantError) -> Result {
  do { return try body() } catch { throw .autodiff(error) }
}

/// Errors of groups as errors of layers.
@inline(__always)
func groups<Result>(
  _ body: () throws(GroupError) -> Result
) throws(EquivariantError) -> Result {
  do { return try body() } catch { throw .groups(error) }
}

/// Throws unless a number of a layer is 1 or more.
func requirePositive(
  _ name: String, _ value: Int, layer: String
) throws(EquivariantError) {
  guard value >= 1 else {
    throw .setting(layer: layer, name: name, expected: "1 or more", found: "\(value)")
  }
}
