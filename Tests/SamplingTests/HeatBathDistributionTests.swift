import ComplexModule
import Compute
import Foundation
import Lattice
import Loops
import RealModule
import Sampling
import Testing

/// The first links that a sweep over unit links changes have unit staples: they are independent draws
/// from a known distribution.
@Suite("Distributions of the heat bath", .serialized)
struct HeatBathDistributionTests {
  /// The first links' 2x2 matrices or phases after a sweep from unit links.
  func draws<S: LatticeReal>(
    _ group: GaugeGroup, beta: Double, sweeps: Int, as: S.Type
  ) throws -> [ComplexMatrix] {
    let geometry = try Geometry([64, 64])
    let heatBath = HeatBath(action: try WilsonAction(beta: beta, dimension: 2), seed: 51)
    var result = [ComplexMatrix]()
    for sweep in 0..<sweeps {
      var field = try LinkField<S>(geometry, group: group)
      heatBath.update(&field, sweep: UInt32(sweep))
      for site in 0..<geometry.volume where Layout.colour(of: site, in: geometry) == 0 {
        result.append(field[site, 0])
      }
    }
    return result
  }

  /// The mean of a power of cos t with weight sin(t)^p exp(alpha cos t), on 0...pi.
  func moment(_ power: Int, alpha: Double, p: Int) -> Double {
    let steps = 20_000
    var (sum, norm) = (0.0, 0.0)
    for k in 0..<steps {
      let t = Double.pi * (Double(k) + 0.5) / Double(steps)
      let weight = Foundation.pow(sin(t), Double(p)) * exp(alpha * (cos(t) - 1))
      norm += weight
      sum += weight * Foundation.pow(cos(t), Double(power))
    }
    return sum / norm
  }

  /// Compares the mean of a function of independent draws with a value, within 4 standard deviations:
  /// a false alarm in 1 of 16 000; there are about 150 comparisons.
  func expectMean(
    _ values: [Double], _ exact: Double, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    let pull = (mean - exact) / (variance / n).squareRoot()
    #expect(abs(pull) < 4, "\(what): \(mean) against \(exact)", sourceLocation: sourceLocation)
  }

  /// The strength is twice beta; 0.8 divides the two kinds of proposals of SU(2).
  static let strengths = [0.01, 0.4, 0.79, 0.81, 2, 8, 60]

  @Test("U(1): exp(alpha cos)", arguments: strengths)
  func angle(_ alpha: Double) throws {
    let draws = try draws(.u1, beta: alpha / 2, sweeps: 20, as: Double.self)
    for power in 1...4 {
      expectMean(
        draws.map { Foundation.pow($0[0, 0].real, Double(power)) },
        moment(power, alpha: alpha, p: 0), "cos^\(power)")
    }
    expectMean(draws.map { $0[0, 0].imaginary }, 0, "sin")
    expectMean(draws.map { $0[0, 0].imaginary * $0[0, 0].real }, 0, "sin cos")
  }

  @Test("SU(2): sqrt(1 - h^2) exp(alpha h), directions uniform", arguments: strengths)
  func quaternion(_ alpha: Double) throws {
    let draws = try draws(.su2, beta: alpha / 2, sweeps: 20, as: Double.self)
    for power in 1...4 {
      expectMean(
        draws.map { Foundation.pow($0[0, 0].real, Double(power)) },
        moment(power, alpha: alpha, p: 2), "h^\(power)")
    }
    let vectors = draws.map { m -> [Double] in
      let v = [m[0, 0].imaginary, m[0, 1].real, m[0, 1].imaginary]
      let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return v.map { $0 / length }
    }
    for i in 0..<3 {
      expectMean(vectors.map { $0[i] }, 0, "component \(i)")
      expectMean(vectors.map { Foundation.pow($0[i], 4) }, 0.2, "fourth power of component \(i)")
      for j in 0..<i { expectMean(vectors.map { $0[i] * $0[j] }, 0, "components \(i) \(j)") }
    }
  }

  @Test("single precision", arguments: [0.4, 2, 60.0])
  func single(_ alpha: Double) throws {
    let phases = try draws(.u1, beta: alpha / 2, sweeps: 20, as: Float.self)
    expectMean(phases.map { $0[0, 0].real }, moment(1, alpha: alpha, p: 0), "cos")
    let matrices = try draws(.su2, beta: alpha / 2, sweeps: 20, as: Float.self)
    expectMean(matrices.map { $0[0, 0].real }, moment(1, alpha: alpha, p: 2), "h")
  }
}
