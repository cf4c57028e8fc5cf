// The static potential of SU(3) at beta 5.7 and its Sommer scale (docs/results.md).

import Foundation
import Lattice
import Loops
import Sampling
import Statistics

/// --name value pairs with defaults.
func option(_ name: String, _ fallback: String) -> String {
  let words = CommandLine.arguments
  guard let index = words.firstIndex(of: "--" + name), index + 1 < words.count else {
    return fallback
  }
  return words[index + 1]
}
func whole(_ name: String, _ fallback: Int) -> Int { Int(option(name, "")) ?? fallback }

let extents = option("lattice", "8,8,8,16").split(separator: ",").compactMap { Int($0) }
let beta = Double(option("beta", "5.7")) ?? 5.7
let smearing = try Smearing(option("smearing", "hyp:10"))
let (maximumR, maximumT) = (whole("maximum-r", 4), whole("maximum-t", 6))
let (tables, between) = (whole("tables", 400), whole("updates-between", 4))

var parameters = ChainParameters(group: .su3, lattice: extents, beta: beta)
parameters.thermalization = whole("thermalization", 300)
parameters.seed = UInt64(whole("seed", 2026))
var chain = try Chain<Double>(parameters)
for _ in 0..<parameters.thermalization { try chain.update() }
var loops = [[[Double]]]()
var plaquettes = [Double]()
var spent = [Duration.zero, .zero]
let clock = ContinuousClock()
for _ in 0..<tables {
  spent[0] += try clock.measure {
    for _ in 0..<between {
      try chain.update()
      plaquettes.append(chain.measure().plaquette)
    }
  }
  spent[1] += clock.measure {
    loops.append(
      chain.field.staticPotentialLoops(
        maximumR: maximumR, maximumT: maximumT, smearing: smearing))
  }
}

print("SU(3), \(extents), beta \(beta), seed \(parameters.seed), smearing \(smearing)")
print("\(tables) tables, \(between) updates between, \(parameters.overrelaxation) overrelaxations")
print("seconds in updates and in loops: \(spent[0]), \(spent[1])")
print("plaquette \(try GammaMethod().analyse(plaquettes))")
let data = try StaticPotential(loops: loops)
print("bins \(data.means.binCount) of \(data.means.binLength)")
for r in 1...maximumR {
  let effective = (1..<maximumT).map { t in
    data.effectivePotential(r: r, t: t)?.description ?? "-"
  }
  print("aV(\(r), T = 1, 2, ...): \(effective.joined(separator: "  "))")
}
/// One fit, or why there is none.
func report(_ range: ClosedRange<Int>, _ times: ClosedRange<Int>?, _ name: String) {
  for term in StaticPotentialFit.CoulombTerm.allCases {
    let title = "R \(range.lowerBound)-\(range.upperBound), \(name), \(term.rawValue): "
    do {
      let fit = try data.fit(distances: range, times: times, coulombTerm: term)
      let chi =
        fit.degreesOfFreedom == 0
        ? "" : String(format: ", chi^2 %.2f / %d", fit.chiSquared, fit.degreesOfFreedom)
      let scale = fit.sommerScale?.description ?? "none"
      print(
        title + "r0/a \(scale), V0 \(fit.constant), sigma \(fit.stringTension), "
          + "alpha \(fit.coulomb)\(chi); T from \(fit.plateaus.map(\.times.lowerBound))")
    } catch { print(title + "\(error)") }
  }
}
for range in [1...maximumR, 2...maximumR] {
  for first in 1...3 where first + 1 < maximumT {
    report(range, first...(first + 1), "T \(first)-\(first + 1)")
  }
  report(range, nil, "plateaus by rule")
}
