import Compute
import Foundation
import GaugeLayers
import Groups
import Sampling

/// One ensemble, the networks that learn its action density, and what their weights say.
struct ActionDensity {
  let group: FiniteGroup
  private let action: WilsonAction
  private let network: GaugeNetwork<Double>
  private let noise: Double
  private let trainings: Int
  private let sweeps: Int
  private let seed: UInt64

  /// Configurations of a training.
  private static let share = 2

  init(
    beta: Double, anisotropy: Double, noise: Double, trainings: Int, sweeps: Int, seed: UInt64
  ) throws {
    action = try WilsonAction(beta: beta, anisotropy: anisotropy, dimension: 4)
    let json = #"""
      {"group": "su2", "dimension": 4, "symmetry": "B4", "layers": [
        {"layer": "corners"},
        {"layer": "sharedConvolution", "channels": 1, "labels": "scalar", "size": 1,
         "relaxed": ["point"]},
        {"layer": "trace"}, {"layer": "dense", "channels": 1}]}
      """#
    network = try GaugeNetwork(NetworkDescription(json: Data(json.utf8)))
    group = network.sharedLayers[0].layer.input.group
    (self.noise, self.trainings, self.sweeps, self.seed) = (noise, trainings, sweeps, seed)
  }

  /// The relaxed weights of every training, one for each corner, and the mean loss in units of the noise.
  func run() throws -> (weights: [[Double]], loss: Double) {
    // Every lattice of the batch is the end of a chain of its own.
    var links = try LinkField<Double>(
      Geometry([4, 4, 4, 4]), group: .su2, batch: trainings * Self.share)
    links.setHaarRandom(seed: seed)
    let (heatBath, overrelaxation) = (
      HeatBath(action: action, seed: seed), Overrelaxation(action: action)
    )
    for sweep in 0..<sweeps {
      heatBath.update(&links, sweep: UInt32(sweep))
      for _ in 0..<4 { overrelaxation.update(&links) }
    }
    let densities = try density(links)
    let mean = densities.reduce(0, +) / Double(densities.count)
    let width =
      noise
      * (densities.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(densities.count))
      .squareRoot()
    let errors = RandomStream(seed: seed, purpose: .targetNoise).normals(densities.count)
    let volume = links.geometry.volume
    var (weights, losses) = ([[Double]](), 0.0)
    for training in 0..<trainings {
      let members = (training * Self.share)..<((training + 1) * Self.share)
      let own = try links.members(members)
      let target = try Tensor<Double>(
        shape: [Self.share, 1, volume],
        values: (members.lowerBound * volume..<members.upperBound * volume).map {
          densities[$0] - mean + width * errors[$0]
        })
      let (parameters, loss) = try train(own, target, seed: seed << 16 + UInt64(training))
      weights.append(parameters["2.sharedConvolution.relaxed.point"]!.values)
      losses += loss / (width * width) / Double(trainings)
    }
    return (weights, losses)
  }

  /// The reading of the trainings; corners (a, b) and (b, a) have the same real trace.
  func reading(_ weights: [[Double]], level: Double) throws -> GaugeWeightReading {
    let layer = network.sharedLayers[0].layer
    return try GaugeWeightReading(
      group, images: layer.images(ofRelaxed: .point)!, samples: weights,
      unidentified: PermutedLabels.reversedCorners(dimension: 4),
      candidates: group.plausibleSubgroups(), level: level, seed: seed)
  }

  /// sum_{mu < nu} beta_mu_nu (1 - mean over the four corners of Re tr P / N) at every site of every member.
  private func density(_ links: LinkField<Double>) throws -> [Double] {
    // Clover sums of (mu, nu) have four corners, and (nu, mu) the same real traces.
    let traces = try Tape().constant(links).clovers().realTraces().siteValues().value
    let planes = (0..<4).flatMap { mu in (0..<4).filter { $0 != mu }.map { (mu, $0) } }
    let couplings = planes.map { mu, nu in
      action.couplings[Geometry.planeIndex(min(mu, nu), max(mu, nu), dimension: 4)] / 2
    }
    let volume = links.geometry.volume
    return (0..<links.batch).flatMap { member in
      (0..<volume).map { site in
        couplings.enumerated().reduce(0.0) { sum, plane in
          let trace = traces.values[(member * planes.count + plane.offset) * volume + site]
          return sum + plane.element * (1 - trace / 4)
        }
      }
    }
  }

  /// Quasi-Newton iterations to the bottom of the mean squared error, which rounding ends.
  private func train(
    _ links: LinkField<Double>, _ target: Tensor<Double>, seed: UInt64
  ) throws -> (Parameters<Double>, loss: Double) {
    var parameters = try network.initialParameters(seed: seed)
    var optimiser = try LBFGS<Double>()
    var (loss, before) = (Double.infinity, Double.infinity)
    for iteration in 0..<400 where !optimiser.isStalled {
      before = loss
      loss = try optimiser.step(&parameters) { parameters in
        let tape = Tape()
        let p = tape.variable(parameters)
        let loss = try network(tape.constant(links), p).meanSquaredError(to: tape.constant(target))
        return (loss.value.values[0], tape.gradients(of: loss)[p])
      }
      if iteration > 20, before - loss < 1e-13 * loss { break }
    }
    return (parameters, loss)
  }
}

extension LinkField {
  /// Some lattices of a batch as a batch of their own.
  fileprivate func members(_ members: Range<Int>) throws -> LinkField {
    var result = try LinkField(geometry, group: group, batch: members.count)
    for (place, member) in members.enumerated() {
      for site in 0..<geometry.volume {
        for mu in 0..<dimension { result[site, mu, place] = self[site, mu, member] }
      }
    }
    return result
  }
}
