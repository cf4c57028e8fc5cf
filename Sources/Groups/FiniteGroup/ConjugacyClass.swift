/// Elements that differ by the point of view only: g and h g h^-1.
public struct ConjugacyClass: Sendable, Hashable {
  /// The elements, ascending.
  public let elements: [Int]

  /// The order of each element.
  public let elementOrder: Int

  public var size: Int { elements.count }

  /// The smallest element, which represents the class.
  public var first: Int { elements[0] }

  /// All classes and the class of each element, from conjugation by generators.
  static func all(
    order: Int, generators: [Int], orders: [Int], conjugate: (_ g: Int, _ by: Int) -> Int
  ) -> ([ConjugacyClass], [Int]) {
    var classOf = [Int](repeating: -1, count: order)
    var classes: [ConjugacyClass] = []
    for start in 0..<order where classOf[start] < 0 {
      classOf[start] = classes.count
      var members = [start]
      var next = 0
      while next < members.count {
        for s in generators {
          let image = conjugate(members[next], s)
          if classOf[image] < 0 {
            classOf[image] = classes.count
            members.append(image)
          }
        }
        next += 1
      }
      classes.append(ConjugacyClass(elements: members.sorted(), elementOrder: orders[start]))
    }
    return (classes, classOf)
  }
}
