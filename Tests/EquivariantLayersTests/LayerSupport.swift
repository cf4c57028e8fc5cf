import Autodiff
import Compute
import EquivariantLayers
import Foundation
import Groups
import TestSupport

/// The reference vectors of relaxed group convolutions.
enum ConvolutionVectors {
  static var areEnabled: Bool { SharedFolder.runs("vectors/groups") }

  /// A nested array of numbers with its shape.
  struct Array: Decodable {
    var shape: [Int]
    var values: [Double]

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      (shape, values) = ([0], [])
      while !list.isAtEnd {
        if let number = try? list.decode(Double.self) {
          values.append(number)
          shape = [values.count]
        } else {
          let inner = try list.decode(Array.self)
          values += inner.values
          shape = [shape[0] + 1] + inner.shape
        }
      }
    }
  }

  struct Square: Decodable {
    let x, psiLift, wLift, yLift, psiG, wG: Array
    let outWOfH, outWOfG, pooledWOfH, pooledWOfG: Array
  }

  struct GroupOnly: Decodable {
    struct Case: Decodable {
      let f, psi, w, outRelaxed, outStrict, relativeEePerElement: Array
    }
    let groups: [String: Case]
  }

  private struct PointGroups: Decodable {
    struct Table: Decodable { let elements: [[[Int]]] }
    let tables: [String: Table]
  }

  /// A group with its elements in the order of the reference.
  static func group(_ key: String) throws -> LatticeGroup {
    let file: PointGroups = try read("point_groups")
    let elements = try (file.tables[key]?.elements ?? []).map { matrix in
      let columns = matrix.indices.map { j in matrix.map { $0[j] } }
      return try SignedPermutation(
        images: columns.map { $0.firstIndex { $0 != 0 }! }, signs: columns.map { $0.reduce(0, +) })
    }
    return try LatticeGroup(
      FiniteGroup(name: key, generatedBy: [SignedPermutation](elements.dropFirst())))
  }

  static func read<T: Decodable>(_ name: String) throws -> T {
    let url = SharedFolder.url.appendingPathComponent("vectors/groups/\(name).json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(T.self, from: Data(contentsOf: url))
  }
}

/// Independent normal numbers.
func normal(_ shape: [Int], seed: UInt64) throws -> Tensor<Double> {
  try Tensor.initialised(shape: shape, fanIn: 1, seed: seed, stream: 77)
}

/// Parameters of a layer that are normal and not those it begins with, but relaxed ones are kept at 1.
func randomParameters(
  _ layer: some EquivariantLayer, seed: UInt64, relaxed: Bool = false
) throws -> Parameters<Double> {
  var result: Parameters<Double> = try layer.initialParameters(seed: seed)
  for (k, parameter) in layer.parameters.enumerated() {
    guard relaxed || !parameter.isRelaxed else { continue }
    try result.update(parameter.name, try normal(parameter.shape, seed: seed + 100 + UInt64(k)))
  }
  return result
}

/// The value of a layer for constants.
func value<Scalar: LatticeReal>(
  _ layer: some EquivariantLayer, _ x: Tensor<Scalar>, _ parameters: Parameters<Scalar>
) throws -> Tensor<Scalar> {
  let tape = Tape()
  return try layer(tape.constant(x), LayerWeights(tape.constant(parameters))).value
}

/// |a - b| / |b|
func relativeDifference<Scalar: LatticeReal>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Double {
  guard a.shape == b.shape else { return .infinity }
  var (difference, size) = (0.0, 0.0)
  for (x, y) in zip(a.values, b.values) {
    difference += Double(x - y) * Double(x - y)
    size += Double(y) * Double(y)
  }
  return (difference / size).squareRoot()
}

/// |f(g x) - g f(x)| / |f(x)| for every element.
func equivarianceErrors<Scalar: LatticeReal>(
  _ layer: some EquivariantLayer, _ x: Tensor<Scalar>, _ parameters: Parameters<Scalar>,
  about fixed: FixedPoint? = nil
) throws -> [Double] {
  let fixed = fixed ?? layer.fixedPoint ?? .centre
  let y = try value(layer, x, parameters)
  return try (0..<layer.input.group.order).map { g in
    let moved = try value(layer, try layer.input.transformed(x, by: g, about: fixed), parameters)
    let expected =
      y.rank == 2
      ? try layer.output.transformedComponents(y, by: g)
      : try layer.output.transformed(y, by: g, about: fixed)
    return relativeDifference(moved, expected)
  }
}

/// Compares the adjoints of a layer to input and weights with differences.
func gradientReport(
  _ layer: some EquivariantLayer, _ x: Tensor<Double>, _ parameters: Parameters<Double>
) throws -> GradientReport {
  let tape = Tape()
  let shape = try layer(tape.constant(x), LayerWeights(tape.constant(parameters))).value.shape
  let weights = try normal(shape, seed: 991)
  func loss(
    _ y: Variable<Tensor<Double>>, _ tape: Tape
  ) throws -> Variable<Tensor<Double>> {
    try y.multiplied(by: y).adding(y).multiplied(by: tape.constant(weights)).sum()
  }
  if parameters.isEmpty {
    return try checkGradients(at: x) { tape, x in
      try loss(layer(x, LayerWeights(tape.constant(parameters))), tape)
    }
  }
  return try checkGradients(at: x, parameters) { tape, x, parameters in
    try loss(layer(x, LayerWeights(parameters)), tape)
  }
}
