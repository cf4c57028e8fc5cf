import Lattice
import Loops

/// Which neighbours a gauge-equivariant convolution sees: straight paths from every site.
///
/// A kernel of size K reaches K - 1 neighbours in every direction, `dilation` links apart, forward only
/// or, if symmetric, both ways; with a centre term the site itself is among them. The terms stand in
/// the order of the weights: the centre, then for every direction mu (backward, then) forward, the
/// nearest first. M. Favoni, A. Ipp, D. Mueller and D. Schuh, arXiv:2012.12901.
public struct TransportKernel: Hashable, Sendable, Codable, CustomStringConvertible {
  /// K; 1 is the site alone.
  public let size: Int
  /// Links between neighbours that are seen, from 1.
  public let dilation: Int
  /// Whether backward neighbours are seen too.
  public let isSymmetric: Bool
  /// Whether the site itself is seen; a kernel of size 1 always sees it.
  public let hasCentre: Bool

  /// - Throws: `LayerError.setting` for a size or dilation below 1.
  public init(
    size: Int, dilation: Int = 1, isSymmetric: Bool = false, hasCentre: Bool = true
  ) throws(LayerError) {
    guard size >= 1 else {
      throw .setting(
        layer: "kernel", name: "its size", expected: "1 or more", found: "\(size)")
    }
    guard dilation >= 1 else {
      throw .setting(
        layer: "kernel", name: "its dilation", expected: "1 or more", found: "\(dilation)")
    }
    self.init(unchecked: size, dilation, isSymmetric, hasCentre || size == 1)
  }

  private init(unchecked size: Int, _ dilation: Int, _ isSymmetric: Bool, _ hasCentre: Bool) {
    self.size = size
    self.dilation = dilation
    self.isSymmetric = isSymmetric
    self.hasCentre = hasCentre
  }

  /// The site alone.
  public static let local = TransportKernel(unchecked: 1, 1, false, true)

  /// The steps of every term in `dimension` dimensions; the centre is the empty path.
  public func paths(dimension: Int) -> [LatticePath] {
    var paths = [LatticePath]()
    if hasCentre { paths.append(LatticePath([], dimension: dimension)) }
    for mu in 0..<dimension {
      for forward in isSymmetric ? [false, true] : [true] {
        for hop in 1..<max(size, 1) {
          let step = LatticePath.Step(mu, forward: forward)
          paths.append(
            LatticePath(Array(repeating: step, count: hop * dilation), dimension: dimension))
        }
      }
    }
    return paths
  }

  /// The number of terms in `dimension` dimensions.
  public func termCount(dimension: Int) -> Int {
    (hasCentre ? 1 : 0) + dimension * (size - 1) * (isSymmetric ? 2 : 1)
  }

  public var description: String {
    "size \(size), dilation \(dilation), \(isSymmetric ? "both ways" : "forward"), "
      + (hasCentre ? "with centre" : "without centre")
  }
}

/// The two conventions that were released for one paper: they differ in the centre term and in how
/// dilation is counted, so that weights of one have no meaning in the other.
public enum KernelConvention: String, Codable, Sendable, CaseIterable {
  /// The published article, PRL 128, 032003 (2022): with the centre term, dilation from 1. The
  /// networks of the article have 12, 47, 177 and 597 parameters.
  case prl2022 = "prl-2022"
  /// The preprint's first version: without the centre term, dilation from 0 (12, 35, 125, 465).
  case arXivV1 = "arxiv-v1"

  /// A kernel in the numbers of the convention.
  ///
  /// - Parameter dilation: as the convention counts it; adjacent neighbours by default.
  public func kernel(
    size: Int, dilation: Int? = nil, isSymmetric: Bool = false
  ) throws(LayerError) -> TransportKernel {
    switch self {
    case .prl2022:
      try TransportKernel(size: size, dilation: dilation ?? 1, isSymmetric: isSymmetric)
    case .arXivV1:
      try TransportKernel(
        size: size, dilation: (dilation ?? 0) + 1, isSymmetric: isSymmetric, hasCentre: false)
    }
  }
}
