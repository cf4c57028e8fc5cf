import ComplexModule
import Foundation
import GaugeChecks
import GaugeLayers
import Sampling
import Testing
import Training

extension Variable {
  /// The hermitian part of every channel, (W + W^dagger) / 2.
  func hermitianPart() throws -> Variable where Value == SiteField<Double> {
    try adding(adjoint()).scaled(by: 0.5)
  }
}

extension Variable {
  /// s_c(x) = Re tr(W_c(x) W_c(x)^dagger) / N; adjoint 2 g W / N.
  func squaredNorms() -> Variable<ScalarField<Double>> where Value == SiteField<Double> {
    let (w, n) = (value, Double(value.group.n))
    func forEach(_ body: (_ site: Int, _ channel: Int, _ member: Int) -> Void) {
      for member in 0..<w.layout.batch {
        for site in 0..<w.geometry.volume {
          for channel in 0..<w.channels { body(site, channel, member) }
        }
      }
    }
    var s = ScalarField<Double>(layout: w.layout, channels: w.channels)
    forEach { x, c, m in s[x, c, m] = (w[x, c, m] * w[x, c, m].adjoint).trace.real / n }
    return tape.record(s, inputs: [self]) { g, cotangents in
      cotangents.update(self) { sum in
        forEach { x, c, m in
          sum[x, c, m] = sum[x, c, m] + Complex(2 * g[x, c, m] / n) * w[x, c, m]
        }
      }
    }
  }
}

/// The article "From links to a trained model": its code, word for word.
@Suite("From links to a trained model")
struct FromLinksToATrainedModelTests {
  @Test("the code of the article runs")
  func article() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "latticegauge-\(UUID().uuidString)"
    ).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }

    let couplings = [0.5, 1.5, 2.5, 3.5, 4.5]
    let ensemble = try ConfigurationStore<Double>.sampled(
      Geometry([8, 8]), group: .su2, betas: couplings, count: 40, sweeps: 20, seed: 1, stream: 0)
    let data = try Dataset(ensemble, [.wilsonLoop(1, 2)])
    let (links, labels) = try data.batch(0..<data.count)

    func prediction(
      _ links: Variable<LinkField<Double>>, _ p: Variable<Parameters<Double>>
    ) throws -> Variable<Tensor<Double>> {
      try links.plaquettes()
        .convolutionBilinear(
          links: links, weight: p.tensor("layer.weight"), kernel: TransportKernel(size: 2)
        )
        .traces()
        .meanOverSites()
        .dense(weight: p.tensor("head.weight"), bias: p.tensor("head.bias"))
    }

    var parameters = try Parameters<Double>([
      "layer.weight": .initialised(shape: [2, 3, 7], fanIn: 21, seed: 1, stream: 0),
      "head.weight": .initialised(shape: [1, 4], fanIn: 4, seed: 1, stream: 1),
      "head.bias": Tensor(shape: [1]),
    ])

    var optimiser = try AdamW<Double>(weightDecay: 0, isAMSGrad: true)
    var losses = [Double]()
    for _ in 0..<100 {
      let tape = Tape()
      let p = tape.variable(parameters)
      let loss = try prediction(tape.constant(links), p)
        .meanSquaredError(to: tape.constant(labels))
      let gradients = tape.gradients(of: loss)[p]
      try optimiser.step(&parameters, gradients: gradients, learningRate: 0.01)
      losses.append(loss.value.values[0])
    }

    #expect(losses.allSatisfy(\.isFinite) && losses[99] < 0.3 * losses[0])

    let description = try NetworkDescription(
      json: Data(
        #"""
        {
          "group": "su2", "dimension": 2,
          "layers": [
            {"layer": "plaquettes"},
            {"layer": "convolutionBilinear", "channels": 2, "size": 2},
            {"layer": "trace"}, {"layer": "mean"}, {"layer": "dense", "channels": 1}
          ]
        }
        """#.utf8))
    let network = try GaugeNetwork<Double>(description)

    var settings = TrainingSettings(epochs: 5, batch: 50, rate: 3e-3)
    settings.polish = 150
    var trainer = try Trainer(network, data, settings)
    while !trainer.isFinished { try trainer.makeStep() }

    let test = try Dataset<Double>(
      .sampled(
        Geometry([16, 16]), group: .su2, betas: couplings, count: 8, sweeps: 20, seed: 1, stream: 1),
      [.wilsonLoop(1, 2)])
    let evaluation = try Evaluation(network, trainer.parameters, test)
    print("MSE / variance:", evaluation.loss / evaluation.labelVariances[0])

    #expect(evaluation.loss < 1e-20 * evaluation.labelVariances[0])

    let trained = try NetworkWeights(network, trainer.parameters, targets: data.targets)
    try trained.write(to: "\(folder)/weights.safetensors")
    let weights = try NetworkWeights<Double>(path: "\(folder)/weights.safetensors", of: description)
    #expect(weights.parameters == trainer.parameters && weights.targets == ["W1x2"])

    let attack = try GaugeAttack.adversarial(on: links, of: "W(1x2)", steps: 20, seed: 1) {
      try weights($0)
    }
    print(attack)
    #expect(attack.holds(), "\(attack)")

    try ownLayers()

    let action = try WilsonAction(beta: 2, dimension: 2) + LearnedAction(weights, coupling: 8)
    let hmc = HybridMonteCarlo(MolecularDynamics([.init(action, steps: 10)]), seed: 1)
    var chains = links
    let outcomes = hmc.update(&chains, trajectory: 0)
    #expect(outcomes.count == 200 && outcomes.contains(where: \.isAccepted))
  }

  private func ownLayers() throws {
    var links = try LinkField<Double>(Geometry([3, 4]), group: .su3, batch: 3)
    links.setHaarRandom(seed: 1)
    let weight = try Tensor<Double>.initialised(
      shape: [2, 3, 3], fanIn: 9, seed: 1, stream: 0)

    let report = try checkGradients(at: links) { tape, links in
      try links.plaquettes().bilinear(links.plaquettes(), weight: tape.constant(weight))
        .hermitianPart().squaredNorms().meanOverSites().squared().sum()
    }
    #expect(report.holds(1e-9), "\(report)")
  }

  @Test("the article has no other code")
  func words() throws {
    let file = URL(fileURLWithPath: #filePath)
    let root = (0..<4).reduce(file) { url, _ in url.deletingLastPathComponent() }
    let article = try String(
      contentsOf: root.appendingPathComponent(
        "Sources/GaugeLayers/GaugeLayers.docc/FromLinksToATrainedModel.md"), encoding: .utf8)
    func lines(_ text: some StringProtocol) -> String {
      text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        .filter { !$0.isEmpty }.joined(separator: "\n")
    }
    let source = lines(try String(contentsOf: file, encoding: .utf8))
    let blocks = article.components(separatedBy: "```swift\n").dropFirst()
      .map { lines($0.components(separatedBy: "```")[0]) }
    #expect(blocks.count == 13)
    // Imports are sorted; everything else stands together.
    for block in blocks.flatMap({ $0.hasPrefix("import") ? $0.components(separatedBy: "\n") : [$0] }
    ) {
      #expect(source.contains(block), "\(block)")
    }
  }
}
