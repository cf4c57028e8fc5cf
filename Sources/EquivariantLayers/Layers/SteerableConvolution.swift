import Autodiff
import Compute

/// A convolution of fields of any representations, with every filter that is equivariant and no other:
///
///     f_out(x) = sum_y K(y) f_in(x + y),  K(y) = sum_i c_i phi_i(y),  phi_i(g y) = rho_out(g) phi_i(y) rho_in(g)^-1
///
/// Relaxed, c_i becomes c_i w_i(y) with weights of basis elements and displacements (formula 5, arXiv:2310.02299;
/// there they begin at random, here at 1, so that the layer begins equivariant); or translations are relaxed by
/// weights w(x) of sites.
///
/// Weights: `weight.O.I` [fields out, fields in, elements of the basis] for block O of the output and I of the
/// input, `bias` of one number for every field whose components are permuted, `relaxed.basis.O.I`
/// [elements, places of the kernel], `relaxed.translation` [1, n_0, ...].
public struct SteerableConvolution: EquivariantLayer {
  public let name = "steerableConvolution"
  public let input: FieldType
  public let output: FieldType
  public let kernel: [Int]
  public let padding: ConvolutionPadding
  /// Whether basis elements have weights w_i(y).
  public let isRelaxed: Bool
  /// The lattice of weights of sites; nil for none.
  public let translation: [Int]?
  public let hasBias: Bool
  private let filter: SteerableFilter
  private let biasedFields: [Int]

  /// - Throws: `.representation` for fields of two groups or where no filter is equivariant, `.setting` and
  ///   `.lattice` for sizes that the group does not allow.
  public init(
    _ input: FieldType, to output: FieldType, kernel: [Int],
    padding: ConvolutionPadding = .circular, relaxed: Bool = false, translation: [Int]? = nil,
    bias: Bool = true
  ) throws(EquivariantError) {
    guard input.group == output.group else {
      throw .representation(
        layer: name, expected: "fields of \(input.group.name)", found: "\(output)")
    }
    let window = try KernelWindow(kernel, group: input.group, layer: name)
    if let translation {
      try input.group.require(extents: translation, layer: "the relaxed translation of \(name)")
    }
    (self.input, self.output, self.kernel, self.padding) = (input, output, kernel, padding)
    (isRelaxed, self.translation) = (relaxed, translation)
    filter = SteerableFilter(input, output, window: window)
    biasedFields = output.fields.indices.filter { output.fields[$0].representation.isPermutation }
    hasBias = bias && !biasedFields.isEmpty
    guard !filter.pairs.isEmpty else {
      throw .representation(
        layer: name, expected: "fields between which an equivariant filter exists",
        found: "\(input) and \(output) with the kernel \(kernel)")
    }
  }

  /// The number of equivariant filters between two fields of the first blocks, ..., for all pairs of blocks.
  public var basisCounts: [String: Int] {
    Dictionary(uniqueKeysWithValues: filter.pairs.map { ($0.name, $0.basis.count) })
  }

  private var relaxation: Relaxation { .init(banks: 1, group: nil, translation: translation) }

  public var parameters: [LayerParameter] {
    var result = filter.parameters(relaxed: isRelaxed)
    if hasBias {
      result.append(.init(name: "bias", shape: [biasedFields.count], start: .constant(0)))
    }
    if let translation {
      result.append(
        .init(
          name: Relaxation.translationName, shape: [1] + translation, start: .constant(1),
          relaxed: .sites(translation, wraps: padding == .circular)))
    }
    return result
  }

  public var fixedPoint: FixedPoint? {
    padding == .circular && translation == nil ? nil : .centre
  }

  public var settings: String {
    "\(name)(\(input) -> \(output), kernel \(kernel), \(padding.rawValue), "
      + "basis \(isRelaxed ? "relaxed" : "strict"), "
      + "translation \(translation.map { "\($0)" } ?? "strict"))"
  }

  public func outputExtents(_ extents: [Int]) throws(EquivariantError) -> [Int] {
    try input.group.require(extents: extents, layer: name)
    let result = padding == .none ? zip(extents, kernel).map { $0 - $1 + 1 } : extents
    try requireRelaxed(relaxation, on: result, layer: name)
    return result
  }

  public func evaluate<Scalar: LatticeReal>(
    _ x: Variable<Tensor<Scalar>>, _ weights: LayerWeights<Scalar>
  ) throws(EquivariantError) -> Variable<Tensor<Scalar>> {
    let filter = try filter.expanded(
      weights, relaxed: isRelaxed, shape: [output.channels, input.channels] + kernel)
    let bias = hasBias ? try weights.tensor("bias", shape: [biasedFields.count]) : nil
    return try convolve(
      x, filter, bias: bias.map { fieldNumbers($0, of: biasedFields, in: output) }, of: output,
      padding: padding, relaxation: relaxation, weights)
  }
}
