import GaugeLayers

extension GaugeNetwork {
  /// Throws unless the network gives as many numbers, a configuration or a site, as there are targets.
  func requireOutputs(for targets: [Target]) throws(TrainingError) {
    guard let first = targets.first, targets.allSatisfy({ $0.isField == first.isField }) else {
      throw .setting(
        name: "the targets", expected: "one or more, all numbers a configuration or all fields",
        found: "\(targets)")
    }
    func text(_ count: Int, _ isPooled: Bool) -> String {
      "\(count) \(count == 1 ? "number" : "numbers") a \(isPooled ? "configuration" : "site")"
    }
    guard outputs == targets.count, isPooled != first.isField else {
      throw .setting(
        name: "the output of the network",
        expected: text(targets.count, !first.isField) + " for the targets \(targets)",
        found: text(outputs, isPooled))
    }
  }

  /// Throws unless all loops of the network close on a lattice.
  ///
  /// - Parameter name: the key, or the folder, that the lattice is from.
  func requireClosedLoops(on geometry: Geometry, _ name: String) throws(TrainingError) {
    do throws(LayerError) {
      try requireClosedLoops(on: geometry)
    } catch {
      throw .setting(
        name: name, expected: "a lattice for all loops of the network",
        found: "\(geometry): \(error)")
    }
  }
}
