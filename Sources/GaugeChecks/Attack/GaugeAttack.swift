import Compute
import GaugeLayers
import Lattice

/// Attacks on the gauge symmetry of a model: how far transformations of the links, which change nothing
/// that can be measured, move what it predicts.
///
/// ```swift
/// let report = try GaugeAttack.random(on: links, seed: 1) { links in
///   try network(links, links.tape.constant(parameters))
/// }
/// ```
///
/// Random and adversarial transformations of a network are compared in arXiv:2012.12901.
public enum GaugeAttack {
  /// A prediction from links, of shape [batch, ...]. Members of a batch must not feel each other.
  public typealias Model<Scalar: LatticeReal> = (Variable<LinkField<Scalar>>) throws -> Variable<
    Tensor<Scalar>
  >

  /// The change under Haar-random transformations.
  ///
  /// - Parameters:
  ///   - links: the configurations of which predictions are made.
  ///   - name: what the report calls the model.
  ///   - transformations: how many there are of every configuration.
  public static func random<Scalar: LatticeReal>(
    on links: LinkField<Scalar>, of name: String = "model", transformations: Int = 10,
    seed: UInt64, model: Model<Scalar>
  ) throws -> GaugeAttackReport {
    let prediction = try model(Tape().constant(links)).value
    var report = GaugeAttackReport(.random, name, links, prediction, seed: seed)
    for number in 0..<transformations {
      let g = randomTransformation(of: links, seed: seed, number: number)
      let moved = try model(Tape().constant(links.transformed(by: g))).value
      report.include(PredictionChange(from: prediction, to: moved).norms)
    }
    return report
  }

  /// The change under transformations that are looked for by gradient ascent.
  ///
  /// Every configuration starts from a random transformation and climbs |f(U^g) - f(U)| along the
  /// divergence of its link gradient (`AlgebraField.gaugeDivergence`), of root mean square norm 1 over
  /// the sites, with a step of its own: a fifth longer after success, half as long and back after
  /// failure.
  ///
  /// - Parameters:
  ///   - steps: of every ascent, each a prediction with its gradient.
  ///   - starts: ascents from different transformations, of which the report has the best.
  ///   - firstStep: how far a site is rotated by the first step, a Frobenius norm in the algebra.
  public static func adversarial<Scalar: LatticeReal>(
    on links: LinkField<Scalar>, of name: String = "model", steps: Int = 50, starts: Int = 1,
    firstStep: Double = 0.3, seed: UInt64, model: Model<Scalar>
  ) throws -> GaugeAttackReport {
    let prediction = try model(Tape().constant(links)).value
    var report = GaugeAttackReport(.adversarial, name, links, prediction, seed: seed)
    for start in 0..<starts {
      let g = try climb(
        links, prediction, steps: steps, firstStep: firstStep,
        from: randomTransformation(of: links, seed: seed, number: start), model)
      let moved = try model(Tape().constant(links.transformed(by: g))).value
      report.include(PredictionChange(from: prediction, to: moved).norms)
    }
    return report
  }

  /// The transformation that an ascent of `adversarial` ends with.
  ///
  /// - Parameter prediction: that of the links as they are.
  static func climb<Scalar: LatticeReal>(
    _ links: LinkField<Scalar>, _ prediction: Tensor<Scalar>, steps: Int, firstStep: Double,
    from start: SiteField<Scalar>, _ model: Model<Scalar>
  ) throws -> SiteField<Scalar> {
    var ascent = GaugeAscent(from: start, step: firstStep)
    for _ in 0..<steps {
      let tape = Tape()
      let moved = tape.variable(links.transformed(by: ascent.transformation))
      let output = try model(moved)
      let change = PredictionChange(from: prediction, to: output.value)
      // Of a model that does not look at its links.
      guard output.isActive else { return ascent.transformation }
      let force = tape.gradients(of: output, cotangent: change.direction)[moved]
      ascent.move(change.norms, force.gaugeDivergence(over: moved.value))
    }
    let last = try model(Tape().constant(links.transformed(by: ascent.transformation))).value
    ascent.settle(PredictionChange(from: prediction, to: last).norms)
    return ascent.transformation
  }

  private static func randomTransformation<Scalar>(
    of links: LinkField<Scalar>, seed: UInt64, number: Int
  ) -> SiteField<Scalar> {
    let words = RandomStream(seed: seed, purpose: .attack).words(UInt32(number), 0, 0, 0)
    var g = SiteField<Scalar>(layout: links.layout, group: links.group)
    g.setHaarRandom(seed: UInt64(words[0]) << 32 | UInt64(words[1]))
    return g
  }
}

/// The difference of two predictions [batch, ...].
struct PredictionChange<Scalar: LatticeReal> {
  /// The Euclidean norm for every batch member; infinite where a prediction is not finite.
  let norms: [Double]
  /// The difference over its norm: the derivative of the norms with respect to the second prediction.
  let direction: Tensor<Scalar>

  init(from first: Tensor<Scalar>, to second: Tensor<Scalar>) {
    precondition(first.shape == second.shape, "predictions of one shape")
    let inner = first.count / first.shape[0]
    var norms = [Double]()
    var values = [Scalar]()
    values.reserveCapacity(first.count)
    for member in 0..<first.shape[0] {
      let range = (member * inner)..<((member + 1) * inner)
      let differences = range.map { Double(second.values[$0]) - Double(first.values[$0]) }
      let norm = differences.reduce(0) { $0 + $1 * $1 }.squareRoot()
      norms.append(norm.isFinite ? norm : .infinity)
      values += differences.map { norm > 0 && norm.isFinite ? Scalar($0 / norm) : 0 }
    }
    self.norms = norms
    direction = try! Tensor(shape: first.shape, values: values)
  }
}
