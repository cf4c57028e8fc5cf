import Compute
import GaugeLayers
import Lattice
import TestSupport

/// A layer with some of its settings.
func layer(
  _ kind: LayerDescription.Kind, _ change: (inout LayerDescription) -> Void = { _ in }
) -> LayerDescription {
  var layer = LayerDescription(kind)
  change(&layer)
  return layer
}

/// The merged layer.
func merged(_ channels: Int, size: Int, residual: Bool? = nil) -> LayerDescription {
  layer(.convolutionBilinear) {
    $0.channels = channels
    $0.size = size
    $0.residual = residual
  }
}

func dense(_ channels: Int, _ function: Activation? = nil) -> LayerDescription {
  layer(.dense) {
    $0.channels = channels
    $0.function = function
  }
}

extension NetworkDescription {
  /// A network whose composition is of interest, in two dimensions unless told otherwise.
  static func of(
    _ layers: [LayerDescription], group: GaugeGroup = .su2, dimension: Int = 2,
    convention: KernelConvention = .prl2022
  ) -> NetworkDescription {
    NetworkDescription(group: group, dimension: dimension, convention: convention, layers: layers)
  }

  /// All kinds of gauge-equivariant layers one after another, with smooth functions.
  static func everything(_ group: GaugeGroup, dimension: Int) -> NetworkDescription {
    .of(
      [
        layer(.stout) { $0.steps = 2 },
        layer(.plaquettes),
        layer(.exponential),
        layer(.polyakovLoops),
        layer(.loops) { $0.paths = ["+x +y -x -y", "+x +x +y -x -x -y"] },
        layer(.convolution) {
          $0.channels = 2
          $0.size = 2
          $0.complex = true
          $0.symmetric = true
        },
        layer(.activation) { $0.function = .softplus },
        layer(.bilinear) {
          $0.channels = 2
          $0.residual = true
        },
        layer(.traceNorm),
        merged(2, size: 2, residual: true),
        layer(.trace),
        dense(3, .tanh),
        layer(.mean),
        dense(2),
      ], group: group, dimension: dimension)
  }
}

/// The parameters a network begins with, moved, so that biases are not zero.
func movedParameters<S: LatticeReal>(
  _ network: GaugeNetwork<S>, seed: UInt64 = 3
) throws -> Parameters<S> {
  let start = try network.initialParameters(seed: seed)
  return start.moved(along: start.randomDirection(seed: seed), by: 0.2)
}
