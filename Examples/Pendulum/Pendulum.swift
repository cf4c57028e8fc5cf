import ArgumentParser
import EquivariantLayers
import Groups
import SymmetryDetection

/// Is the motion of a pendulum the same backwards? Without damping it is, with it not.
///
/// Three convolutions along time, relaxed under {1, reversal of time}, fill in what happened between two looks.
struct Pendulum: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read time reversal from relaxed weights and from scores.")

  @OptionGroup var options: StudyOptions

  @Option(help: "The damping of the damped pendulum; its frequency is 1.")
  var damping = 0.1

  @Option(help: "The deviation of the noise on the two looks.")
  var noise = 0.02

  @Flag(help: "Print the reading of the weights of every trial.")
  var verbose = false

  func validate() throws {
    guard damping > 0, damping < 1, noise >= 0, noise.isFinite else {
      throw ValidationError("--damping is in (0, 1) and --noise 0 or more.")
    }
  }

  func run() throws {
    let seeds = options.seeds ?? (options.quick ? 2 : 20)
    var plan = SymmetryTrial.Plan(steps: options.quick ? 60 : 200)
    // Many starts, so that it can be told whether they agree on signs.
    (plan.starts, plan.replicas) = (8, 3)
    if options.quick { (plan.starts, plan.replicas) = (2, 7) }
    let network = try threeRelaxedLayers(
      LatticeGroup.timeReversal(dimension: 1), fields: 4, kernel: [5])
    let table = Table(
      "pendulum", "damping", "by weights: broken", "by score: broken",
      "its sign agrees between starts", "size of the odd part")
    for value in [0, damping] { try study(value, network, plan, seeds, table) }
  }

  private func study(
    _ damping: Double, _ network: EquivariantNetwork, _ plan: SymmetryTrial.Plan, _ seeds: Int,
    _ table: Table
  ) throws {
    let group = network.group.group
    var trials = [SymmetryTrial]()
    for seed in options.seed..<(options.seed + UInt64(seeds)) {
      let task = PendulumTask(damping: damping, noise: noise, seed: seed)
      let trial = try SymmetryTrial(
        network, plan, seed: seed, expected: damping == 0 ? group.whole : group.trivialSubgroup
      ) { set, batch in
        { tape, parameters in
          let (x, y) = try task.batch(set: set, number: batch, count: 32)
          return try network(tape.constant(x), LayerWeights(parameters))
            .meanSquaredError(to: tape.constant(y))
        }
      }
      if verbose { for line in trial.byWeights.lines { print(line) } }
      trials.append(trial)
    }
    let isBroken = damping > 0
    func broken(_ exact: (SymmetryTrial) -> Bool) -> String {
      "\(trials.count { exact($0) == isBroken }) of \(seeds)"
    }
    let directions = trials.flatMap { $0.byWeights.parts.compactMap(\.directionP) }
    let shared = directions.count { $0 <= 0.05 }
    let odd = group.irreps.first { !$0.isTrivial }!.name
    table.add(
      damping == 0 ? "undamped" : "damped", "\(damping)", broken(\.weightsAreExact),
      broken(\.scoreIsExact),
      isBroken ? "in \(shared) of \(directions.count) broken weights" : "-",
      spread(trials.map { largestSize($0.byWeights, odd) }))
  }
}
