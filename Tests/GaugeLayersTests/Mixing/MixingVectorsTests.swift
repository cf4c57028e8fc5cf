import GaugeLayers
import Lattice
import TestSupport
import Testing

/// Convolutions and bilinear layers on independent reference data: values to 1e-12, derivatives to
/// 1e-11.
@Suite("Reference vectors of mixing layers", .enabled(if: ReferenceVectors.areEnabled))
struct MixingVectorsTests {
  let tape = Tape()

  /// A real or complex weight; complex ones get a last index of 2.
  static func weight(
    _ v: ReferenceVectors, _ name: String, isComplex: Bool
  ) throws -> Tensor<Double> {
    let array = v[name]
    if !isComplex { return try Tensor(shape: array.shape, values: array.re) }
    return try Tensor(
      shape: array.shape + [2], values: zip(array.re, array.im).flatMap { [$0, $1] })
  }

  /// The largest of the numbers of an array.
  private func scale(_ array: ReferenceVectors.Array) -> Double {
    max(array.re.map(abs).max()!, array.im.map(abs).max() ?? 0)
  }

  @Test(arguments: ReferenceVectors.names)
  func values(_ name: String) throws {
    let v = try ReferenceVectors(name)
    let links = tape.constant(try v.links("hot_U"))
    let w = tape.constant(links.value.plaquetteField())
    let symmetric = try TransportKernel(size: 2, isSymmetric: true)
    let forward = try TransportKernel(size: 2)

    let conv = try w.convolution(
      links: links,
      weight: tape.constant(try Self.weight(v, "lconv_K2sym_weight", isComplex: true)),
      kernel: symmetric)
    let convArray = v["lconv_K2sym_out"]
    #expect(conv.value.largestDifference { v.matrix(convArray, $1, $0) } < 1e-12 * scale(convArray))

    let bilinear = try w.bilinear(
      conv, weight: tape.constant(try Self.weight(v, "lbl_weight", isComplex: true)))
    let bilinearArray = v["lbl_out"]
    #expect(
      bilinear.value.largestDifference { v.matrix(bilinearArray, $1, $0) }
        < 1e-12 * scale(bilinearArray))

    for (key, kernel) in [("lcb_K2sym", symmetric), ("lcb_K2pos", forward)] {
      let z = try w.convolutionBilinear(
        links: links,
        weight: tape.constant(try Self.weight(v, "\(key)_weight", isComplex: false)),
        kernel: kernel)
      let array = v["\(key)_out"]
      #expect(z.value.largestDifference { v.matrix(array, $1, $0) } < 1e-12 * scale(array))
    }
  }

  @Test(arguments: ReferenceVectors.names)
  func derivatives(_ name: String) throws {
    let v = try ReferenceVectors(name)
    let links = tape.variable(try v.links("hot_U"))
    let w = tape.variable(links.value.plaquetteField())
    let weight = tape.variable(try Self.weight(v, "lcb_K2pos_weight", isComplex: false))
    let z = try w.convolutionBilinear(
      links: links, weight: weight, kernel: try TransportKernel(size: 2))
    let channels = z.value.channels
    let gradients = tape.gradients(
      of: z, cotangent: try v.sites("lcb_K2pos_cotangent", channels: channels))

    let expected = v["lcb_K2pos_weight_grad"]
    let scale = expected.re.map(abs).max()!
    let worst = zip(gradients[weight].values, expected.re).map { abs($0 - $1) }.max()!
    #expect(worst < 1e-11 * max(1, scale))

    let inputArray = v["lcb_K2pos_input_grad"]
    let inputScale = max(1, inputArray.re.map(abs).max()!)
    #expect(gradients[w].largestDifference { v.matrix(inputArray, $1, $0) } < 1e-11 * inputScale)

    let linkArray = v["lcb_K2pos_link_grad"]
    let g = gradients[links]
    let linkScale = max(1, linkArray.re.map(abs).max()!)
    for site in 0..<v.geometry.volume {
      for mu in 0..<v.geometry.dimension {
        let difference = (g[site, mu] - v.matrix(linkArray, mu, site)).frobeniusNorm
        #expect(difference < 1e-11 * linkScale)
      }
    }
  }
}
