import Compute

/// Calls `body` with the rows that a convolution or its adjoint reads.
@inline(__always)
private func withTaps<Scalar: LatticeReal, Result>(
  of rows: PaddedRows<Scalar>, table: [Int32], taps: Int, sites: Int, sourceSites: Int,
  _ body: (RowSource<Scalar>) -> Result
) -> Result {
  let zeros = [Scalar](repeating: 0, count: rows.width)
  return table.withUnsafeBufferPointer { table in
    zeros.withUnsafeBufferPointer { zeros in
      body(
        RowSource(
          rows.elements, stride: rows.stride, depth: rows.width, taps: taps,
          table: table.baseAddress!, sites: sites, sourceSites: sourceSites,
          zeros: zeros.baseAddress!))
    }
  }
}

extension ConvolutionShape {
  /// The value of the convolution.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func value<Scalar: LatticeReal>(
    _ input: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>?
  ) -> Tensor<Scalar> {
    let bias = bias?.values ?? [Scalar](repeating: 0, count: outputChannels)
    let weights = packed(weight, toInput: false)
    let rows = input.withUnsafeValues {
      channelRows($0.baseAddress!, batch: batch, channels: inputChannels, sites: inputSites)
    }
    return product(
      rows, weights, table: inputTable(), sites: outputSites, sourceSites: inputSites, bias: bias,
      shape: outputShape)
  }

  /// The adjoint to the input.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func inputCotangent<Scalar: LatticeReal>(
    _ g: PaddedRows<Scalar>, weight: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    product(
      g, packed(weight, toInput: true), table: outputTable(), sites: inputSites,
      sourceSites: outputSites, bias: [Scalar](repeating: 0, count: inputChannels),
      shape: [batch, inputChannels] + inputExtents)
  }

  /// The adjoint to the weight.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func weightCotangent<Scalar: LatticeReal>(
    _ g: PaddedRows<Scalar>, input: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let rows = input.withUnsafeValues {
      channelRows($0.baseAddress!, batch: batch, channels: inputChannels, sites: inputSites)
    }
    let sums = withTaps(
      of: rows, table: inputTable(), taps: taps, sites: outputSites, sourceSites: inputSites
    ) { RowOuterSum(source: $0, cotangents: g).run() }
    var values = [Scalar](repeating: 0, count: outputChannels * inputChannels * taps)
    for tap in 0..<taps {
      for channel in 0..<inputChannels {
        let row = sums.elements + (tap * inputChannels + channel) * sums.stride
        for o in 0..<outputChannels {
          values[(o * inputChannels + channel) * taps + tap] = row[o]
        }
      }
    }
    return Tensor(unchecked: [outputChannels, inputChannels] + kernel, values)
  }

  /// The cotangent of the value as rows of channels.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func rows<Scalar: LatticeReal>(ofCotangent g: Tensor<Scalar>) -> PaddedRows<Scalar> {
    g.withUnsafeValues {
      channelRows($0.baseAddress!, batch: batch, channels: outputChannels, sites: outputSites)
    }
  }

  /// The weights with those channels in the lanes that the product has as its columns.
  @inline(__always)
  private func packed<Scalar: LatticeReal>(
    _ weight: Tensor<Scalar>, toInput: Bool
  ) -> PaddedRows<Scalar> {
    let (inner, outer) = (taps, inputChannels * taps)
    return weight.withUnsafeValues {
      PaddedRows(
        gathering: $0.baseAddress!, taps: taps, tapStride: 1,
        channels: toInput ? outputChannels : inputChannels, channelStride: toInput ? outer : inner,
        columns: toInput ? inputChannels : outputChannels, columnStride: toInput ? inner : outer)
    }
  }

  @inline(__always)
  private func product<Scalar: LatticeReal>(
    _ rows: PaddedRows<Scalar>, _ weights: PaddedRows<Scalar>, table: [Int32], sites: Int,
    sourceSites: Int, bias: [Scalar], shape: [Int]
  ) -> Tensor<Scalar> {
    let (channels, stride) = (weights.width, weights.stride)
    let values = [Scalar](unsafeUninitializedCapacity: batch * channels * sites) { target, filled in
      filled = batch * channels * sites
      nonisolated(unsafe) let target = target.baseAddress!
      withTaps(of: rows, table: table, taps: taps, sites: sites, sourceSites: sourceSites) {
        source in
        RowProduct(source: source, weights: weights).run(rows: batch * sites) { range, results in
          bias.withUnsafeBufferPointer { bias in
            storeChannels(
              range, results, stride: stride, channels: channels, sites: sites,
              bias: bias.baseAddress!, to: target)
          }
        }
      }
    }
    return Tensor(unchecked: shape, values)
  }
}
