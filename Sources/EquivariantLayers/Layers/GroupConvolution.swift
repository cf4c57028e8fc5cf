import Autodiff
import Compute

/// A group convolution of regular fields, or the lifting of other fields to regular ones:
///
///     f_2(x, r) = sum_{r'} sum_y f_1(y, r') psi(r^-1 (y - x), r^-1 r') + b        (group)
///     f_1(x, r) = sum_y psi(r^-1 (y - x)) . rho(r^-1) f(y) + b                    (lifting)
///
/// rho = 1 for scalar fields; a velocity is odd under time reversal, a vector turns (T. Cohen and M. Welling, arXiv:1602.07576). Relaxed, psi becomes sum_l w_l psi_l with weights of elements
/// (formula 3 of arXiv:2310.02299) or of sites, sum_l w_l(x) (psi_l * f)(x).
///
/// Weights: `weight` [L, out, in, |G|, k_0, ...] (lifting: [L, out, channels, 1, k_0, ...]), `bias` [out],
/// `relaxed.group` [L, |G|], `relaxed.translation` [L, n_0, ...].
public struct GroupConvolution: EquivariantLayer {
  public let input: FieldType
  public let output: FieldType
  /// Odd sizes, equal along axes that the group exchanges.
  public let kernel: [Int]
  public let padding: ConvolutionPadding
  public let relaxation: Relaxation
  public let hasBias: Bool
  /// Whether fields are lifted; their relaxed weights belong to elements of the output.
  public let lifts: Bool
  private let filter: GroupFilter

  public var name: String { lifts ? "liftingConvolution" : "groupConvolution" }

  /// A group convolution.
  ///
  /// - Parameters:
  ///   - group: what weights are shared under.
  ///   - inputs: regular fields that are read.
  ///   - outputs: regular fields that are written.
  ///   - kernel: odd sizes.
  /// - Throws: `.setting` and `.lattice` for sizes that the group does not allow, no banks or fields.
  public init(
    _ group: LatticeGroup, inputs: Int, outputs: Int, kernel: [Int],
    padding: ConvolutionPadding = .circular, relaxation: Relaxation = .none, bias: Bool = true
  ) throws(EquivariantError) {
    try self.init(
      input: .regular(group, inputs), outputs: outputs, kernel, padding, relaxation, bias,
      lifts: false)
  }

  /// The lifting of scalar fields.
  ///
  /// - Throws: as for a group convolution.
  public init(
    lifting inputs: Int, to outputs: Int, _ group: LatticeGroup, kernel: [Int],
    padding: ConvolutionPadding = .circular, relaxation: Relaxation = .none, bias: Bool = true
  ) throws(EquivariantError) {
    try self.init(
      input: .scalar(group, inputs), outputs: outputs, kernel, padding, relaxation, bias,
      lifts: true)
  }

  /// The lifting of fields whose components elements permute, perhaps with signs.
  ///
  /// - Throws: as for a group convolution, `.representation` for fields whose components are mixed otherwise.
  public init(
    lifting fields: FieldType, to outputs: Int, kernel: [Int],
    padding: ConvolutionPadding = .circular, relaxation: Relaxation = .none, bias: Bool = true
  ) throws(EquivariantError) {
    try fields.require(
      layer: "liftingConvolution", "fields whose components are permuted or change sign"
    ) { $0.isSignedPermutation }
    try self.init(
      input: fields, outputs: outputs, kernel, padding, relaxation, bias, lifts: true)
  }

  private init(
    input: FieldType, outputs: Int, _ kernel: [Int], _ padding: ConvolutionPadding,
    _ relaxation: Relaxation, _ bias: Bool, lifts: Bool
  ) throws(EquivariantError) {
    let group = input.group
    let layer = lifts ? "liftingConvolution" : "groupConvolution"
    try requirePositive("the filter banks", relaxation.banks, layer: layer)
    let window = try KernelWindow(kernel, group: group, layer: layer)
    if let extents = relaxation.translation {
      try group.require(extents: extents, layer: "the relaxed translation of \(layer)")
    }
    self.input = input
    output = try .regular(group, outputs)
    (self.kernel, self.padding, self.relaxation) = (kernel, padding, relaxation)
    (hasBias, self.lifts) = (bias, lifts)
    filter = GroupFilter(
      input, window: window, outputs: outputs, banks: relaxation.banks,
      weighting: lifts ? .output : relaxation.group ?? .output)
  }

  private var weightShape: [Int] {
    let fields = lifts ? [filter.channels, 1] : [input.count, filter.order]
    return [relaxation.banks, filter.outputs] + fields + kernel
  }
  private var groupShape: [Int] { [relaxation.banks, filter.order] }

  public var parameters: [LayerParameter] {
    let fanIn = filter.channels * filter.places * relaxation.banks
    var result = [
      LayerParameter(name: "weight", shape: weightShape, start: .normal(fanIn: fanIn, gain: 1))
    ]
    if hasBias {
      result.append(.init(name: "bias", shape: [filter.outputs], start: .constant(0)))
    }
    if relaxation.group != nil {
      result.append(
        .init(
          name: Relaxation.groupName, shape: groupShape, start: .constant(1), relaxed: .elements))
    }
    if let extents = relaxation.translation {
      result.append(
        .init(
          name: Relaxation.translationName, shape: [relaxation.banks] + extents,
          start: .constant(1), relaxed: .sites(extents, wraps: padding == .circular)))
    }
    return result
  }

  public var fixedPoint: FixedPoint? {
    padding == .circular && relaxation.translation == nil ? nil : .centre
  }

  public var settings: String {
    "\(name)(\(input) -> \(output), kernel \(kernel), \(padding.rawValue), "
      + "banks \(relaxation.banks), group \(relaxation.group?.rawValue ?? "strict"), "
      + "translation \(relaxation.translation.map { "\($0)" } ?? "strict"))"
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
    let psi = try weights.tensor("weight", shape: weightShape)
    let w =
      relaxation.group == nil
      ? nil : try weights.tensor(Relaxation.groupName, shape: groupShape)
    let separate = relaxation.translation != nil
    let filter = try expanded(psi, w, separate: separate)
    let bias = hasBias ? try weights.tensor("bias", shape: [self.filter.outputs]) : nil
    return try convolve(
      x, filter,
      bias: bias.map { fieldNumbers($0, of: Array(0..<self.filter.outputs), in: output) },
      of: output, padding: padding, relaxation: relaxation, weights)
  }

  /// The filter of the ordinary convolution, `[out |G|, in |G|, k_0, ...]`.
  private func expanded<Scalar: LatticeReal>(
    _ psi: Variable<Tensor<Scalar>>, _ w: Variable<Tensor<Scalar>>?, separate: Bool
  ) throws(EquivariantError) -> Variable<Tensor<Scalar>> {
    let filter = filter
    let shape =
      [filter.rows(separate: separate), filter.channels] + kernel
    let value = try tensors { () throws(AutodiffError) in
      try Tensor(
        shape: shape, values: filter.filter(psi.value, w?.value, separate: separate))
    }
    let inputs: [any AnyVariable] = [psi] + (w.map { [$0] } ?? [])
    return psi.tape.record(value, inputs: inputs) { g, cotangents in
      let parts = filter.adjoint(g, psi.value, w?.value, separate: separate)
      cotangents.add(tensor(psi.value.shape, parts.psi), to: psi)
      if let w { cotangents.add(tensor(w.value.shape, parts.w), to: w) }
    }
  }
}

/// A tensor whose values are known to fill its shape.
func tensor<Scalar: LatticeReal>(_ shape: [Int], _ values: [Scalar]) -> Tensor<Scalar> {
  try! Tensor(shape: shape, values: values)
}
