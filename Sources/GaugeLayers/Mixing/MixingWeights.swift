import Autodiff
import Compute

/// The weights of a mixing in the order in which the tiles read them.
///
/// With a for T and b for T^dagger, the hermitian part of T is mixed with a + b and the anti-hermitian
/// part with a - b.
struct MixingWeights<Scalar: LatticeReal>: @unchecked Sendable {
  let shape: MixingShape
  let rows: [MixingShape.Row]
  /// Rows of a register tile.
  let tileRows: Int
  /// Rows with those that fill the last vector of lanes.
  let paddedRows: Int
  /// Right channels with those that fill the last tile.
  let paddedRights: Int
  /// For each part, [row tile][w][row in tile].
  let forward: [AlignedBuffer<Scalar>]
  /// For each part, [w tile][row][w in tile].
  let backward: [AlignedBuffer<Scalar>]
  /// The weight of the unit matrix for every row.
  let unit: AlignedBuffer<Scalar>

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  init(_ weights: Tensor<Scalar>, _ shape: MixingShape, tileRows: Int) {
    let lanes = Scalar.Lanes.scalarCount
    let rows = shape.rows()
    let nw = shape.rightChannels
    self.shape = shape
    self.rows = rows
    self.tileRows = tileRows
    paddedRows = (rows.count + lanes - 1) / lanes * lanes
    paddedRights = (nw + 7) / 8 * 8
    forward = (0..<2).map { _ in AlignedBuffer(repeating: 0, count: (rows.count + 8) * nw) }
    backward = [0, 1].map { [paddedRows, paddedRights] _ in
      AlignedBuffer(repeating: 0, count: paddedRows * paddedRights)
    }
    unit = AlignedBuffer(repeating: 0, count: paddedRows)
    let (scale, values) = (shape.isComplex ? 2 : 1, weights.values)
    for (r, row) in rows.enumerated() {
      let part = row.isImaginary ? 1 : 0
      func weight(_ w: Int) -> Scalar { values[(row.weight + w) * scale + part] }
      for w in 0..<nw {
        let a = weight(w)
        let b = shape.isExtended ? weight(nw + w) : 0
        for (k, c) in [a + b, a - b].enumerated() {
          forward[k].pointer[((r / tileRows) * nw + w) * tileRows + r % tileRows] = c
          backward[k].pointer[((w / tileRows) * paddedRows + r) * tileRows + w % tileRows] = c
        }
      }
      if shape.isExtended { unit.pointer[r] = weight(2 * nw) }
    }
  }
}

/// Sums in double precision from which the derivative with respect to the weights follows.
///
/// Of every part, [row vector][w][lane]; of the unit matrix, [row vector][lane].
struct MixingWeightSums<Scalar: LatticeReal>: @unchecked Sendable {
  let sums: AlignedBuffer<SIMD8<Double>>
  private let rowVectors: Int
  private let paddedRights: Int

  /// Vectors of doubles of a vector of rows.
  private var spread: Int { Scalar.Lanes.scalarCount / 8 }
  /// Vectors of doubles between two row vectors of a part.
  var rowStride: Int { paddedRights * spread }

  init(_ weights: MixingWeights<Scalar>) {
    rowVectors = weights.paddedRows / Scalar.Lanes.scalarCount
    paddedRights = weights.paddedRights
    let spread = Scalar.Lanes.scalarCount / 8
    sums = AlignedBuffer(
      repeating: .zero, count: rowVectors * spread * (2 * weights.paddedRights + 1))
  }

  /// The sums of a part of a tile.
  func tile(part: Int, rowVector: Int, right: Int) -> UnsafeMutablePointer<SIMD8<Double>> {
    sums.pointer + ((part * rowVectors + rowVector) * paddedRights + right) * spread
  }

  /// The sums of the unit matrix.
  func unit(rowVector: Int) -> UnsafeMutablePointer<SIMD8<Double>> {
    sums.pointer + (2 * rowVectors * paddedRights + rowVector) * spread
  }

  func add(_ other: MixingWeightSums) {
    for k in 0..<sums.count { sums.pointer[k] += other.sums.pointer[k] }
  }

  /// The derivative in the order of the weights.
  func gradient(_ weights: MixingWeights<Scalar>) -> Tensor<Scalar> {
    let shape = weights.shape
    let nw = shape.rightChannels
    let scale = shape.isComplex ? 2 : 1
    var result = try! Tensor<Scalar>(shape: shape.weightShape)
    let lanes = Scalar.Lanes.scalarCount
    func number(_ p: UnsafeMutablePointer<SIMD8<Double>>, _ lane: Int) -> Double {
      p[lane / 8][lane % 8]
    }
    result.withUnsafeMutableValues { values in
      for (r, row) in weights.rows.enumerated() {
        let (vector, lane) = (r / lanes, r % lanes)
        let part = row.isImaginary ? 1 : 0
        for w in 0..<nw {
          let h = number(tile(part: 0, rowVector: vector, right: w), lane)
          let a = number(tile(part: 1, rowVector: vector, right: w), lane)
          values[(row.weight + w) * scale + part] = Scalar(h + a)
          if shape.isExtended { values[(row.weight + nw + w) * scale + part] = Scalar(h - a) }
        }
        if shape.isExtended {
          values[(row.weight + 2 * nw) * scale + part] = Scalar(
            number(unit(rowVector: vector), lane))
        }
      }
    }
    return result
  }
}
