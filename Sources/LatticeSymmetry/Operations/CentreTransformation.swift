import ComplexModule
import Compute
import Lattice
import RealModule

/// A centre transformation: links of one direction that leave one slice are multiplied by z^k,
/// z = exp(2 pi i / N).
///
/// Wilson loops that can be contracted do not change; Polyakov loops around the direction get the factor. For
/// U(1), whose centre is the whole group, the angle is given. Which slice it is makes a gauge transformation's
/// difference.
public struct CentreTransformation: Sendable, Hashable {
  public let direction: Int
  public let slice: Int
  /// N of the group; 1 for U(1).
  public let n: Int
  /// The factor of links and of Polyakov loops.
  public let factor: Complex<Double>

  /// - Parameter power: k, of any sign.
  /// - Throws: `LatticeSymmetryError.centre` for U(1) and for what the lattice does not have.
  public init(
    of group: GaugeGroup, power: Int, direction: Int, slice: Int = 0, on geometry: Geometry
  ) throws(LatticeSymmetryError) {
    guard group.n > 1 else {
      throw .centre(
        quantity: "SU(N) with N", expected: "of 2 or more, for U(1) an angle", found: group.n)
    }
    let k = ((power % group.n) + group.n) % group.n
    try self.init(
      Self.root(k, of: group.n), n: group.n, direction: direction, slice: slice, on: geometry)
  }

  /// For U(1): the factor exp(i angle).
  ///
  /// - Throws: `LatticeSymmetryError.centre` for a direction or a slice the lattice does not have.
  public init(
    angle: Double, direction: Int, slice: Int = 0, on geometry: Geometry
  ) throws(LatticeSymmetryError) {
    try self.init(
      Complex(length: 1, phase: angle), n: 1, direction: direction, slice: slice, on: geometry)
  }

  private init(
    _ factor: Complex<Double>, n: Int, direction: Int, slice: Int, on geometry: Geometry
  ) throws(LatticeSymmetryError) {
    guard (0..<geometry.dimension).contains(direction) else {
      throw .centre(
        quantity: "a direction", expected: "below \(geometry.dimension)", found: direction)
    }
    guard (0..<geometry.extents[direction]).contains(slice) else {
      throw .centre(
        quantity: "a slice", expected: "below \(geometry.extents[direction])", found: slice)
    }
    (self.factor, self.n, self.direction, self.slice) = (factor, n, direction, slice)
  }

  /// exp(2 pi i k / n), with exact halves and quarters.
  private static func root(_ k: Int, of n: Int) -> Complex<Double> {
    if 4 * k % n == 0 {
      return [Complex(1), Complex(0, 1), Complex(-1), Complex(0, -1)][4 * k / n]
    }
    return Complex(length: 1, phase: 2 * .pi * Double(k) / Double(n))
  }
}

extension LinkField {
  /// The links after a centre transformation; an open direction has no links that leave its last slice, and
  /// there a transformation is one of gauge.
  ///
  /// - Throws: `LatticeSymmetryError.centre` where it is one of another group.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func image(
    under centre: CentreTransformation
  ) throws(LatticeSymmetryError) -> LinkField<Scalar> {
    guard centre.n == group.n else {
      throw .centre(quantity: "the centre of SU(N) with N", expected: "\(group.n)", found: centre.n)
    }
    guard centre.direction < dimension, centre.slice < geometry.extents[centre.direction] else {
      throw .centre(
        quantity: "slices of direction \(centre.direction)",
        expected: "more than \(centre.slice)",
        found: centre.direction < dimension ? geometry.extents[centre.direction] : 0)
    }
    var result = self
    multiplySlice(result.mutableView, layout, centre)
    return result
  }
}

private func multiplySlice<V: LaneVector>(
  _ links: BlockView<V>, _ layout: Layout, _ centre: CentreTransformation
) {
  let mu = centre.direction
  let strideOfSites = layout.geometry.extents[..<mu].reduce(1, *)
  let extent = layout.geometry.extents[mu]
  let re = V(repeating: V.Scalar(centre.factor.real))
  let im = V(repeating: V.Scalar(centre.factor.imaginary))
  forEachBlockRange(layout, work: links.stride, scratch: 0, of: V.self) { group, blocks, _ in
    for b in blocks {
      var bits: UInt32 = 0
      for lane in 0..<layout.laneCount {
        let site = Int(layout.blockSitePointer[b] + layout.laneSite[lane])
        if site / strideOfSites % extent == centre.slice { bits |= 1 << UInt32(lane) }
      }
      if bits == 0 { continue }
      let mask = V.mask(bits: bits)
      let u = links.block(group * layout.siteBlocks + b, mu)
      for k in 0..<(links.stride / 2) {
        let (x, y) = (u[2 &* k], u[2 &* k &+ 1])
        u[2 &* k] = V.select(mask, negatedMultiplyAdd(im, y, re * x), x)
        u[2 &* k &+ 1] = V.select(mask, multiplyAdd(im, x, re * y), y)
      }
    }
  }
}
