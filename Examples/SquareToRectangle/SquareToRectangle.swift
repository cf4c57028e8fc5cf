import ArgumentParser
import Autodiff
import EquivariantLayers
import Groups
import SymmetryDetection

/// A square on 9 x 9 sites is to become a square, a rectangle or a random picture: which symmetry is left?
///
/// Three relaxed convolutions start equivariant under C_4 or D_4. Inputs and targets carry independent normal noise, so
/// that there are data to tell breaking from chance; noise of one variance has the symmetry of the lattice. The
/// symmetry of a task is what keeps both pictures: everything, the group of the rectangle, nothing.
struct SquareToRectangle: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read the symmetry of picture tasks from relaxed weights and from scores.")

  @OptionGroup var options: StudyOptions

  @Option(help: "The deviation of the noise on every pixel; pictures are 0 and 1.")
  var noise = 0.1

  @Flag(help: "Print the reading of the weights of every trial.")
  var verbose = false

  func validate() throws {
    guard noise > 0, noise.isFinite else {
      throw ValidationError("--noise is positive: without it nothing tells breaking from chance.")
    }
  }

  func run() throws {
    let seeds = options.seeds ?? (options.quick ? 1 : 20)
    var plan = SymmetryTrial.Plan(steps: options.quick ? 25 : 100)
    if options.quick { (plan.starts, plan.replicas) = (2, 7) }
    let table = Table(
      "group", "target", "its symmetry", "order", "by weights", "by score", "sizes of irreps")
    for name in ["C4", "D4"] {
      let network = try threeRelaxedLayers(
        LatticeGroup(named: name, dimension: 2), fields: 3, kernel: [3, 3])
      for target in PictureTask.Target.allCases {
        try study(target, network, plan, seeds, table)
      }
    }
  }

  private func study(
    _ target: PictureTask.Target, _ network: EquivariantNetwork, _ plan: SymmetryTrial.Plan,
    _ seeds: Int, _ table: Table
  ) throws {
    let group = network.group.group
    var trials = [SymmetryTrial]()
    var expected = group.whole
    for seed in options.seed..<(options.seed + UInt64(seeds)) {
      let task = try PictureTask(target, noise: noise, seed: seed)
      expected = try task.symmetry(under: network.group)
      let trial = try SymmetryTrial(network, plan, seed: seed, expected: expected) { set, batch in
        { tape, parameters in
          let (x, y) = try task.batch(set: set, number: batch, count: 2)
          return try network(tape.constant(x), LayerWeights(parameters))
            .meanSquaredError(to: tape.constant(y))
        }
      }
      if verbose { for line in trial.byWeights.lines { print(line) } }
      trials.append(trial)
    }
    let sizes = group.irreps.filter { !$0.isTrivial }.map { irrep in
      "\(irrep.name) \(spread(trials.map { largestSize($0.byWeights, irrep.name) }))"
    }
    table.add(
      group.name, target.rawValue, expected.name ?? "a subgroup", "\(expected.order)",
      "\(trials.count { $0.weightsAreExact }) of \(seeds)",
      "\(trials.count { $0.scoreIsExact }) of \(seeds)", sizes.joined(separator: ", "))
  }
}
