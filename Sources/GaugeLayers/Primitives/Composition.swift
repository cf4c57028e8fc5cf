import Autodiff
import Compute
import Lattice

extension Variable where Value: ChannelField {
  /// x + y, of as many channels; adjoints g and g.
  ///
  /// - Throws: `.channels` or `.lattice` where the fields differ in shape.
  public func adding(_ other: Variable) throws(LayerError) -> Variable {
    try requireSameShape("the sum", other)
    return tape.record(combination(value, other.value, 1), inputs: [self, other]) { g, cotangents in
      cotangents.add(g, to: self)
      cotangents.add(g, to: other)
    }
  }

  /// x - y, of as many channels; adjoints g and -g.
  ///
  /// - Throws: `.channels` or `.lattice` where the fields differ in shape.
  public func subtracting(_ other: Variable) throws(LayerError) -> Variable {
    try requireSameShape("the difference", other)
    return tape.record(combination(value, other.value, -1), inputs: [self, other]) {
      g, cotangents in
      cotangents.add(g, to: self)
      cotangents.update(other) { $0.add(g, times: -1) }
    }
  }

  /// c x; adjoint c g.
  public func scaled(by factor: Value.Scalar) -> Variable {
    var result = value.zeroCotangent()
    result.add(value, times: factor)
    return tape.record(result, inputs: [self]) { g, cotangents in
      cotangents.update(self) { $0.add(g, times: factor) }
    }
  }

  /// The channels of several fields one after the other.
  ///
  /// - Throws: `.noChannels` without any field, `.lattice` for fields of different lattices.
  public static func concatenating(_ parts: [Variable]) throws(LayerError) -> Variable {
    guard let first = parts.first else { throw .noChannels(layer: "concatenation") }
    for part in parts { try requireSamePlace("concatenation", first.value, part.value) }
    var result = first.value.zeros(channels: parts.reduce(0) { $0 + $1.value.channels })
    var starts = [Int]()
    var start = 0
    for part in parts {
      starts.append(start)
      addChannels(
        Value.Scalar.self, part.value.view, at: 0, to: result.mutableView, at: start,
        count: part.value.channels, layout: result.layout)
      start += part.value.channels
    }
    return first.tape.record(result, inputs: parts) { g, cotangents in
      for (part, start) in zip(parts, starts) {
        cotangents.update(part) {
          addChannels(
            Value.Scalar.self, g.view, at: start, to: $0.mutableView, at: 0,
            count: part.value.channels, layout: g.layout)
        }
      }
    }
  }

  /// Some channels, in the order asked for.
  ///
  /// - Throws: `.noChannels` for none, `.channel` for one that does not exist.
  public func channels(_ chosen: [Int]) throws(LayerError) -> Variable {
    guard !chosen.isEmpty else { throw .noChannels(layer: "choice of channels") }
    for c in chosen where !(0..<value.channels).contains(c) {
      throw .channel(layer: "choice of channels", channel: c, channels: value.channels)
    }
    var result = value.zeros(channels: chosen.count)
    for (place, channel) in chosen.enumerated() {
      addChannels(
        Value.Scalar.self, value.view, at: channel, to: result.mutableView, at: place, count: 1,
        layout: value.layout)
    }
    return tape.record(result, inputs: [self]) { g, cotangents in
      cotangents.update(self) {
        for (place, channel) in chosen.enumerated() {
          addChannels(
            Value.Scalar.self, g.view, at: place, to: $0.mutableView, at: channel, count: 1,
            layout: g.layout)
        }
      }
    }
  }

  /// The sum over sites, channels and batch members of the products with a given field: Re tr(f^dagger
  /// W) for matrices. A number, with adjoint g f.
  ///
  /// - Throws: `.channels` or `.lattice` where the fields differ in shape.
  public func innerProduct(
    with field: Value
  ) throws(LayerError) -> Variable<Tensor<Value.Scalar>> {
    try requireSameShape("the inner product", tape.constant(field))
    let product = Value.Scalar(field.sumOfProducts(value))
    return tape.record(Tensor(product), inputs: [self]) { g, cotangents in
      cotangents.update(self) { $0.add(field, times: g.values[0]) }
    }
  }

  private func requireSameShape(_ layer: String, _ other: Variable) throws(LayerError) {
    try requireSamePlace(layer, value, other.value)
    guard other.value.channels == value.channels else {
      throw .channels(layer: layer, expected: value.channels, found: other.value.channels)
    }
  }
}

/// x + y of two fields of one shape.
///
/// - Throws: `.channels` or `.lattice` where the fields differ in shape.
public func + <Value: ChannelField>(
  x: Variable<Value>, y: Variable<Value>
) throws(LayerError) -> Variable<Value> { try x.adding(y) }

private func combination<Value: ChannelField>(
  _ x: Value, _ y: Value, _ factor: Value.Scalar
) -> Value {
  var result = x
  result.add(y, times: factor)
  return result
}
