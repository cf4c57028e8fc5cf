import Autodiff
import Compute

/// A parameter of one number.
func single<Scalar: LatticeReal>(_ value: Scalar) throws -> Parameters<Scalar> {
  try Parameters(["p": Tensor(value)])
}

/// The numbers a parameter goes through under given gradients.
func path<O: Optimiser>(
  _ optimiser: O, from start: O.Scalar, gradients: [O.Scalar], rate: Double
) throws -> [O.Scalar] {
  var optimiser = optimiser
  var parameters = try single(start)
  return try gradients.map {
    try optimiser.step(&parameters, gradients: try single($0), learningRate: rate)
    return parameters["p"]!.values[0]
  }
}

/// Tensors of given sizes with scattered numbers in -1 ..< 1.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
func waves<Scalar: LatticeReal>(_ sizes: [Int], phase: Double) throws -> Parameters<Scalar> {
  var result = Parameters<Scalar>()
  for (k, size) in sizes.enumerated() {
    var state = UInt64(k) &* 77 &+ UInt64(phase * 1000)
    let values = (0..<size).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Scalar(Double(state >> 40) * 0x1p-23 - 1)
    }
    try result.add("layer\(k).weight", Tensor(shape: [size], values: values))
  }
  return result
}

func isClose(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
}
