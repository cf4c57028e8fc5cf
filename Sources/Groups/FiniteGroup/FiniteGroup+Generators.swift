extension FiniteGroup {
  /// The group that elements generate: signed permutations, symmetry operations, permutations, or any other
  /// `GroupElement`. The elements are numbered in the order in which words of generators reach them.
  ///
  /// - Throws: `GroupError.tooLarge` beyond `maximumOrder` elements, `GroupError.invalidParameter` for an
  ///   empty list.
  public convenience init<Element: GroupElement>(
    name: String, generatedBy generators: [Element]
  ) throws(GroupError) {
    guard let first = generators.first else {
      throw .invalidParameter(
        name: "the list of generators", expected: "not empty", found: "nothing")
    }
    try self.init(name: name, identity: first.identity, generators: generators)
  }

  convenience init<Element: GroupElement>(
    name: String, identity: Element, generators: [Element], doubling: Doubling? = nil
  ) throws(GroupError) {
    guard generators.allSatisfy({ $0.isComposable(with: identity) }) else {
      throw .invalidParameter(
        name: "the generators", expected: "elements on equally many axes or points",
        found: generators.map(\.label).joined(separator: "; "))
    }
    var numbers: [Element: Int] = [:]
    let closure = try Closure(
      name, identity: identity, generators: generators, product: { $0 * $1 },
      number: { element, _ in numbers[element] }, didAppend: { numbers[$0] = $1 })
    self.init(name: name, closure.elements, closure.table(), closure.generatorNumbers, doubling)
  }

  /// A group of elements in a given order, the identity first, that are known to be closed.
  convenience init<Element: GroupElement>(
    name: String, elements: [Element], doubling: Doubling? = nil
  ) {
    var numbers: [Element: Int] = [:]
    for (i, element) in elements.enumerated() { numbers[element] = i }
    // Generators: each element that those before it do not reach.
    var generators: [Element] = []
    var reached: Set<Element> = [elements[0]]
    for element in elements where !reached.contains(element) {
      generators.append(element)
      var list = Array(reached)
      reached.insert(element)
      list.append(element)
      var next = 0
      while next < list.count {
        for s in generators {
          let image = list[next] * s
          if reached.insert(image).inserted { list.append(image) }
        }
        next += 1
      }
    }
    let right = generators.map { s in elements.map { numbers[$0 * s]! } }
    let n = elements.count
    var words: [(element: Int, parent: Int, factor: Int)] = []
    var seen = [Bool](repeating: false, count: n)
    seen[0] = true
    var list = [0]
    var next = 0
    while next < list.count {
      for s in generators.indices where !seen[right[s][list[next]]] {
        let image = right[s][list[next]]
        seen[image] = true
        words.append((image, list[next], s))
        list.append(image)
      }
      next += 1
    }
    var table = [UInt16](repeating: 0, count: n * n)
    for g in 0..<n {
      table[g * n] = UInt16(g)
      for word in words {
        table[g * n + word.element] = UInt16(right[word.factor][Int(table[g * n + word.parent])])
      }
    }
    self.init(name: name, elements, table, generators.map { numbers[$0]! }, doubling)
  }

  private convenience init<Element: GroupElement>(
    name: String, _ elements: [Element], _ table: [UInt16], _ generators: [Int],
    _ doubling: Doubling?
  ) {
    var operations: [SymmetryOperation]?
    var matrices: [RealMatrix]?
    if let list = elements as? [SymmetryOperation] { operations = list }
    if let list = elements as? [SignedPermutation] { operations = list.map { .init($0) } }
    if let list = elements as? [AxialOperation] {
      let permutations = list.compactMap(\.signedPermutation)
      if permutations.count == list.count { operations = permutations.map { .init($0) } }
      matrices = list.map(\.matrix)
    }
    self.init(
      name: name, order: elements.count, table: table, generators: generators,
      labels: elements.map(\.label), operations: operations, matrices: matrices,
      doubling: doubling)
  }

  /// The group that real square matrices generate under multiplication, told apart at 1e-8.
  ///
  /// - Throws: `GroupError.tooLarge` beyond `maximumOrder` elements, which is where matrices that generate
  ///   no finite group end; `GroupError.sizeMismatch`, `.nonFinite`, and `.invalidParameter` for an empty
  ///   list or a singular matrix.
  public convenience init(
    name: String, generatedBy generators: [RealMatrix]
  ) throws(GroupError) {
    guard let first = generators.first else {
      throw .invalidParameter(
        name: "the list of generators", expected: "not empty", found: "nothing")
    }
    let n = first.rows
    for matrix in generators {
      for size in [matrix.rows, matrix.columns] where size != n || n == 0 {
        throw .sizeMismatch(quantity: "square matrices", expected: max(n, 1), found: size)
      }
      guard matrix.elements.allSatisfy(\.isFinite) else {
        throw .nonFinite(place: "in a generator")
      }
      guard matrix.inverse != nil else {
        throw .invalidParameter(
          name: "a generator", expected: "an invertible matrix", found: "a singular one")
      }
    }
    // Matrices are looked up by the bin of one generic linear function of theirs.
    var random = FixedRandomNumbers(seed: 1)
    let weights = (0..<(n * n)).map { _ in random.symmetric() }
    var bins: [Int64: [Int]] = [:]
    func bin(_ m: RealMatrix) -> Int64? {
      let value = (dot(m.elements, weights) / 1e-6).rounded()
      return value.magnitude < 0x1p62 ? Int64(value) : nil
    }
    var overflow = false
    let closure = try Closure(
      name, identity: RealMatrix.identity(n), generators: generators,
      product: { a, b in
        let c = a * b
        if bin(c) == nil { overflow = true }
        return overflow ? .identity(n) : c
      },
      number: { element, elements in
        guard !overflow, let key = bin(element) else { return 0 }
        for near in [key, key - 1, key + 1] {
          for i in bins[near] ?? []
          where (elements[i] - element).maximumMagnitude < 1e-8 { return i }
        }
        return nil
      },
      didAppend: { bins[bin($0) ?? 0, default: []].append($1) })
    guard !overflow else { throw .tooLarge(group: name, limit: Self.maximumOrder) }
    let matrices = closure.elements
    self.init(
      name: name, order: matrices.count, table: closure.table(),
      generators: closure.generatorNumbers,
      labels: matrices.indices.map { i in
        i == 0 ? "identity" : PointOperation(matrices[i])?.label ?? "element \(i)"
      },
      matrices: matrices)
  }

  /// A group from its table of products, `table[g][h]` the number of g h; element 0 is the identity.
  ///
  /// - Throws: `GroupError.notAGroup` with what is wrong, `GroupError.sizeMismatch`, `GroupError.tooLarge`.
  public convenience init(
    name: String, multiplicationTable table: [[Int]], labels: [String]? = nil
  ) throws(GroupError) {
    let n = table.count
    guard n <= Self.maximumOrder else { throw .tooLarge(group: name, limit: Self.maximumOrder) }
    guard n > 0 else { throw .notAGroup(reason: "no element") }
    for row in table where row.count != n {
      throw .sizeMismatch(quantity: "a row of the table", expected: n, found: row.count)
    }
    let labels = labels ?? (0..<n).map { $0 == 0 ? "identity" : "element \($0)" }
    guard labels.count == n else {
      throw .sizeMismatch(quantity: "labels", expected: n, found: labels.count)
    }
    let all = Array(0..<n)
    for g in 0..<n {
      guard table[g].sorted() == all else { throw .notAGroup(reason: "a repetition in row \(g)") }
      guard table[g][0] == g, table[0][g] == g else {
        throw .notAGroup(reason: "that element 0 is not the identity")
      }
    }
    // Light's test: associativity with generators in the middle suffices.
    var reached: Set<Int> = [0]
    var generators: [Int] = []
    for s in 0..<n where !reached.contains(s) {
      generators.append(s)
      for g in 0..<n {
        for h in 0..<n where table[table[g][s]][h] != table[g][table[s][h]] {
          throw .notAGroup(reason: "that (\(g) \(s)) \(h) is not \(g) (\(s) \(h))")
        }
      }
      var list = Array(reached) + [s]
      reached.insert(s)
      var next = 0
      while next < list.count {
        for generator in generators {
          let image = table[list[next]][generator]
          if reached.insert(image).inserted { list.append(image) }
        }
        next += 1
      }
    }
    self.init(
      name: name, order: n, table: table.flatMap { $0.map { UInt16($0) } },
      generators: generators, labels: labels)
  }
}

extension GroupElement {
  /// Whether a product with `other` exists.
  fileprivate func isComposable(with other: Self) -> Bool {
    switch (self, other) {
    case (let a as SignedPermutation, let b as SignedPermutation): a.dimension == b.dimension
    case (let a as SymmetryOperation, let b as SymmetryOperation):
      a.axes.dimension == b.axes.dimension
    case (let a as Permutation, let b as Permutation): a.images.count == b.images.count
    default: true
    }
  }
}
