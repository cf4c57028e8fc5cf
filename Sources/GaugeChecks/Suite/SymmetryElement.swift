import ComplexModule
import Compute
import Groups
import Lattice
import RealModule

/// One transformation of links and of what is made of them.
enum SymmetryElement {
  case gauge(SiteField<Double>)
  case translation([Int])
  case axes(SignedPermutation)
  /// Links are conjugated, numbers have the parity.
  case chargeConjugation(ChargeParity)
}

/// A transformation with its name.
struct NamedElement {
  let name: String
  let element: SymmetryElement
}

/// The transformations of which a suite examines one kind.
enum SymmetryFamily {
  case gauge([GaugeTransformationKind])
  /// All if nil.
  case translation([[Int]]?)
  case axes(AxisSymmetryGroup)
  case chargeConjugation(ChargeParity)

  /// Those that find most mistakes, for a field.
  func elements(for links: LinkField<Double>, seed: UInt64) -> [NamedElement] {
    switch self {
    case .gauge(let kinds):
      return kinds.enumerated().map { index, kind in
        NamedElement(
          name: kind.description,
          element: .gauge(kind.make(for: links, seed: seed &+ UInt64(index))))
      }
    case .translation(let displacements):
      let all = displacements ?? TranslationCheck.displacements(links.dimension)
      let extents = links.geometry.extents
      // All the way around the lattice is no translation, and could break nothing.
      let moving = all.filter { displacement in
        displacement.count == extents.count
          && zip(displacement, extents).contains { step, extent in step % extent != 0 }
      }
      return moving.map {
        NamedElement(name: "a translation by \($0)", element: .translation($0))
      }
    case .axes(let group):
      return group.generators(dimension: links.dimension).map {
        NamedElement(name: $0.mapping, element: .axes($0))
      }
    case .chargeConjugation(let parity):
      return [NamedElement(name: "charge conjugation", element: .chargeConjugation(parity))]
    }
  }

  /// The simplest ones, the simplest first, among which a small example is looked for.
  func simpleElements(for links: LinkField<Double>) -> [NamedElement] {
    guard case .gauge(let kinds) = self else { return elements(for: links, seed: 0) }
    let n = links.group.n
    // Transformations of a subgroup are broken by others only if these are asked for.
    let isDiagonal = kinds.allSatisfy { [.diagonal, .centre, .large].contains($0) }
    let matrices = SimpleMatrix.all(n).filter { !isDiagonal || $0.isDiagonal }
    let sites = Array(0..<links.geometry.volume)
    let local = sites.flatMap { site in matrices.map { $0.element(at: site, links) } }
    return local + matrices.map { $0.element(at: nil, links) }
  }
}

/// A group element that can be read at a glance.
private struct SimpleMatrix {
  let name: String
  let matrix: ComplexMatrix
  var isDiagonal: Bool {
    (0..<matrix.n).allSatisfy { i in (0..<matrix.n).allSatisfy { i == $0 || matrix[i, $0] == 0 } }
  }

  static func all(_ n: Int) -> [SimpleMatrix] {
    let i = Complex<Double>(0, 1)
    if n == 1 {
      return [
        SimpleMatrix(name: "i", matrix: ComplexMatrix(n: 1) { _, _ in i }),
        SimpleMatrix(name: "-1", matrix: ComplexMatrix(n: 1) { _, _ in -1 }),
      ]
    }
    func block(
      _ name: String, _ a: Complex<Double>, _ b: Complex<Double>, _ c: Complex<Double>,
      _ d: Complex<Double>, at k: Int
    ) -> SimpleMatrix {
      var m = ComplexMatrix.identity(n)
      (m[k, k], m[k, k + 1], m[k + 1, k], m[k + 1, k + 1]) = (a, b, c, d)
      return SimpleMatrix(name: "\(name) in colours \(k) and \(k + 1)", matrix: m)
    }
    var result = (0..<(n - 1)).map { block("diag(i, -i)", i, 0, 0, -i, at: $0) }
    result += (0..<(n - 1)).map { block("((0, 1), (-1, 0))", 0, 1, -1, 0, at: $0) }
    let z = Complex<Double>(length: 1, phase: 2 * .pi / Double(n))
    result.append(
      SimpleMatrix(
        name: "the centre element exp(2 pi i / \(n))", matrix: z * .identity(n)))
    return result
  }

  /// At one site, the unit elsewhere; at every site if nil.
  func element(at site: Int?, _ links: LinkField<Double>) -> NamedElement {
    var g = SiteField<Double>(layout: links.layout, group: links.group)
    for x in 0..<links.geometry.volume where site == nil || x == site { g[x] = matrix }
    let place = site.map { "at site \(links.geometry.coordinates(of: $0)) alone" } ?? "everywhere"
    return NamedElement(name: "the gauge transformation \(name) \(place)", element: .gauge(g))
  }
}
