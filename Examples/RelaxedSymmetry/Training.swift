import Autodiff
import EquivariantLayers
import Groups
import SymmetryDetection

/// A loss on a tape, of the batch of a step.
typealias StepLoss = (Int, Tape, Variable<Parameters<Double>>) throws -> Variable<Tensor<Double>>

/// Adam for so many steps.
func trained(
  _ start: Parameters<Double>, steps: Int, learningRate: Double, _ loss: StepLoss
) throws -> Parameters<Double> {
  var parameters = start
  var optimiser = try Adam<Double>()
  for step in 0..<steps {
    let tape = Tape()
    let variable = tape.variable(parameters)
    let gradients = tape.gradients(of: try loss(step, tape, variable))[variable]
    try optimiser.step(&parameters, gradients: gradients, learningRate: learningRate)
  }
  return parameters
}

/// Three convolutions with relaxed weights, from a scalar field to a scalar field.
func threeRelaxedLayers(
  _ group: LatticeGroup, fields: Int, kernel: [Int]
) throws -> EquivariantNetwork {
  let relaxation = Relaxation(banks: 1, group: .input)
  let first = try GroupConvolution(
    lifting: 1, to: fields, group, kernel: kernel, padding: .zero, relaxation: relaxation)
  let second = try GroupConvolution(
    group, inputs: fields, outputs: fields, kernel: kernel, padding: .zero,
    relaxation: relaxation)
  let third = try GroupConvolution(
    group, inputs: fields, outputs: 1, kernel: kernel, padding: .zero, relaxation: relaxation)
  return try EquivariantNetwork([
    first, try PointwiseNonlinearity(first.output, .tanh), second,
    try PointwiseNonlinearity(second.output, .tanh), third, try GroupPooling(third.output),
  ])
}

/// Both readings of one experiment, and whether each names exactly the symmetry that the data have.
struct SymmetryTrial {
  let byWeights: WeightReading
  let byScore: DetectionResult
  let weightsAreExact: Bool
  let scoreIsExact: Bool

  /// How the two readings are made.
  struct Plan {
    /// The level of both: what is symmetric is called broken in no more than this share of trials.
    var level = 0.001
    var starts = 4
    var replicas = 6
    var steps: Int
    var learningRate = 0.01
    /// The batches of the score test, which trains nothing.
    var batches = 128
  }

  /// - Parameters:
  ///   - loss: that of a batch: its set of data and its number in it. No two sets share data.
  init(
    _ network: EquivariantNetwork, _ plan: Plan, seed: UInt64, expected: Subgroup,
    _ loss:
      @escaping (_ set: Int, _ batch: Int) -> (Tape, Variable<Parameters<Double>>) throws ->
      Variable<Tensor<Double>>
  ) throws {
    var trainings = [[Parameters<Double>]]()
    for start in 0..<plan.starts {
      let parameters: Parameters<Double> = try network.initialParameters(
        seed: seed << 16 + UInt64(start))
      trainings.append(
        try (0..<plan.replicas).map { replica in
          let set = 1 + start * plan.replicas + replica
          return try trained(parameters, steps: plan.steps, learningRate: plan.learningRate) {
            try loss(set, $0)($1, $2)
          }
        })
    }
    byWeights = try WeightReader(level: plan.level, seed: seed)
      .read(WeightEnsemble(network, trainings))
    let test = try ScoreTest(network)
    let start: Parameters<Double> = try network.initialParameters(seed: seed << 16)
    let derivatives = try (0..<plan.batches).map { batch in
      try test.derivatives(at: start, of: loss(0, batch))
    }
    byScore = try test.detect(
      derivatives,
      detector: SymmetryDetector(draws: 1999, subgroupDraws: 4999, level: plan.level, seed: seed))
    weightsAreExact = try Self.names(byWeights.survivingGroups, expected)
    scoreIsExact = try Self.names(byScore.survivingGroups, expected)
  }

  private static func names(
    _ groups: [DetectionResult.SurvivingGroup], _ expected: Subgroup
  ) throws -> Bool {
    guard groups.count == 1, let found = groups.first else { return false }
    return try found.subgroup(of: expected.parent) == expected
  }
}

/// The size of what replicas agree on in an irrep, in units of the scalar part; the largest over layers.
func largestSize(_ reading: WeightReading, _ irrep: String) -> Double {
  let powers = reading.parts.filter { $0.irrep == irrep }.map(\.reproducedPower)
  return max(0, powers.max() ?? 0).squareRoot()
}
