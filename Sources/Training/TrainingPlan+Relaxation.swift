import GaugeLayers
import Lattice

extension TrainingPlan {
  /// Relaxes every layer with shared weights that knows a symmetry, in the network.
  ///
  /// - Parameters:
  ///   - symmetries: what weights may break; relaxed translations take the extents of `data.lattice`.
  ///   - banks: L of each layer.
  ///   - weighting: whether weights belong to what is read or written.
  /// - Throws: `TrainingError.setting` where no layer shares weights, where none knows one of the symmetries, or where
  ///   translations are relaxed without `data.lattice`.
  public mutating func relax(
    _ symmetries: [RelaxedSymmetry], banks: Int = 1, weighting: ElementWeighting = .input
  ) throws(TrainingError) {
    guard network.layers.contains(where: \.layer.isShared) else {
      throw .setting(
        name: "network",
        expected: "layers with shared weights, which can be relaxed, such as "
          + "sharedConvolution", found: "none")
    }
    for symmetry in symmetries {
      if symmetry == .translation, data.lattice == nil {
        throw .setting(
          name: "data.lattice", expected: "given where translations are relaxed", found: "nothing")
      }
      var (count, reason) = (0, "")
      for index in network.layers.indices where network.layers[index].layer.isShared {
        var other = network
        if symmetry == .translation, other.layers[index].layer == .sharedDense { continue }
        other.layers[index].relax(symmetry, banks, weighting, data.lattice)
        do throws(LayerError) {
          _ = try GaugeNetwork<Float>(other)
          network = other
          count += 1
        } catch {
          reason = "\(error)"
        }
      }
      guard count > 0 else {
        throw .setting(
          name: "network", expected: "a layer that can relax \(symmetry.rawValue)", found: reason)
      }
    }
  }
}

extension LayerDescription {
  fileprivate mutating func relax(
    _ symmetry: RelaxedSymmetry, _ count: Int, _ side: ElementWeighting, _ lattice: [Int]?
  ) {
    let all = Set((relaxed ?? []) + [symmetry])
    relaxed = RelaxedSymmetry.allCases.filter(all.contains)
    banks = count
    weighting = side
    if symmetry == .translation { extents = lattice }
  }
}
