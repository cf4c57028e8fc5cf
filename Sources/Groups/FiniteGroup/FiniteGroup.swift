import Synchronization

/// A finite group: elements are numbers in `0..<order`, 0 is the identity.
///
/// Made by name (`FiniteGroup(named: "B4")`), from generators or from a table of products. A group does not
/// change; what takes time to find (characters, irreducible matrices) is found once, when first asked for.
public final class FiniteGroup: Sendable {
  /// The largest order for which a table of products is made.
  public static let maximumOrder = 4096

  public let name: String

  /// The number of elements.
  public let order: Int

  /// What a reader calls each element: `C4 about z`, `mirror x`, `x->y, y->-x`.
  public let labels: [String]

  /// Elements that generate the group.
  public let generators: [Int]

  /// The elements as symmetries of a lattice, where they are.
  public let operations: [SymmetryOperation]?

  /// The elements as real matrices on space, where they act on space: of integers for `operations`. Charge
  /// conjugation does not show in them.
  public let matrices: [RealMatrix]?

  /// Conjugacy classes, that of the identity first, then in the order of their first elements.
  public let classes: [ConjugacyClass]

  /// The class of each element.
  public let classOfElement: [Int]

  /// How the group was made as a product with two elements, for the names of representations.
  let doubling: Doubling?

  let table: [UInt16]
  private let inverses: [UInt16]
  private let elementOrders: [Int]
  private let characterCache = Mutex<CharacterTable?>(nil)
  private let irrepCache = Mutex<[Irrep]?>(nil)

  /// A group B x {1, s}: elements 2 b and 2 b + 1 are b and b s.
  struct Doubling: Sendable {
    let base: FiniteGroup
    /// The letter of s.
    let symbol: String
  }

  /// From a table of products that is known to be one; element 0 is the identity.
  init(
    name: String, order: Int, table: [UInt16], generators: [Int], labels: [String],
    operations: [SymmetryOperation]? = nil, matrices: [RealMatrix]? = nil,
    doubling: Doubling? = nil
  ) {
    self.name = name
    self.order = order
    self.table = table
    self.generators = generators
    self.labels = labels
    self.operations = operations
    self.matrices = matrices ?? operations.map { $0.map(\.axes.matrix) }
    self.doubling = doubling
    var inverses = [UInt16](repeating: 0, count: order)
    for g in 0..<order {
      let row = table[(g * order)..<((g + 1) * order)]
      inverses[g] = UInt16(row.firstIndex(of: 0)! - row.startIndex)
    }
    self.inverses = inverses
    elementOrders = (0..<order).map { g in
      var (power, n) = (g, 1)
      while power != 0 {
        power = Int(table[power * order + g])
        n += 1
      }
      return n
    }
    (classes, classOfElement) = ConjugacyClass.all(
      order: order, generators: generators, orders: elementOrders
    ) { g, s in
      Int(table[Int(table[s * order + g]) * order + Int(inverses[s])])
    }
  }

  /// The product; `h` acts first.
  public func product(_ g: Int, _ h: Int) -> Int { Int(table[g * order + h]) }

  public func inverse(_ g: Int) -> Int { Int(inverses[g]) }

  /// g h g^-1.
  public func conjugate(_ h: Int, by g: Int) -> Int { product(product(g, h), inverse(g)) }

  /// The smallest n > 0 with g^n = 1.
  public func order(of g: Int) -> Int { elementOrders[g] }

  /// g^n, also for n <= 0.
  public func power(_ g: Int, _ n: Int) -> Int {
    let m = elementOrders[g]
    var result = 0
    for _ in 0..<((n % m + m) % m) { result = product(result, g) }
    return result
  }

  /// The smallest n > 0 with g^n = 1 for all elements.
  public var exponent: Int { elementOrders.reduce(1) { leastCommonMultiple($0, $1) } }

  public var isAbelian: Bool { classes.count == order }

  /// Elements that commute with all.
  public var centre: Subgroup {
    Subgroup(of: self, unchecked: ElementSet(classes.filter { $0.size == 1 }.map(\.first)))
  }

  /// The first element with this label; nil where there is none.
  public func element(labelled label: String) -> Int? { labels.firstIndex(of: label) }

  /// The element that is this symmetry of a lattice; nil where there is none.
  public func element(of operation: SymmetryOperation) -> Int? {
    operations?.firstIndex(of: operation)
  }

  /// Complex characters, exact sums of roots of unity; found once.
  public var characters: CharacterTable {
    if let known = characterCache.withLock({ $0 }) { return known }
    let table = CharacterTable(of: self)
    characterCache.withLock { $0 = table }
    return table
  }

  /// The irreducible representations over the real numbers, by dimension, then by characters from large to
  /// small, the trivial one first; found once.
  public var irreps: [Irrep] {
    if let known = irrepCache.withLock({ $0 }) { return known }
    let irreps = IrrepConstruction(group: self).irreps()
    irrepCache.withLock { $0 = irreps }
    return irreps
  }

  /// The irreducible representation of a name.
  ///
  /// - Throws: `GroupError.unknownIrrep` with the nearest name.
  public func irrep(_ name: String) throws(GroupError) -> Irrep {
    if let found = irreps.first(where: { $0.name == name }) { return found }
    throw .unknownIrrep(
      name: name, group: self.name, nearest: nearestName(to: name, among: irreps.map(\.name)))
  }

  func check(_ elements: some Sequence<Int>) throws(GroupError) {
    for g in elements where !(0..<order).contains(g) {
      throw .elementOutOfRange(index: g, order: order)
    }
  }
}

extension FiniteGroup: CustomStringConvertible {
  public var description: String { "\(name) of order \(order)" }
}

func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  var (a, b) = (a, b)
  while b != 0 { (a, b) = (b, a % b) }
  return a
}

func leastCommonMultiple(_ a: Int, _ b: Int) -> Int { a / greatestCommonDivisor(a, b) * b }
