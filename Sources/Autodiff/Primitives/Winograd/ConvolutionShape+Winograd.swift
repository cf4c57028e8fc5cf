import Compute

extension ConvolutionShape {
  /// Whether the tiles of Winograd save time: 3 x 3 places in a plane, and channels that fill vectors.
  var hasTiles: Bool {
    kernel == [3, 3] && dilation == 1 && inputChannels >= 16 && outputChannels >= 16
      && outputSites >= 16
  }

  private var forwardTiles: WinogradTiles {
    WinogradTiles(
      batch: batch, source: (inputExtents[0], inputExtents[1]),
      target: (outputExtents[0], outputExtents[1]), left: padding == .none ? 0 : 1,
      wraps: padding == .circular)
  }

  private var backwardTiles: WinogradTiles {
    WinogradTiles(
      batch: batch, source: (outputExtents[0], outputExtents[1]),
      target: (inputExtents[0], inputExtents[1]), left: padding == .none ? 2 : 1,
      wraps: padding == .circular)
  }

  /// The input as rows of channels, which the value and the adjoint to the weight read.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func rows<Scalar: LatticeReal>(ofInput input: Tensor<Scalar>) -> PaddedRows<Scalar> {
    input.withUnsafeValues {
      channelRows($0.baseAddress!, batch: batch, channels: inputChannels, sites: inputSites)
    }
  }

  /// The value of the convolution, by tiles.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func tiledValue<Scalar: LatticeReal>(
    _ rows: PaddedRows<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>?
  ) -> Tensor<Scalar> {
    tiledProduct(
      rows, tileWeights(weight, toInput: false), tiles: forwardTiles, sites: outputSites,
      channels: outputChannels, bias: bias?.values, shape: outputShape)
  }

  /// The adjoint to the input, by tiles: the convolution with the places in reverse.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func tiledInputCotangent<Scalar: LatticeReal>(
    _ g: PaddedRows<Scalar>, weight: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    tiledProduct(
      g, tileWeights(weight, toInput: true), tiles: backwardTiles, sites: inputSites,
      channels: inputChannels, bias: nil, shape: [batch, inputChannels] + inputExtents)
  }

  /// The adjoint to the bias.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func sum<Scalar: LatticeReal>(ofRows g: PaddedRows<Scalar>) -> Tensor<Scalar> {
    Tensor(unchecked: [outputChannels], g.columnSums())
  }

  /// G w G^T as `[point][channel][column]`.
  @inline(__always)
  private func tileWeights<Scalar: LatticeReal>(
    _ weight: Tensor<Scalar>, toInput: Bool
  ) -> PaddedRows<Scalar> {
    let channels = toInput ? outputChannels : inputChannels
    let columns = toInput ? inputChannels : outputChannels
    let rows = PaddedRows<Scalar>(rows: 16 * channels, width: columns)
    let (target, stride) = (rows.elements, rows.stride)
    weight.withUnsafeValues { weight in
      let w = weight.baseAddress!
      withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 12) { scratch in
        let t = scratch.baseAddress!
        for channel in 0..<channels {
          for column in 0..<columns {
            let (o, i) = toInput ? (channel, column) : (column, channel)
            let p = w + (o * inputChannels + i) * 9
            // Columns of G w, from the reversed places for the adjoint.
            for j in 0..<3 {
              let a = toInput ? p[8 - j] : p[j]
              let b = p[toInput ? 5 - j : 3 + j]
              let c = toInput ? p[2 - j] : p[6 + j]
              (t[j], t[9 + j]) = (a, c)
              (t[3 + j], t[6 + j]) = ((a + b + c) / 2, (a - b + c) / 2)
            }
            for k in 0..<4 {
              let (a, b, c) = (t[3 * k], t[3 * k + 1], t[3 * k + 2])
              let to = target + (4 * k * channels + channel) * stride + column
              let next = channels * stride
              (to[0], to[3 * next]) = (a, c)
              (to[next], to[2 * next]) = ((a + b + c) / 2, (a - b + c) / 2)
            }
          }
        }
      }
    }
    return rows
  }

  @inline(__always)
  private func tiledProduct<Scalar: LatticeReal>(
    _ rows: PaddedRows<Scalar>, _ weights: PaddedRows<Scalar>, tiles: WinogradTiles, sites: Int,
    channels: Int, bias: [Scalar]?, shape: [Int]
  ) -> Tensor<Scalar> {
    typealias V = Scalar.Lanes
    let capacity = WinogradTiles.batchTiles
    let (depth, inner, outer) = (rows.width, rows.panels, weights.panels)
    let innerStride = WinogradTiles.pointStride(panels: inner)
    let outerStride = WinogradTiles.pointStride(panels: outer)
    let product = BlockProduct<Scalar>(
      rowStride: inner * V.scalarCount, depthStride: 1, panels: outer, depth: depth,
      accumulates: false)
    let bias = bias ?? [Scalar](repeating: 0, count: channels)
    let values = [Scalar](unsafeUninitializedCapacity: batch * channels * sites) { target, filled in
      filled = batch * channels * sites
      nonisolated(unsafe) let target = target.baseAddress!
      bias.withUnsafeBufferPointer { bias in
        nonisolated(unsafe) let bias = bias.baseAddress!
        parallelFor((tiles.count + capacity - 1) / capacity, grain: 1) { range in
          let source = AlignedBuffer<V>(repeating: .zero, count: 16 * innerStride)
          let result = AlignedBuffer<V>(repeating: .zero, count: 16 * outerStride)
          let sitesOfBatch = AlignedBuffer<V>(
            repeating: .zero, count: 4 * capacity * outer + V.scalarCount)
          let zeros = AlignedBuffer<V>(repeating: .zero, count: inner)
          for index in range {
            let batchOfTiles = (index * capacity)..<min(tiles.count, (index + 1) * capacity)
            tiles.transformSource(
              batchOfTiles, rows.vectors, panels: inner, zeros: zeros.pointer, source.pointer)
            for point in 0..<16 {
              product.run(
                rows: batchOfTiles.count,
                UnsafeRawPointer(source.pointer + point * innerStride)
                  .assumingMemoryBound(to: Scalar.self),
                weights.vectors + point * depth * outer,
                result.pointer + point * outerStride)
            }
            storeTiles(
              tiles, batchOfTiles, result.pointer, capacity: capacity, panels: outer,
              channels: channels, bias: bias, scratch: sitesOfBatch.pointer, to: target)
          }
        }
      }
    }
    return Tensor(unchecked: shape, values)
  }

  /// The adjoint to the weight, by tiles: `G^T [sum over tiles of (A g A^T) . (B^T d B)] G`.
  ///
  /// Tiles are divided into parts by their number alone; parts are summed in order.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func tiledWeightCotangent<Scalar: LatticeReal>(
    _ g: PaddedRows<Scalar>, input rows: PaddedRows<Scalar>
  ) -> Tensor<Scalar> {
    typealias V = Scalar.Lanes
    let (tiles, capacity) = (forwardTiles, WinogradTiles.batchTiles)
    let (inner, outer) = (rows.panels, g.panels)
    let innerStride = WinogradTiles.pointStride(panels: inner)
    let outerStride = WinogradTiles.pointStride(panels: outer)
    let height = BlockProduct<Scalar>.padded(inputChannels)
    let batches = (tiles.count + capacity - 1) / capacity
    let parts = max(1, min(16, batches / 8))
    let size = 16 * height * outer
    let sums = AlignedBuffer<V>(repeating: .zero, count: parts * size)
    nonisolated(unsafe) let total = sums.pointer
    parallelFor(parts, grain: 1) { range in
      // The rows of a tile may reach beyond the last channel, by less than six numbers.
      let source = AlignedBuffer<V>(repeating: .zero, count: 16 * innerStride + 1)
      let cotangent = AlignedBuffer<V>(repeating: .zero, count: 16 * outerStride)
      let zeros = AlignedBuffer<V>(repeating: .zero, count: max(inner, outer))
      for part in range {
        for index in (batches * part / parts)..<(batches * (part + 1) / parts) {
          let batchOfTiles = (index * capacity)..<min(tiles.count, (index + 1) * capacity)
          tiles.transformSource(
            batchOfTiles, rows.vectors, panels: inner, zeros: zeros.pointer, source.pointer)
          tiles.transformCotangent(
            batchOfTiles, g.vectors, panels: outer, zeros: zeros.pointer, cotangent.pointer)
          let product = BlockProduct<Scalar>(
            rowStride: 1, depthStride: inner * V.scalarCount, panels: outer,
            depth: batchOfTiles.count, accumulates: true)
          for point in 0..<16 {
            product.run(
              rows: inputChannels,
              UnsafeRawPointer(source.pointer + point * innerStride)
                .assumingMemoryBound(to: Scalar.self),
              cotangent.pointer + point * outerStride,
              total + part * size + point * height * outer)
          }
        }
      }
    }
    for part in 1..<max(2, parts) where part < parts {
      for k in 0..<size { total[k] = V.sum(total[k], total[part * size + k]) }
    }
    let elements = UnsafeRawPointer(total).assumingMemoryBound(to: Scalar.self)
    return tileWeightAdjoint(elements, height: height, stride: outer * V.scalarCount)
  }

  /// G^T m G.
  @inline(__always)
  private func tileWeightAdjoint<Scalar: LatticeReal>(
    _ m: UnsafePointer<Scalar>, height: Int, stride: Int
  ) -> Tensor<Scalar> {
    var values = [Scalar](repeating: 0, count: outputChannels * inputChannels * 9)
    values.withUnsafeMutableBufferPointer { values in
      withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 12) { scratch in
        let t = scratch.baseAddress!
        for i in 0..<inputChannels {
          for o in 0..<outputChannels {
            let p = m + i * stride + o
            let next = height * stride
            for k in 0..<4 {
              let row = p + 4 * k * next
              let (a, b, c, d) = (row[0], row[next], row[2 * next], row[3 * next])
              t[3 * k] = a + (b + c) / 2
              t[3 * k + 1] = (b - c) / 2
              t[3 * k + 2] = (b + c) / 2 + d
            }
            let to = values.baseAddress! + (o * inputChannels + i) * 9
            for j in 0..<3 {
              let (a, b, c, d) = (t[j], t[3 + j], t[6 + j], t[9 + j])
              to[j] = a + (b + c) / 2
              to[3 + j] = (b - c) / 2
              to[6 + j] = (b + c) / 2 + d
            }
          }
        }
      }
    }
    return Tensor(unchecked: [outputChannels, inputChannels] + kernel, values)
  }
}

/// Writes calculated tiles to `[batch][channel][site]`, with a number added to each channel.
@inline(__always)
private func storeTiles<Scalar: LatticeReal>(
  _ tiles: WinogradTiles, _ range: Range<Int>, _ m: UnsafePointer<Scalar.Lanes>, capacity: Int,
  panels: Int, channels: Int, bias: UnsafePointer<Scalar>,
  scratch: UnsafeMutablePointer<Scalar.Lanes>, to target: UnsafeMutablePointer<Scalar>
) {
  let stride = panels * Scalar.Lanes.scalarCount
  let lanes = scratch + 4 * capacity * panels
  let extents = tiles.target
  var tile = range.lowerBound
  while tile < range.upperBound {
    // Neighbours in one row of tiles: two rows of sites.
    let (sample, y, x) = tiles.place(tile)
    let count = min(range.upperBound - tile, tiles.tilesAcross - x / 2)
    for j in 0..<count {
      let first = scratch + 2 * j * panels
      let second = first + 2 * capacity * panels
      gatherPatch(
        m + (tile - range.lowerBound + j) * panels, panels: panels,
        stride: WinogradTiles.pointStride(panels: panels), first, first + panels, second,
        second + panels)
    }
    let width = min(2 * count, extents.1 - x)
    for row in 0..<min(2, extents.0 - y) {
      let from = UnsafeRawPointer(scratch + row * 2 * capacity * panels)
        .assumingMemoryBound(to: Scalar.self)
      let place = (y + row) * extents.1 + x
      let sites = extents.0 * extents.1
      storeRun(
        width, from, stride: stride, channels: channels, bias: bias,
        to: target + (sample * channels * sites + place), sites: sites, lanes)
    }
    tile += count
  }
}
