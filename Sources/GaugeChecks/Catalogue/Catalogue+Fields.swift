import ComplexModule
import Compute
import Lattice
import Loops
import RealModule

/// Kernels against plain arithmetic with matrices, on a rough field.
extension CheckCatalogue {
  static func fields<S: LatticeReal>(_: S.Type) -> [CheckSubject] {
    func subject(
      _ name: String,
      _ body: @escaping @Sendable (inout PlainComparison, LinkField<S>, CheckSetting) throws -> Void
    ) -> CheckSubject {
      CheckSubject("plain/\(name)") { setting in
        var field = try LinkField<S>(setting.geometry, group: setting.group)
        field.setNearUnit(epsilon: 0.5, seed: setting.seed)
        var comparison = PlainComparison("plain/\(name)", setting, ulp: Double(S.ulpOfOne))
        try body(&comparison, field, setting)
        return comparison.results
      }
    }
    return [
      subject("loops", compareLoops), subject("clover", compareClover),
      subject("forces", compareForces), subject("smearings", compareSmearings),
      subject("transformations", compareTransformations), subject("transport", compareTransport),
      subject("exponential", compareExponential), subject("members", compareMembers),
      subject("momenta", compareMomenta),
    ]
  }

  private static func compareLoops<S>(
    _ c: inout PlainComparison, _ u: LinkField<S>, _: CheckSetting
  ) {
    let plain = MatrixLattice(u)
    let planes = u.geometry.planes
    c.compare(
      "plaquettes", u.planePlaquettes(),
      planes.map { mu, nu in plain.mean { plain.rectangle($0, mu, nu, 1, 1) }.real })
    c.compare(
      "link trace", [u.linkTrace()],
      [
        (0..<u.dimension).reduce(0) { sum, mu in
          sum + plain.mean { plain.links[$0][mu] }.real / Double(u.dimension)
        }
      ])
    for (r, t) in [(2, 1), (1, 2), (2, 3)] {
      c.compare(
        "Wilson loops \(r)x\(t)", u.planeWilsonLoops(r, t),
        planes.map { mu, nu in plain.mean { plain.rectangle($0, mu, nu, r, t) } })
    }
    c.compare(
      "rectangle", [u.meanRectangle() ?? .nan],
      [
        planes.reduce(0) { sum, plane in
          let (mu, nu) = plane
          let both =
            plain.mean { plain.rectangle($0, mu, nu, 2, 1) }.real
            + plain.mean { plain.rectangle($0, mu, nu, 1, 2) }.real
          return sum + both / Double(2 * planes.count)
        }
      ])
    c.compare(
      "Polyakov loops", (0..<u.dimension).map { u.polyakovLoop($0) },
      (0..<u.dimension).map { plain.polyakovLoop($0) })
    let field = u.plaquetteField()
    c.compare(
      "plaquette field", plain.sites.flatMap { site in planes.indices.map { field[site, $0] } },
      plain.sites.flatMap { site in
        planes.map { plain.rectangle(site, $0.mu, $0.nu, 1, 1) }
      })
  }

  private static func compareClover<S>(
    _ c: inout PlainComparison, _ u: LinkField<S>, _ setting: CheckSetting
  ) {
    let plain = MatrixLattice(u)
    let clover = u.cloverObservables()
    let energies = plain.cloverEnergies()
    c.compare(
      "clover energy", [clover.energySpatial, clover.energyTemporal],
      [energies.spatial, energies.temporal])
    let field = u.cloverFieldStrength()
    c.compare(
      "clover field",
      plain.sites.flatMap { site in u.geometry.planes.indices.map { field[site, $0] } },
      plain.sites.flatMap { site in
        u.geometry.planes.map { plain.clover(site, $0.mu, $0.nu) }
      })
    if u.dimension == 4 {
      c.compare(
        "clover charge", [clover.charge ?? .nan, clover.chargeWithoutTraceRemoval ?? .nan],
        [plain.cloverCharge(withTrace: false), plain.cloverCharge(withTrace: true)])
    }
    if u.dimension == 2, u.group == .u1 {
      // Fields that are rough enough for charges.
      let fields = (0..<8).map { k in
        var rough = u
        rough.setHaarRandom(seed: setting.seed &* 8 &+ UInt64(k))
        return rough
      }
      c.compare(
        "angles of plaquettes", fields.map { $0.topologicalCharge() ?? .nan },
        fields.map { rough in
          let lattice = MatrixLattice(rough)
          let angles = lattice.sites.map { lattice.rectangle($0, 0, 1, 1, 1)[0, 0].phase }
          return angles.reduce(0, +) / (2 * .pi)
        })
    }
  }

  private static func compareForces<S>(
    _ c: inout PlainComparison, _ u: LinkField<S>, _: CheckSetting
  ) throws {
    let plain = MatrixLattice(u)
    let d = u.dimension
    let couplings = u.geometry.planes.indices.map { 1.5 + 0.25 * Double($0) }
    let action = try WilsonAction(couplings: couplings, dimension: d)
    func beta(_ mu: Int, _ nu: Int) -> Double {
      couplings[Geometry.planeIndex(mu, nu, dimension: d)]
    }
    let staples = u.stapleField()
    c.compare(
      "staples", plain.sites.flatMap { site in (0..<d).map { staples[site, $0] } },
      plain.sites.flatMap { site in (0..<d).map { plain.staples(site, $0) } })
    let force = action.force(of: u)
    let plainForce = plain.sites.flatMap { site in
      (0..<d).map { mu in
        let sum = plain.staples(site, mu) { beta(mu, $0) / Double(u.group.n) }
        return (plain.links[site][mu] * sum).tracelessAntihermitian
      }
    }
    c.compare(
      "Wilson force", plain.sites.flatMap { site in (0..<d).map { force[site, $0] } }, plainForce)
    let planes = u.geometry.planes
    /// 1 - Re tr / N of the loops of a plane, summed over sites.
    func sum(_ plane: (mu: Int, nu: Int), _ r: Int, _ t: Int) -> Double {
      let mean = plain.mean { plain.rectangle($0, plane.mu, plane.nu, r, t) }.real
      return Double(u.geometry.volume) * (1 - mean)
    }
    let squares = planes.map { sum($0, 1, 1) }
    let rectangles = planes.map { sum($0, 2, 1) + sum($0, 1, 2) }.reduce(0, +)
    func value(_ weights: [Double]) -> Double {
      zip(squares, weights).reduce(0) { $0 + $1.0 * $1.1 }
    }
    c.compare("Wilson action", [action.value(of: u)], [value(couplings)])
    // A link: sum_a (D_a S)^2 and sum_a D_a D_a S, in which every generator of SU(N) has tr T T = -1/2.
    let n = Double(u.group.n)
    let (metric, casimir) = u.group == .u1 ? (1, 1) : (0.5, (n - 1 / n) / 2)
    let links = Double(d * u.geometry.volume)
    let equations = SchwingerDyson.ofMembers(u, terms: [action])[0]
    let traces = zip(squares, couplings).map { (Double(u.geometry.volume) - $0) * $1 }
    c.compare(
      "Schwinger-Dyson equations", [equations.products[0][0], equations.laplacians[0]],
      [
        plainForce.reduce(0) { $0 - ($1 * $1).trace.real } * metric / links,
        4 * casimir * traces.reduce(0, +) / links,
      ])
    c.compare(
      "anisotropic Wilson action",
      [try WilsonAction(beta: 2, anisotropy: 1.6, dimension: d).value(of: u)],
      [value(planes.map { $0.nu == d - 1 ? 3.2 : 1.25 })])
    c.compare(
      "rectangle action", [try RectangleAction(beta: 1.5, dimension: d).value(of: u)],
      [1.5 * rectangles])
    let symanzik = try ImprovedAction.symanzik(beta: 3, dimension: d)
    c.compare(
      "Symanzik action", [symanzik.value(of: u)],
      [5 * squares.reduce(0, +) - rectangles / 4])
  }

  private static func compareSmearings<S>(
    _ c: inout PlainComparison, _ u: LinkField<S>, _: CheckSetting
  ) {
    let plain = MatrixLattice(u)
    let d = u.dimension
    func links(_ field: LinkField<S>) -> [ComplexMatrix] {
      plain.sites.flatMap { site in (0..<d).map { field[site, $0] } }
    }
    c.compare(
      "APE smearing", links(u.apeSmeared(alpha: 0.4)),
      plain.sites.flatMap { site in
        (0..<d).map { mu in
          // Staples run from x + mu to x: daggered they are links.
          let staples = Complex(0.4 / Double(2 * (d - 1))) * plain.staples(site, mu).adjoint
          return projected(Complex(0.6) * plain.links[site][mu] + staples)
        }
      })
    let alphas = [0.75, 0.6, 0.3]
    c.compare(
      "HYP smearing", links(u.hypSmeared(alpha1: alphas[0], alpha2: alphas[1], alpha3: alphas[2])),
      hypercubic(plain, alphas))
    c.compare(
      "stout smearing", links(u.stoutSmeared(rho: 0.1)),
      plain.sites.flatMap { site in
        (0..<d).map { mu in
          let link = plain.links[site][mu]
          let omega = Complex(-0.1) * (link * plain.staples(site, mu))
          return omega.tracelessAntihermitian.exponentialBySeries() * link
        }
      })
  }

  /// One step of hypercubic smearing by its definition, level by level from the inside.
  private static func hypercubic(_ plain: MatrixLattice, _ alphas: [Double]) -> [ComplexMatrix] {
    struct Key: Hashable {
      let mu: Int
      let set: Set<Int>
    }
    let (d, n) = (plain.dimension, plain.n)
    var fields = [Key: [ComplexMatrix]]()
    /// The links mu decorated in the directions of a set only.
    func field(_ mu: Int, _ set: Set<Int>) -> [ComplexMatrix] {
      if set.isEmpty { return plain.links.map { $0[mu] } }
      let key = Key(mu: mu, set: set)
      if let known = fields[key] { return known }
      var sums = [ComplexMatrix](repeating: .zero(n), count: plain.geometry.volume)
      for nu in set {
        let rest = set.subtracting([nu])
        let (side, top) = (field(nu, rest), field(mu, rest))
        for x in plain.sites {
          func site(_ from: Int, _ direction: Int, _ steps: Int) -> Int {
            plain.geometry.neighbour(of: from, direction: direction, steps: steps)
          }
          let below = site(x, nu, -1)
          let upper = side[x] * top[site(x, nu, 1)] * side[site(x, mu, 1)].adjoint
          let lower = side[below].adjoint * top[below] * side[site(below, mu, 1)]
          sums[x] = sums[x] + upper + lower
        }
      }
      // The innermost level has the last alpha.
      let alpha = alphas[max(0, alphas.count - set.count)]
      let links = plain.links.map { $0[mu] }
      let result = zip(links, sums).map { link, sum in
        projected(
          Complex(1 - alpha) * link + Complex(alpha / Double(2 * set.count)) * sum)
      }
      fields[key] = result
      return result
    }
    let all = Set(0..<d)
    let smeared = (0..<d).map { field($0, all.subtracting([$0])) }
    return plain.sites.flatMap { site in smeared.map { $0[site] } }
  }

  /// The nearest group element; a sum of SU(2) matrices is one times a number.
  private static func projected(_ m: ComplexMatrix) -> ComplexMatrix {
    m.n == 2 ? Complex(1 / m.determinant.real.squareRoot()) * m : m.polarUnitary()
  }

  private static func compareTransformations<S>(
    _ c: inout PlainComparison, _ u: LinkField<S>, _ setting: CheckSetting
  ) {
    let plain = MatrixLattice(u)
    let d = u.dimension
    let g = GaugeTransformationKind.haar.make(for: u, seed: setting.seed)
    func links(_ field: LinkField<S>) -> [ComplexMatrix] {
      plain.sites.flatMap { site in (0..<d).map { field[site, $0] } }
    }
    c.compare(
      "gauge transformation", links(u.transformed(by: g)),
      plain.sites.flatMap { site in
        (0..<d).map { mu in
          let ahead = u.geometry.neighbour(of: site, direction: mu)
          return g[site] * plain.links[site][mu] * g[ahead].adjoint
        }
      })
    let w = u.plaquetteField()
    let turned = w.transformed(by: g)
    c.compare(
      "gauge transformation of a site field", plain.sites.map { turned[$0] },
      plain.sites.map { g[$0] * w[$0] * g[$0].adjoint })
    for a in TranslationCheck.displacements(d) {
      let moved = u.shifted(by: a)
      c.compare(
        "translation by \(a)", links(moved),
        plain.sites.flatMap { site in
          let far = u.geometry.site(at: zip(u.geometry.coordinates(of: site), a).map { $0 + $1 })
          return plain.links[far]
        })
    }
    c.compare(
      "charge conjugation", links(u.chargeConjugated()), plain.links.flatMap { $0 }.map(\.conjugate)
    )
    for method in Reunitarization.allCases {
      var drifted = u
      for site in plain.sites {
        for mu in 0..<d { drifted[site, mu] = Complex(1.001, 0.002) * plain.links[site][mu] }
      }
      let result = GroupMembership.violation(drifted.reunitarized(method))
      c.compare("reunitarisation by \(method.rawValue)", [1 + result], [1])
      c.compare("links that need no reunitarisation", links(u.reunitarized(method)), links(u))
    }
  }

  private static func compareTransport<S>(
    _ c: inout PlainComparison, _ u: LinkField<S>, _: CheckSetting
  ) throws {
    let plain = MatrixLattice(u)
    let d = u.dimension
    let w = u.plaquetteField()
    for mu in 0..<d {
      for length in [1, 2, 3] {
        let lines = u.linkProducts(mu, length: length)
        c.compare(
          "lines of \(length) in direction \(mu)", plain.sites.map { lines[$0] },
          plain.sites.map { plain.walk(from: $0, [(mu, length)]).product })
      }
      for forward in [true, false] {
        let path = LatticePath([.init(mu, forward: forward)], dimension: d)
        let carried = w.transported(
          by: u.pathProduct(path), displacement: path.displacement)
        c.compare(
          "transport in direction \(forward ? "+" : "-")\(mu)",
          plain.sites.flatMap { site in u.geometry.planes.indices.map { carried[site, $0] } },
          plain.sites.flatMap { site in
            let (product, end) = plain.walk(from: site, [(mu, forward ? 1 : -1)])
            return u.geometry.planes.indices.map { product * w[end, $0] * product.adjoint }
          })
      }
    }
  }

  private static func compareExponential<S>(
    _ c: inout PlainComparison, _ u: LinkField<S>, _ setting: CheckSetting
  ) {
    let plain = MatrixLattice(u)
    for (name, size) in [("small", 0.01), ("ordinary", 0.7), ("large", 6.0)] {
      var x = AlgebraField<S>(layout: u.layout, group: u.group)
      x.setMomenta(seed: setting.seed, trajectory: 3)
      var moved = u
      moved.multiplyByExponential(of: x, times: S(size))
      c.compare(
        "\(name) exponents",
        plain.sites.flatMap { site in (0..<u.dimension).map { moved[site, $0] } },
        plain.sites.flatMap { site in
          (0..<u.dimension).map { mu in
            (Complex(size) * x[site, mu]).exponentialBySeries() * plain.links[site][mu]
          }
        })
    }
  }

  /// Every member of a batch against the same field alone.
  private static func compareMembers<S>(
    _ c: inout PlainComparison, _ u: LinkField<S>, _ setting: CheckSetting
  ) throws {
    // Fewer than lanes, more, and more than a vector holds.
    for batch in [2, 3, 8, 19] {
      var field = try LinkField<S>(setting.geometry, group: setting.group, batch: batch)
      field.setNearUnit(epsilon: 0.4, seed: setting.seed)
      func numbers(_ u: LinkField<S>, _ member: Int) -> [Double] {
        let clover = u.cloverObservables(member: member)
        let loops = (0..<u.dimension).map { u.polyakovLoop($0, member: member)! }
        return u.planePlaquettes(member: member)
          + [
            u.linkTrace(member: member), clover.energyTemporal,
            u.meanRectangle(member: member)!,
          ] + loops.flatMap { [$0.real, $0.imaginary] }
      }
      let step = (0..<field.dimension).map { $0 == 0 ? 1 : -1 }
      func smeared(_ u: LinkField<S>) -> LinkField<S> {
        u.stoutSmeared(rho: 0.1).apeSmeared(alpha: 0.3).shifted(by: step)
      }
      let all = smeared(field)
      var (found, expected) = ([Double](), [Double]())
      for member in 0..<batch {
        var alone = u
        for site in 0..<u.geometry.volume {
          for mu in 0..<u.dimension { alone[site, mu] = field[site, mu, member] }
        }
        found += numbers(field, member) + numbers(all, member)
        expected += numbers(alone, 0) + numbers(smeared(alone), 0)
      }
      c.compare("members of \(batch)", found, expected)
    }
  }

  /// The kinetic energy -sum tr P^2, and that momenta have it in the mean: half a unit a generator,
  /// within 5 standard deviations.
  private static func compareMomenta<S>(
    _ c: inout PlainComparison, _ u: LinkField<S>, _ setting: CheckSetting
  ) throws {
    let layout = try LinkField<S>(setting.geometry, group: setting.group, batch: 64).layout
    var p = AlgebraField<S>(layout: layout, group: u.group)
    p.setMomenta(seed: setting.seed, trajectory: 1)
    let plain = [0, 63].map { member in
      (0..<u.geometry.volume).reduce(0.0) { sum, site in
        (0..<u.dimension).reduce(sum) {
          $0 - (p[site, $1, member] * p[site, $1, member]).trace.real
        }
      }
    }
    let found = p.kineticEnergiesOfMembers()
    c.compare("kinetic energy", [found[0], found[63]], plain)
    let generators = Double(
      64 * u.geometry.volume * u.dimension * u.group.algebraDimension)
    // chi^2 / 2 with as many degrees of freedom.
    let pull = (found.reduce(0, +) - generators / 2) / (generators / 2).squareRoot()
    c.compareLimit("mean kinetic energy", abs(pull), limit: 5)
  }
}
