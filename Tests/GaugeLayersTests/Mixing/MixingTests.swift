import ComplexModule
import Compute
import GaugeLayers
import TestSupport
import Testing

/// Convolutions, bilinear and merged layers: against plain sums, differences, other precisions and
/// other numbers of threads.
@Suite struct MixingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let group: GaugeGroup
    let extents: [Int]
    let batch: Int
    let channels: Int
    let outputs: Int
    let kernel: TransportKernel

    var testDescription: String {
      "\(group) \(batch) x \(extents), \(channels) -> \(outputs), \(kernel)"
    }
  }

  static let cases: [Case] = [
    Case(
      group: .u1, extents: [3, 2], batch: 3, channels: 1, outputs: 2,
      kernel: try! TransportKernel(size: 2, isSymmetric: true)),
    Case(
      group: .su2, extents: [4, 4], batch: 16, channels: 2, outputs: 2,
      kernel: try! TransportKernel(size: 3)),
    Case(
      group: .su2, extents: [5, 3], batch: 1, channels: 3, outputs: 5,
      kernel: try! TransportKernel(size: 2, dilation: 2, isSymmetric: true, hasCentre: false)),
    Case(
      group: .su3, extents: [8, 6], batch: 2, channels: 9, outputs: 3,
      kernel: try! TransportKernel(size: 2)),
    Case(
      group: .su3, extents: [4, 3, 2], batch: 1, channels: 2, outputs: 3,
      kernel: try! TransportKernel(size: 3, isSymmetric: true)),
    Case(
      group: .su4, extents: [2, 2, 2, 2], batch: 5, channels: 2, outputs: 1,
      kernel: try! TransportKernel(size: 2)),
    Case(
      group: .su(5), extents: [4, 2], batch: 1, channels: 1, outputs: 2, kernel: .local),
  ]

  struct Inputs {
    let links: LinkField<Double>
    let w: SiteField<Double>
    let merged: Tensor<Double>
    let convolution: Tensor<Double>
    let complex: Tensor<Double>

    init(_ c: Case) throws {
      links = try LinkField<Double>.hot(c.extents, c.group, batch: c.batch)
      w = SiteField(layout: links.layout, group: c.group, channels: c.channels)
        .randomDirection(seed: 5)
      let terms = c.kernel.termCount(dimension: c.extents.count)
      merged = try Tensor(
        shape: [c.outputs, 2 * c.channels + 1, 2 * c.channels * terms + 1]
      ).randomDirection(seed: 6)
      convolution = try Tensor(shape: [c.outputs, c.channels * terms, 2]).randomDirection(seed: 7)
      complex = try Tensor(shape: [c.outputs, 2 * c.channels + 1, 2 * c.outputs + 1, 2])
        .randomDirection(seed: 8)
    }
  }

  /// [M, M^dagger, 1] of matrices.
  private func extended(_ m: [ComplexMatrix]) -> [ComplexMatrix] {
    m + m.map(\.adjoint) + [.identity(m[0].n)]
  }

  @Test(arguments: cases)
  func layersAreTheSumsThatTheyStandFor(_ c: Case) throws {
    let inputs = try Inputs(c)
    let tape = Tape()
    let (u, w) = (tape.constant(inputs.links), tape.constant(inputs.w))
    let merged = try w.convolutionBilinear(
      links: u, weight: tape.constant(inputs.merged), kernel: c.kernel
    ).value
    let conv = try w.convolution(
      links: u, weight: tape.constant(inputs.convolution), kernel: c.kernel)
    let bilinear = try w.bilinear(conv, weight: tape.constant(inputs.complex)).value

    let paths = c.kernel.paths(dimension: c.extents.count)
    let products = paths.map { inputs.links.pathProduct($0) }
    let geometry = inputs.links.geometry
    var worst = 0.0
    for member in [0, c.batch - 1] {
      for site in 0..<geometry.volume {
        let local = (0..<c.channels).map { inputs.w[site, $0, member] }
        var transported = [ComplexMatrix]()
        for (path, product) in zip(paths, products) {
          let x = geometry.coordinates(of: site)
          let y = zip(zip(x, path.displacement), geometry.extents).map { pair, extent in
            (((pair.0 + pair.1) % extent) + extent) % extent
          }
          let far = zip(y, geometry.extents).reversed().reduce(0) { $0 * $1.1 + $1.0 }
          let p = product[site, 0, member]
          transported += (0..<c.channels).map { p * inputs.w[far, $0, member] * p.adjoint }
        }
        let (left, right) = (extended(local), extended(transported))
        for i in 0..<c.outputs {
          var z = ComplexMatrix.zero(c.group.n)
          for (v, l) in left.enumerated() {
            for (k, r) in right.enumerated() {
              z = z + Complex(inputs.merged[i, v, k]) * (l * r)
            }
          }
          worst = max(worst, (z - merged[site, i, member]).frobeniusNorm / (1 + z.frobeniusNorm))

          var sum = ComplexMatrix.zero(c.group.n)
          for (k, t) in transported.enumerated() {
            sum = sum + Complex(inputs.convolution[i, k, 0], inputs.convolution[i, k, 1]) * t
          }
          let found = conv.value[site, i, member]
          worst = max(worst, (sum - found).frobeniusNorm / (1 + sum.frobeniusNorm))
        }
        let second = extended((0..<c.outputs).map { conv.value[site, $0, member] })
        for i in 0..<c.outputs {
          var z = ComplexMatrix.zero(c.group.n)
          for (v, l) in left.enumerated() {
            for (k, r) in second.enumerated() {
              let a = Complex(inputs.complex[i, v, k, 0], inputs.complex[i, v, k, 1])
              z = z + a * (l * r)
            }
          }
          worst = max(worst, (z - bilinear[site, i, member]).frobeniusNorm / (1 + z.frobeniusNorm))
        }
      }
    }
    #expect(worst < 1e-13)
  }

  @Test(arguments: cases)
  func derivativesAreThoseOfDifferences(_ c: Case) throws {
    let inputs = try Inputs(c)
    let direction = SiteField<Double>(
      layout: inputs.links.layout, group: c.group, channels: c.outputs
    ).randomDirection(seed: 9)
    func contracted(_ z: Variable<SiteField<Double>>) -> Variable<Tensor<Double>> {
      z.tape.record(Tensor(z.value.realInnerProduct(direction)), inputs: [z]) { g, cotangents in
        var scaled = z.value.zeroCotangent()
        scaled.add(direction, times: g.values[0])
        cotangents.add(scaled, to: z)
      }
    }
    func allTested(_ report: GradientReport, links: Int?) {
      // For U(1) transport is trivial, and for the site alone there is none.
      let silent = links.map { c.group == .u1 || c.kernel.size == 1 ? [$0] : [] } ?? []
      #expect(report.relativeError < 1e-9 && report.untestedInputs == silent, "\(report)")
    }
    allTested(
      try checkGradients(at: inputs.links, inputs.w, inputs.merged) { _, u, w, a in
        contracted(try w.convolutionBilinear(links: u, weight: a, kernel: c.kernel))
      }, links: 0)
    allTested(
      try checkGradients(at: inputs.links, inputs.w, inputs.convolution) { _, u, w, a in
        contracted(try w.convolution(links: u, weight: a, kernel: c.kernel))
      }, links: 0)
    allTested(
      try checkGradients(at: inputs.w, direction, inputs.complex) { _, w, other, a in
        contracted(try w.bilinear(other, weight: a))
      }, links: nil)
  }

  /// Everything at once: value and all derivatives as numbers.
  private func bits<S: LatticeReal>(
    _ links: LinkField<S>, _ w: SiteField<S>, _ weight: Tensor<S>, _ kernel: TransportKernel
  ) throws -> (SiteField<S>, SiteField<S>, AlgebraField<S>, Tensor<S>) {
    let tape = Tape()
    let (u, x, a) = (tape.variable(links), tape.variable(w), tape.variable(weight))
    let z = try x.convolutionBilinear(links: u, weight: a, kernel: kernel)
    let cotangent = z.value.randomDirection(seed: 4)
    let gradients = tape.gradients(of: z, cotangent: cotangent)
    return (z.value, gradients[x], gradients[u], gradients[a])
  }

  @Test func resultsDoNotDependOnThreads() throws {
    let before = Threads.count
    defer { Threads.count = before }
    let links = try LinkField<Float>.hot([8, 4, 4, 4], .su3)
    let w = SiteField<Float>(layout: links.layout, group: .su3, channels: 3)
      .randomDirection(seed: 1)
    let kernel = try TransportKernel(size: 2, isSymmetric: true)
    let weight = try Tensor<Float>(shape: [4, 7, 55]).randomDirection(seed: 2)
    Threads.count = 1
    let one = try bits(links, w, weight, kernel)
    for threads in [2, 3] {
      Threads.count = threads
      let other = try bits(links, w, weight, kernel)
      #expect(one.0.largestDifference(other.0) == 0 && one.1.largestDifference(other.1) == 0)
      #expect(one.3 == other.3)
      var difference = one.2
      difference.add(other.2, times: -1)
      #expect(difference.innerProduct(difference) == 0)
    }
  }

  /// The largest difference of matrices of all members, sites and channels, over the largest matrix.
  private func relativeDifference(
    _ links: LinkField<Double>, _ perSite: Int, _ one: (Int, Int, Int) -> ComplexMatrix,
    _ other: (Int, Int, Int) -> ComplexMatrix
  ) -> Double {
    var (worst, scale) = (0.0, 0.0)
    for member in 0..<links.batch {
      for site in 0..<links.geometry.volume {
        for k in 0..<perSite {
          let m = one(site, k, member)
          let d = (m - other(site, k, member)).frobeniusNorm
          worst = d.isNaN ? .infinity : max(worst, d)
          scale = max(scale, m.frobeniusNorm)
        }
      }
    }
    return worst / scale
  }

  @Test func singlePrecisionAgrees() throws {
    for (extents, batch) in [([8, 4, 4, 4], 1), ([6, 4], 32)] {
      let links = try LinkField<Double>.hot(extents, .su3, batch: batch)
      let w = SiteField<Double>(layout: links.layout, group: .su3, channels: 8)
        .randomDirection(seed: 1)
      let kernel = try TransportKernel(size: 2)
      let terms = kernel.termCount(dimension: extents.count)
      let weight = try Tensor<Double>(shape: [8, 17, 16 * terms + 1]).randomDirection(seed: 2)
      var links32 = try LinkField<Float>(links.geometry, group: .su3, batch: batch)
      var w32 = SiteField<Float>(layout: links32.layout, group: .su3, channels: 8)
      for member in 0..<batch {
        for site in 0..<links.geometry.volume {
          for mu in 0..<extents.count { links32[site, mu, member] = links[site, mu, member] }
          for c in 0..<8 { w32[site, c, member] = w[site, c, member] }
        }
      }
      let tape = Tape()
      let (u, x) = (tape.variable(links), tape.variable(w))
      let a = tape.variable(weight)
      let z = try x.convolutionBilinear(links: u, weight: a, kernel: kernel)
      let gradients = tape.gradients(of: z, cotangent: z.value)
      let single = Tape()
      let (u32, x32) = (single.variable(links32), single.variable(w32))
      let a32 = single.variable(
        try Tensor<Float>(shape: weight.shape, values: weight.values.map { Float($0) }))
      let z32 = try x32.convolutionBilinear(links: u32, weight: a32, kernel: kernel)
      let gradients32 = single.gradients(of: z32, cotangent: z32.value)
      let (value, value32) = (z.value, z32.value)
      let (input, input32) = (gradients[x], gradients32[x32])
      let (force, force32) = (gradients[u], gradients32[u32])
      let differences = [
        relativeDifference(links, 8, { value[$0, $1, $2] }, { value32[$0, $1, $2] }),
        relativeDifference(links, 8, { input[$0, $1, $2] }, { input32[$0, $1, $2] }),
        relativeDifference(
          links, extents.count, { force[$0, $1, $2] }, { force32[$0, $1, $2] }),
      ]
      #expect(differences.allSatisfy { $0 < 2e-6 }, "\(differences)")
      let scale = gradients[a].values.map(abs).max()!
      let worst = zip(gradients[a].values, gradients32[a32].values)
        .map { abs($0 - Double($1)) }.max()!
      #expect(worst < 2e-6 * scale)
    }
  }

  @Test func whatDoesNotFitIsRefusedWithBothShapes() throws {
    let links = try LinkField<Double>.hot([4, 4], .su2)
    let other = try LinkField<Double>.hot([4, 4], .su3)
    let tape = Tape()
    let w = tape.constant(links.plaquetteField())
    let weight = tape.constant(try Tensor<Double>(shape: [2, 3, 6]))
    #expect(
      throws: LayerError.shape(
        layer: "the merged layer", name: "weight", expected: [2, 3, 7], found: [2, 3, 6])
    ) {
      try w.convolutionBilinear(
        links: tape.constant(links), weight: weight, kernel: try TransportKernel(size: 2))
    }
    #expect(throws: LayerError.self) {
      try w.convolutionBilinear(
        links: tape.constant(other), weight: weight, kernel: try TransportKernel(size: 2))
    }
    #expect(throws: LayerError.self) { try TransportKernel(size: 0) }
    #expect(throws: LayerError.self) { try TransportKernel(size: 2, dilation: 0) }
  }
}
