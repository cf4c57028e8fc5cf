import Autodiff
import Compute

extension EquivariantNetwork {
  private static let groupKey = "equivariant.group"
  private static let elementsKey = "equivariant.elements"
  private static let layersKey = "equivariant.layers"

  /// What each element of the group does to axes, in their order.
  private var elements: String {
    group.group.operations!.map {
      $0.axes.mapping + ($0.conjugatesCharge ? " and charge" : "")
    }.joined(separator: "; ")
  }

  private var layerSettings: String { layers.map(\.settings).joined(separator: "\n") }

  /// Parameters as the content of a file that says under which group, and in which layers, they were learned.
  public func safetensors<Scalar: LatticeReal>(_ parameters: Parameters<Scalar>) -> Safetensors {
    parameters.safetensors(metadata: [
      Self.groupKey: group.name, Self.elementsKey: elements, Self.layersKey: layerSettings,
    ])
  }

  /// The parameters of a file.
  ///
  /// - Parameter path: the file's name for errors.
  /// - Throws: `.weights` for a file of another group, of other layers or of none, `.autodiff` for names and shapes
  ///   that are not those of this network, `.safetensors` for tensors of another precision.
  public func parameters<Scalar: LatticeReal>(
    from file: Safetensors, path: String = "safetensors", as: Scalar.Type = Scalar.self
  ) throws(EquivariantError) -> Parameters<Scalar> {
    guard let found = file.metadata[Self.groupKey] else {
      throw .weights(
        file: path, expected: "weights of a network under \(group.name)",
        found: "a file that names no group")
    }
    guard file.metadata[Self.elementsKey] == elements else {
      throw .weights(
        file: path, expected: "weights of a network under \(group)",
        found: found == group.name
          ? "\(found) with other elements, or in another order" : "those of one under \(found)")
    }
    let saved = file.metadata[Self.layersKey] ?? ""
    guard saved == layerSettings else {
      let lines = (
        layerSettings.split(separator: "\n").map(String.init),
        saved.split(separator: "\n").map(String.init)
      )
      let k =
        zip(lines.0, lines.1).enumerated().first { $1.0 != $1.1 }?.offset
        ?? min(lines.0.count, lines.1.count)
      throw .weights(
        file: path, expected: k < lines.0.count ? "layer \(k): \(lines.0[k])" : "\(k) layers",
        found: k < lines.1.count ? lines.1[k] : "\(k) layers")
    }
    let result: Parameters<Scalar>
    do throws(SafetensorsError) {
      result = try Parameters(file, path: path)
    } catch {
      throw .safetensors("\(error)")
    }
    let expected: Parameters<Scalar> = try initialParameters(seed: 0)
    try tensors { () throws(AutodiffError) in try expected.requireLayout(of: result) }
    return result
  }
}
