import Autodiff
import ComplexModule
import Compute
import GaugeLayers
import Lattice
import Loops

extension CheckCatalogue {
  /// Networks that together have every kind of layer.
  public static func networks(
    _ group: GaugeGroup, dimension: Int
  ) -> [(name: String, network: NetworkDescription)] {
    func layer(
      _ kind: LayerDescription.Kind, _ change: (inout LayerDescription) -> Void = { _ in }
    ) -> LayerDescription {
      var layer = LayerDescription(kind)
      change(&layer)
      return layer
    }
    // Reflections of the last axis, which every lattice carries.
    let stacks: [(String, [LayerDescription])] = [
      (
        "deep",
        [
          layer(.stout) { $0.steps = 2 }, layer(.plaquettes), layer(.exponential),
          layer(.polyakovLoops), layer(.loops) { $0.paths = ["+x +x +y -x -x -y"] },
          layer(.convolution) {
            ($0.channels, $0.size, $0.symmetric, $0.complex) = (2, 3, true, true)
          },
          layer(.activation) { $0.function = .tanh },
          layer(.bilinear) { ($0.channels, $0.complex, $0.residual) = (2, true, true) },
          layer(.traceNorm),
          layer(.convolutionBilinear) {
            ($0.channels, $0.size, $0.dilation, $0.residual) = (2, 2, 2, true)
          },
          layer(.trace), layer(.dense) { ($0.channels, $0.function) = (2, .softplus) },
          layer(.mean), layer(.dense) { $0.channels = 1 },
        ]
      ),
      (
        "merged",
        [
          layer(.plaquettes),
          layer(.convolutionBilinear) {
            ($0.channels, $0.size, $0.symmetric, $0.checkpoint) = (2, 2, true, true)
          },
          layer(.traceNorm) { $0.scope = .perSite }, layer(.traceMagnitudes),
          layer(.dense) { $0.channels = 1 }, layer(.sum),
        ]
      ),
      (
        "local",
        [
          layer(.plaquettes), layer(.bilinear) { $0.channels = 2 },
          layer(.tracePowers) { $0.power = 2 }, layer(.dense) { $0.channels = 1 },
        ]
      ),
      (
        "shared",
        [
          layer(.corners), layer(.clovers), layer(.signedPolyakovLoops),
          layer(.sharedConvolution) {
            ($0.channels, $0.labels, $0.size) = (1, .regular, 2)
          },
          layer(.activation) { $0.function = .tanh },
          layer(.sharedBilinear) {
            ($0.channels, $0.labels, $0.residual) = (1, .regular, true)
            ($0.relaxed, $0.banks, $0.weighting) = ([.time], 2, .output)
          },
          layer(.sharedConvolutionBilinear) {
            ($0.channels, $0.labels, $0.size) = (1, .regular, 2)
          },
          layer(.chargePairs),
          layer(.sharedDense) { ($0.channels, $0.labels, $0.function) = (1, .scalar, .tanh) },
          layer(.mean), layer(.dense) { $0.channels = 1 },
        ]
      ),
      (
        "ordinary",
        [
          layer(.linkImages),
          layer(.ordinaryConvolution) { ($0.channels, $0.size, $0.function) = (3, 2, .tanh) },
          layer(.mean), layer(.dense) { $0.channels = 1 },
        ]
      ),
    ]
    return stacks.map {
      (
        $0.0,
        NetworkDescription(
          group: group, dimension: dimension, symmetry: $0.0 == "shared" ? "timeReversal" : nil,
          layers: $0.1)
      )
    }
  }

  /// Layers with random weights: their symmetries, alone and as members of a batch, and derivatives.
  static func networks<S: LatticeReal>(_: S.Type) -> [CheckSubject] {
    ["deep", "merged", "local", "shared", "ordinary"].enumerated().map { index, part in
      let name = "networks/\(part)"
      return CheckSubject(name) { setting in
        let network = networks(setting.group, dimension: setting.geometry.dimension)[index].network
        var results = [CheckResult]()
        // Large lattices in batches say nothing that small ones do not.
        for batch in setting.geometry.volume <= 24 ? [1, 3] : [1] {
          results += try NetworkCheck.symmetries(
            of: network, on: setting, batch: batch, precision: S.self
          ).map { CheckResult($0, subject: "\(name): \($0.subject)") }
          if network.symmetry != nil {
            results += try NetworkCheck.latticeSymmetry(
              of: network, on: setting, batch: batch, precision: S.self
            ).map { CheckResult($0, subject: "\(name): \($0.subject)") }
          }
        }
        if S.self == Double.self, setting.geometry.volume <= 24 {
          results += try derivatives(of: network, name, setting)
        }
        return results
      }
    } + [plainLayers(S.self)]
  }

  /// Derivatives with respect to links, as the force of an action, and to weights.
  ///
  /// Weights are small, so that differences can follow; layers that divide by traces, or take their
  /// magnitudes, are left out, since nothing follows them where a trace nearly vanishes.
  private static func derivatives(
    of description: NetworkDescription, _ name: String, _ setting: CheckSetting
  ) throws -> [CheckResult] {
    var description = description
    description.layers = description.layers.compactMap { layer in
      var layer = layer
      switch layer.layer {
      case .traceNorm: return nil
      case .traceMagnitudes: return LayerDescription(.trace)
      case .convolution, .bilinear, .convolutionBilinear, .exponential, .sharedConvolution,
        .sharedBilinear, .sharedConvolutionBilinear:
        layer.gain = 0.3
      default: break
      }
      return layer
    }
    let network = try GaugeNetwork<Double>(description)
    let start = try network.initialParameters(seed: setting.seed)
    let parameters = start.moved(along: start.randomDirection(seed: setting.seed), by: 0.03)
    let action = try LearnedAction(description, parameters, name: name)
    let force = try ForceCheck.forceMatchesAction(
      action, on: setting, allLinks: 1, singleLinks: 2)
    var links = try LinkField<Double>(setting.geometry, group: setting.group, batch: 3)
    links.setNearUnit(epsilon: 0.4, seed: setting.seed)
    let gradients = try checkGradients(at: parameters, directions: 2, seed: setting.seed) {
      tape, parameters in
      let output = try network(tape.constant(links), parameters)
      return output.sum()
    }
    return [
      CheckResult(force, subject: name),
      CheckResult(
        subject: name, check: "derivatives of weights", setting: "\(setting)",
        deviation: gradients.relativeError, tolerance: 1e-8,
        verdict: !gradients.untestedInputs.isEmpty
          ? .vacuous : gradients.relativeError <= 1e-8 ? .holds : .violated,
        detail: "largest relative error \(gradients.relativeError)"),
    ]
  }

  /// The merged layer, the complex convolution and pooling against plain arithmetic.
  private static func plainLayers<S: LatticeReal>(_: S.Type) -> CheckSubject {
    CheckSubject("plain/layers") { setting in
      var c = PlainComparison("plain/layers", setting, ulp: Double(S.ulpOfOne))
      let batch = 3
      var field = try LinkField<S>(setting.geometry, group: setting.group, batch: batch)
      field.setNearUnit(epsilon: 0.5, seed: setting.seed)
      let (d, n, member) = (field.dimension, field.group.n, 1)
      let plain = MatrixLattice(field, member: member)
      let tape = Tape()
      let links = tape.constant(field)
      let input = links.plaquettes()
      let channels = input.value.channels
      let kernel = try TransportKernel(size: 2, isSymmetric: true)
      let paths = kernel.paths(dimension: d)
      let stream = RandomStream(seed: setting.seed, purpose: .checks)
      func weight(_ shape: [Int]) throws -> Tensor<S> {
        let count = shape.reduce(1, *)
        return try Tensor(
          shape: shape, values: (0..<count).map { S(2 * stream.uniforms(UInt32($0), 9).0 - 1) })
      }

      /// [W, W^dagger, 1] of matrices.
      func extended(_ matrices: [ComplexMatrix]) -> [ComplexMatrix] {
        matrices + matrices.map(\.adjoint) + [.identity(n)]
      }
      func own(_ site: Int) -> [ComplexMatrix] {
        (0..<channels).map { input.value[site, $0, member] }
      }
      /// Transported channels, the channel running fastest.
      func transported(_ site: Int) -> [ComplexMatrix] {
        paths.flatMap { path in
          let (product, end) = plain.walk(
            from: site, path.steps.map { ($0.direction, $0.isForward ? 1 : -1) })
          return own(end).map { product * $0 * product.adjoint }
        }
      }

      let outputs = 2
      let (left, right) = (2 * channels + 1, 2 * channels * paths.count + 1)
      let merged = try weight([outputs, left, right])
      let bilinear = try input.convolutionBilinear(
        links: links, weight: tape.constant(merged), kernel: kernel)
      c.compare(
        "merged layer",
        plain.sites.flatMap { site in (0..<outputs).map { bilinear.value[site, $0, member] } },
        plain.sites.flatMap { site in
          let (a, b) = (extended(own(site)), extended(transported(site)))
          return (0..<outputs).map { o in
            var sum = ComplexMatrix.zero(n)
            for (v, x) in a.enumerated() {
              // Contracted first: the products are the same for every v.
              var row = ComplexMatrix.zero(n)
              for (w, y) in b.enumerated() {
                row = row + Complex(Double(merged.values[(o * left + v) * right + w])) * y
              }
              sum = sum + x * row
            }
            return sum
          }
        })
      let complex = try weight([outputs, channels * paths.count, 2])
      let convolved = try input.convolution(
        links: links, weight: tape.constant(complex), kernel: kernel)
      c.compare(
        "complex convolution",
        plain.sites.flatMap { site in (0..<outputs).map { convolved.value[site, $0, member] } },
        plain.sites.flatMap { site in
          let terms = transported(site)
          return (0..<outputs).map { o in
            terms.enumerated().reduce(ComplexMatrix.zero(n)) { sum, term in
              let k = 2 * (o * terms.count + term.offset)
              let z = Complex(Double(complex.values[k]), Double(complex.values[k + 1]))
              return sum + z * term.element
            }
          }
        })
      let traces = input.realTraces()
      let (sum, mean) = (traces.sumOverSites().value, traces.meanOverSites().value)
      let planes = field.planePlaquettes(member: member)
      let volume = Double(field.geometry.volume)
      c.compare(
        "pooling",
        (0..<planes.count).flatMap { k in
          [sum, mean].map { Double($0.values[member * planes.count + k]) }
        },
        planes.flatMap { [$0 * volume, $0] })
      return c.results
    }
  }
}
