import Foundation
import Statistics

/// The static potential fitted by aV(R) = V0 + sigma R - alpha / R.
public struct StaticPotentialFit: Sendable {
  /// What the Coulomb term is made of.
  public enum CoulombTerm: String, Sendable, CaseIterable {
    /// 1 / R.
    case continuum
    /// 1 / r_I, lattice one-gluon exchange in four dimensions: `treeLevelImprovedDistance(_:)`.
    case treeLevelImproved
  }

  /// The potential at every distance of the fit.
  public let plateaus: [StaticPotential.Plateau]
  public let coulombTerm: CoulombTerm
  /// a V0.
  public let constant: Estimate
  /// The string tension a^2 sigma.
  public let stringTension: Estimate
  /// The Coulomb coefficient alpha.
  public let coulomb: Estimate
  /// r0 / a = sqrt((1.65 - alpha) / sigma), from r^2 dV/dr = 1.65 at r0 (R. Sommer, hep-lat/9310022);
  /// nil where the root does not exist for the data or without one of the bins.
  public let sommerScale: Estimate?
  /// Of the fit with the errors of aV(R), correlations between distances left out.
  public let chiSquared: Double
  public let degreesOfFreedom: Int
  /// `chiSquared` per degree of freedom, nil without one.
  public var reducedChiSquared: Double? {
    degreesOfFreedom > 0 ? chiSquared / Double(degreesOfFreedom) : nil
  }
}

extension StaticPotential {
  /// Fits aV(R) = V0 + sigma R - alpha / R, with weights 1 / error^2 of the plateaus; errors of the
  /// parameters by the jackknife, which knows the correlations between distances.
  ///
  /// - Parameters:
  ///   - distances: the R to fit over, three or more, within 1 ... `maximumR`.
  ///   - times: the T of every plateau; by default by the rule of `plateau(r:times:)`.
  /// - Throws: `StaticPotentialError` as plateaus do, `.statistics` for too few distances and errors
  ///   that vanish.
  public func fit(
    distances: ClosedRange<Int>, times: ClosedRange<Int>? = nil,
    coulombTerm: StaticPotentialFit.CoulombTerm = .continuum
  ) throws(StaticPotentialError) -> StaticPotentialFit {
    let (plateaus, potentials) = try plateaus(distances, times: times)
    let basis = distances.map { r in
      [
        1, Double(r),
        coulombTerm == .continuum ? -1 / Double(r) : -1 / treeLevelImprovedDistance(r),
      ]
    }
    let errors = plateaus.map(\.potential.error)
    let fit: LinearFit
    do {
      fit = try LinearFit(
        basis: basis, values: plateaus.map(\.potential.value), errors: errors)
    } catch {
      throw .statistics(error)
    }
    let parameters: ([Double]) -> [Double]? = { values in
      potentials(values).flatMap {
        try? LinearFit(basis: basis, values: $0, errors: errors).parameters.map(\.value)
      }
    }
    guard let estimates = means.estimates(parameters) else {
      throw .statistics(.overflow(quantity: "the parameters of the potential"))
    }
    let sommerScale = means.estimate { values in
      parameters(values).flatMap { p in
        let square = (1.65 - p[2]) / p[1]
        return square > 0 ? square.squareRoot() : nil
      }
    }
    return StaticPotentialFit(
      plateaus: plateaus, coulombTerm: coulombTerm, constant: estimates[0],
      stringTension: estimates[1], coulomb: estimates[2], sommerScale: sommerScale,
      chiSquared: fit.chiSquared, degreesOfFreedom: fit.degreesOfFreedom)
  }
}
