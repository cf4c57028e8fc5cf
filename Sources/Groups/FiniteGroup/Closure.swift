/// The elements that generators reach, and their table of products.
struct Closure<Element> {
  private(set) var elements: [Element]
  /// right[s][i]: the number of elements[i] times generator s.
  private var right: [[Int]] = []
  private var parent: [Int] = [-1]
  private var lastFactor: [Int] = [-1]

  /// Breadth first from the identity, so that elements have short words.
  ///
  /// - Parameter number: the number of an element found before, nil for a new one.
  /// - Throws: `GroupError.tooLarge` beyond `FiniteGroup.maximumOrder` elements.
  init(
    _ group: String, identity: Element, generators: [Element],
    product: (Element, Element) -> Element,
    number: (Element, [Element]) -> Int?, didAppend: (Element, Int) -> Void
  ) throws(GroupError) {
    elements = [identity]
    didAppend(identity, 0)
    right = generators.map { _ in [] }
    var next = 0
    while next < elements.count {
      for (s, generator) in generators.enumerated() {
        let image = product(elements[next], generator)
        if let known = number(image, elements) {
          right[s].append(known)
          continue
        }
        guard elements.count < FiniteGroup.maximumOrder else {
          throw .tooLarge(group: group, limit: FiniteGroup.maximumOrder)
        }
        right[s].append(elements.count)
        didAppend(image, elements.count)
        elements.append(image)
        parent.append(next)
        lastFactor.append(s)
      }
      next += 1
    }
  }

  /// Products row by row: g h = (g h') s where h = h' s.
  func table() -> [UInt16] {
    let n = elements.count
    var table = [UInt16](repeating: 0, count: n * n)
    for g in 0..<n {
      table[g * n] = UInt16(g)
      for h in 1..<max(n, 1) {
        table[g * n + h] = UInt16(right[lastFactor[h]][Int(table[g * n + parent[h]])])
      }
    }
    return table
  }

  /// The numbers of the generators, without repetitions and the identity.
  var generatorNumbers: [Int] {
    var numbers: [Int] = []
    for row in right where row[0] != 0 && !numbers.contains(row[0]) { numbers.append(row[0]) }
    return numbers
  }
}
