import Autodiff
import Compute
import Groups

extension EquivariantLayer {
  /// Relaxed weights projected on those with which the layer keeps a subgroup: the means over its orbits.
  ///
  /// - Parameters:
  ///   - parameters: those of the layer, perhaps among others.
  ///   - prefix: what stands before their names, with its dot.
  /// - Throws: `.groups` for a subgroup of another group, `.autodiff` for weights that are missing or of another
  ///   shape.
  public func restrictRelaxation<Scalar: LatticeReal>(
    of parameters: inout Parameters<Scalar>, to subgroup: Subgroup, prefix: String = ""
  ) throws(EquivariantError) {
    guard subgroup.parent === input.group.group else {
      throw .groups(
        .differentGroups(expected: input.group.name, found: subgroup.parent.name))
    }
    for parameter in self.parameters {
      guard let index = parameter.relaxed else { continue }
      let name = prefix + parameter.name
      guard let old = parameters[name] else {
        throw .autodiff(.parameterNames(expected: name, found: nil))
      }
      var values = old.values
      let orbits = index.orbits(under: subgroup, of: input.group)
      let width = values.count / parameter.shape[0]
      for l in 0..<parameter.shape[0] {
        for orbit in orbits {
          let sum = orbit.reduce(0.0) { $0 + Double(values[l * width + $1]) }
          for k in orbit { values[l * width + k] = Scalar(sum / Double(orbit.count)) }
        }
      }
      try tensors { () throws(AutodiffError) in
        try parameters.update(name, Tensor(shape: parameter.shape, values: values))
      }
    }
  }
}

extension Parameters {
  /// Parameters in two sets: those that go on learning, and those that are kept as they are.
  public func divided(
    freezing isFrozen: (_ name: String) -> Bool
  ) -> (learned: Parameters, frozen: Parameters) {
    var (learned, frozen) = (Parameters(), Parameters())
    for (name, tensor) in self {
      // Names have been accepted before, and each goes to one set.
      if isFrozen(name) { try! frozen.add(name, tensor) } else { try! learned.add(name, tensor) }
    }
    return (learned, frozen)
  }

  /// Both sets together again.
  ///
  /// - Throws: `AutodiffError.duplicateParameter` for a name in both.
  public func united(with others: Parameters) throws(AutodiffError) -> Parameters {
    var result = self
    for (name, tensor) in others { try result.add(name, tensor) }
    return result
  }
}
