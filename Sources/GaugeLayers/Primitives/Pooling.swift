import Autodiff
import Compute
import Lattice

extension Variable {
  /// The sums over sites of every channel, of every batch member: a tensor [batch, channels].
  ///
  /// Sums are exact, then rounded, so they do not depend on how the lattice lies in memory. Adjoint:
  /// every site of a member gets g.
  public func sumOverSites<Scalar>() -> Variable<Tensor<Scalar>>
  where Value == ScalarField<Scalar> { pooled(1) }

  /// The means over sites of every channel, of every batch member: a tensor [batch, channels].
  ///
  /// Sums are exact, then rounded, so they do not depend on how the lattice lies in memory. Adjoint:
  /// every site of a member gets g / V.
  public func meanOverSites<Scalar>() -> Variable<Tensor<Scalar>>
  where Value == ScalarField<Scalar> { pooled(1 / Double(value.geometry.volume)) }

  /// The numbers of every site as a tensor [batch, channels, sites], sites in serial order.
  public func siteValues<Scalar>() -> Variable<Tensor<Scalar>>
  where Value == ScalarField<Scalar> {
    let (layout, channels) = (value.layout, value.channels)
    return tape.record(value.siteTensor(), inputs: [self]) { g, cotangents in
      guard self.isActive else { return }
      cotangents.add(ScalarField(layout, channels: channels, siteTensor: g), to: self)
    }
  }

  private func pooled<Scalar>(_ scale: Double) -> Variable<Tensor<Scalar>>
  where Value == ScalarField<Scalar> {
    let (layout, channels) = (value.layout, value.channels)
    let sums = value.exactSumsOfMembers().flatMap { $0.map { Scalar($0 * scale) } }
    // The number of values follows from the shape.
    let result = try! Tensor(shape: [layout.batch, channels], values: sums)
    return tape.record(result, inputs: [self]) { g, cotangents in
      guard self.isActive else { return }
      let numbers = (0..<layout.batch).map { member in
        (0..<channels).map { Double(g.values[member * channels + $0]) * scale }
      }
      cotangents.add(ScalarField(layout, repeating: numbers), to: self)
    }
  }
}

extension ScalarField {
  /// The numbers as a tensor [batch, channels, sites], sites in serial order.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func siteTensor() -> Tensor<Scalar> {
    let volume = geometry.volume
    var values = [Scalar](repeating: 0, count: layout.batch * channels * volume)
    values.withUnsafeMutableBufferPointer { values in
      forEachPlace(layout, view) { vector, lane, member, channel, site in
        values[(member * channels + channel) * volume + site] = vector.pointee[lane]
      }
    }
    return try! Tensor(shape: [layout.batch, channels, volume], values: values)
  }

  /// The numbers of a tensor [batch, channels, sites], zero in idle lanes.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package init(_ layout: Layout, channels: Int, siteTensor tensor: Tensor<Scalar>) {
    self.init(layout: layout, channels: channels)
    let volume = layout.geometry.volume
    precondition(
      tensor.shape == [layout.batch, channels, volume],
      "the tensor needs a number for every member, channel and site")
    let view = mutableView
    tensor.withUnsafeValues { values in
      forEachPlace(layout, view) { vector, lane, member, channel, site in
        vector.pointee[lane] = values[(member * channels + channel) * volume + site]
      }
    }
  }
}

/// Calls `body` for every number of a scalar field: its vector and lane, member, channel and site.
@inline(__always)
private func forEachPlace<V: LaneVector>(
  _ layout: Layout, _ view: BlockView<V>,
  _ body: (UnsafeMutablePointer<V>, Int, Int, Int, Int) -> Void
) {
  for block in 0..<layout.blockCount {
    let first = Int(layout.blockSitePointer[block % layout.siteBlocks])
    for lane in 0..<layout.laneCount {
      guard let member = layout.member(block: block, lane: lane) else { continue }
      let site = first + Int(layout.laneSite[lane])
      for channel in 0..<view.perSite {
        body(view.block(block, channel), lane, member, channel, site)
      }
    }
  }
}
