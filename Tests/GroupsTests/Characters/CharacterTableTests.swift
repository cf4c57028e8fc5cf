import ComplexModule
import Groups
import RealModule
import Testing

@Suite struct CharacterTableTests {
  /// The characters of the reference, row by row, up to the order of classes: real parts to rounding.
  @Test(.enabled(if: GroupVectors.areEnabled))
  func tablesOfTheReference() throws {
    for fact in try GroupVectors.pointGroups().facts {
      let group = try GroupVectors.group(fact.name)
      let table = group.characters
      #expect(table.rows.map(\.dimension).sorted() == fact.irrepDims.sorted())
      // The class here for each class there.
      let column = try fact.classRepMatrices.map { rows in
        group.classOfElement[
          try #require(group.matrices!.firstIndex(of: RealMatrix(rows)))]
      }
      var rest = fact.characterTableReal
      for row in table.rows {
        let values = column.map { row.values[$0].real }
        let match = rest.firstIndex { zip($0, values).allSatisfy { ($0 - $1).magnitude < 1e-12 } }
        rest.remove(at: try #require(match, "\(fact.name)"))
      }
      #expect(rest.isEmpty)
    }
  }

  /// The order of rows is that of the reference for B_n and O, whose order of classes is the same.
  @Test(
    .enabled(if: GroupVectors.areEnabled),
    arguments: ["O_h (=B_3)", "O", "B_2", "B_4 (hypercubic W4)", "B_4 rotations (det=+1)"])
  func rowsInTheOrderOfTheReference(name: String) throws {
    let facts = try GroupVectors.pointGroups().facts
    let fact = try #require(facts.first { $0.name == name })
    let group = try GroupVectors.group(name)
    for (row, expected) in zip(group.characters.rows, fact.characterTableReal) {
      #expect(zip(row.values, expected).allSatisfy { ($0.real - $1).magnitude < 1e-12 })
    }
  }

  /// Rows and columns are orthogonal to 1e-13, and squares of dimensions sum to the order.
  @Test(arguments: [
    "B4", "B4+", "Oh x T", "B4 x C", "C12", "C7", "D9", "D6h", "T", "Th", "Q8", "Sym5", "Alt5",
    "C30",
    "S8", "D5d", "Q8 x C3", "B5", "D60",
  ])
  func orthogonality(name: String) throws {
    let group = try FiniteGroup(named: name)
    let table = group.characters
    let sizes = group.classes.map { Double($0.size) / Double(group.order) }
    #expect(table.count == group.classes.count)
    #expect(table.rows.reduce(0) { $0 + $1.dimension * $1.dimension } == group.order)
    for i in 0..<table.count {
      for j in 0..<table.count {
        var rows = Complex<Double>(0)
        var columns = Complex<Double>(0)
        for c in 0..<table.count {
          rows += Complex(sizes[c]) * table[i, c] * table[j, c].conjugate
          columns += table[c, i] * table[c, j].conjugate
        }
        columns = columns * Complex(sizes[i])
        let expected = Complex<Double>(i == j ? 1 : 0)
        #expect((rows - expected).length < 1e-13)
        #expect((columns - expected).length < 1e-13)
      }
    }
  }

  /// Characters of B_n and of Sym_n are whole numbers, exactly.
  @Test(arguments: ["B3", "B4", "B5", "Sym4", "Sym5"])
  func wholeNumbers(name: String) throws {
    for row in try FiniteGroup(named: name).characters.rows {
      #expect(row.values.allSatisfy { $0.imaginary == 0 && $0.real == $0.real.rounded() })
      #expect(row.indicator == 1)
    }
  }

  /// The characters of C_n are exp(2 pi i j k / n).
  @Test(arguments: [1, 2, 3, 5, 8, 12, 31])
  func cyclic(n: Int) throws {
    let group = try FiniteGroup(named: "C\(n)")
    let table = group.characters
    for row in table.rows {
      let first = n == 1 ? Complex(1) : row.values[group.classOfElement[1]]
      var power = Complex<Double>(1)
      for k in 0..<n {
        #expect((row.values[group.classOfElement[k]] - power).length < 1e-14)
        power *= first
      }
    }
  }

  /// Indicators: the sum of dimensions of real characters less that of quaternionic ones is the number of
  /// elements with g^2 = 1.
  @Test(arguments: ["Q8", "B4", "C5", "Alt4", "Q8 x Q8", "D6d", "Th", "Q8 x C3"])
  func indicators(name: String) throws {
    let group = try FiniteGroup(named: name)
    let roots = (0..<group.order).count { group.product($0, $0) == 0 }
    let sum = group.characters.rows.reduce(0) { $0 + $1.indicator * $1.dimension }
    #expect(sum == roots)
  }
}
