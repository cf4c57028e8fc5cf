import Autodiff
import Compute
import Lattice
import Loops

extension GaugeNetwork {
  /// One layer.
  func apply(
    _ stage: NetworkComposition.Stage, to flow: inout NetworkFlow<Scalar>,
    _ parameters: Variable<Parameters<Scalar>>
  ) throws {
    let layer = stage.description
    func weight(_ suffix: String = "weight") throws -> Variable<Tensor<Scalar>> {
      try parameters.tensor("\(stage.name).\(suffix)")
    }
    switch layer.layer {
    case .plaquettes: try join(flow.links.plaquettes(), to: &flow)
    case .polyakovLoops: try join(flow.links.polyakovLoops(), to: &flow)
    case .loops: try join(flow.links.loops(stage.paths), to: &flow)
    case .corners: try join(flow.links.corners(), to: &flow)
    case .clovers: try join(flow.links.clovers(), to: &flow)
    case .signedPolyakovLoops: try join(flow.links.signedPolyakovLoops(), to: &flow)
    case .sharedConvolution, .sharedBilinear, .sharedConvolutionBilinear, .sharedDense:
      try applyShared(stage, to: &flow, parameters)
    case .linkImages: flow.channels = .images(flow.links.images())
    case .stout:
      for step in 1...(layer.steps ?? 1) {
        flow.links = try flow.links.stoutSmeared(rho: try weight("rho\(step)"))
      }
    case .convolution, .bilinear, .convolutionBilinear, .traceNorm, .exponential, .trace,
      .traceMagnitudes, .tracePowers, .chargePairs:
      guard case .matrices(let w) = flow.channels else { preconditionFailure("composed") }
      try applyToMatrices(stage, w, to: &flow, weight)
    case .activation: try activate(stage, &flow, weight)
    case .dense:
      let function = layer.function ?? .identity
      switch flow.channels {
      case .scalars(let s):
        flow.channels = .scalars(
          try s.dense(weight: try weight(), bias: try weight("bias")).applying(function))
      case .pooled(let x):
        flow.channels = .pooled(
          try x.dense(weight: try weight(), bias: try weight("bias")).applying(function))
      default: preconditionFailure("composed")
      }
    case .mean, .sum:
      switch flow.channels {
      case .scalars(let s):
        flow.channels = .pooled(layer.layer == .mean ? s.meanOverSites() : s.sumOverSites())
      case .images(let x):
        let axes = Array(2..<x.value.rank)
        flow.channels = .pooled(
          layer.layer == .mean ? try x.mean(over: axes) : try x.sum(over: axes))
      default: preconditionFailure("composed")
      }
    case .ordinaryConvolution:
      guard case .images(let x) = flow.channels else { preconditionFailure("composed") }
      flow.channels = .images(
        try x.convolved(
          weight: try weight(), bias: try weight("bias"), padding: .circular,
          dilation: layer.dilation ?? 1
        ).applying(layer.function ?? .identity))
    }
  }

  private func applyToMatrices(
    _ stage: NetworkComposition.Stage, _ w: Variable<SiteField<Scalar>>,
    to flow: inout NetworkFlow<Scalar>, _ weight: (String) throws -> Variable<Tensor<Scalar>>
  ) throws {
    let layer = stage.description
    switch layer.layer {
    case .convolution, .bilinear, .convolutionBilinear:
      let (kind, kernel) = (layer.layer, stage.kernel ?? .local)
      func mixed(
        _ w: Variable<SiteField<Scalar>>, _ links: Variable<LinkField<Scalar>>,
        _ a: Variable<Tensor<Scalar>>
      ) throws(LayerError) -> Variable<SiteField<Scalar>> {
        switch kind {
        case .convolution: try w.convolution(links: links, weight: a, kernel: kernel)
        case .bilinear: try w.bilinear(w, weight: a)
        default: try w.convolutionBilinear(links: links, weight: a, kernel: kernel)
        }
      }
      let a = try weight("weight")
      let result =
        layer.checkpoint == true
        ? try w.tape.checkpoint(w, flow.links, a) { _, w, links, a throws(LayerError) in
          try mixed(w, links, a)
        } : try mixed(w, flow.links, a)
      flow.channels = .matrices(layer.residual == true ? try result.adding(w) : result)
    case .traceNorm:
      flow.channels = .matrices(try w.traceNormalised(layer.scope ?? .standard))
    case .exponential:
      flow.links = try flow.links.multiplied(
        byExponentialOf: try w.linkExponents(beta: try weight("weight")))
    case .trace: flow.channels = .scalars(w.traces())
    case .chargePairs: flow.channels = .scalars(try w.chargePairs())
    case .traceMagnitudes: flow.channels = .scalars(w.traceMagnitudes())
    case .tracePowers: flow.channels = .scalars(try w.tracePowers(layer.power!))
    default: preconditionFailure("a layer of matrices")
    }
  }

  private func applyShared(
    _ stage: NetworkComposition.Stage, to flow: inout NetworkFlow<Scalar>,
    _ parameters: Variable<Parameters<Scalar>>
  ) throws {
    let (layer, prefix) = (stage.shared!, "\(stage.name).")
    let function = stage.description.function ?? .identity
    switch flow.channels {
    case .matrices(let w):
      let result =
        stage.description.checkpoint == true
        ? try w.tape.checkpoint(w, flow.links, parameters) { _, w, links, parameters in
          try layer(w, links: links, parameters, prefix: prefix)
        } : try layer(w, links: flow.links, parameters, prefix: prefix)
      flow.channels = .matrices(
        stage.description.residual == true ? try result.adding(w) : result)
    case .scalars(let s):
      flow.channels = .scalars(try layer(s, parameters, prefix: prefix).applying(function))
    case .pooled(let x):
      flow.channels = .pooled(
        try layer(pooled: x, parameters, prefix: prefix).applying(function))
    case .none, .images: preconditionFailure("composed")
    }
  }

  private func activate(
    _ stage: NetworkComposition.Stage, _ flow: inout NetworkFlow<Scalar>,
    _ weight: (String) throws -> Variable<Tensor<Scalar>>
  ) throws {
    let function = stage.description.function!
    switch flow.channels {
    case .matrices(let w):
      let bias = try weight("bias")
      flow.channels = .matrices(
        try w.gated(by: function, bias: stage.bias.map { $0.expanded(bias, []) } ?? bias))
    case .scalars(let s): flow.channels = .scalars(s.applying(function))
    case .pooled(let x): flow.channels = .pooled(x.applying(function))
    case .images(let x): flow.channels = .images(x.applying(function))
    case .none: preconditionFailure("composed")
    }
  }

  private func join(
    _ loops: Variable<SiteField<Scalar>>, to flow: inout NetworkFlow<Scalar>
  ) throws {
    if case .matrices(let w) = flow.channels {
      flow.channels = .matrices(try .concatenating([w, loops]))
    } else {
      flow.channels = .matrices(loops)
    }
  }
}
