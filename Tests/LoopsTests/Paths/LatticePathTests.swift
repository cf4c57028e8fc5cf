import Lattice
import Loops
import Testing

@Suite("Lattice paths")
struct LatticePathTests {
  @Test("text round-trips and names directions", arguments: 2...8)
  func roundTrip(dimension: Int) throws {
    for mu in 0..<dimension {
      for forward in [true, false] {
        let path = LatticePath([.init(mu, forward: forward)], dimension: dimension)
        #expect(try LatticePath(path.description, dimension: dimension) == path)
        let digit = "\(forward ? "+" : "-")\(mu)"
        #expect(try LatticePath(digit, dimension: dimension) == path)
      }
    }
    let last = try LatticePath("+t", dimension: dimension)
    #expect(last.steps[0].direction == dimension - 1)
  }

  @Test("steps of a plaquette")
  func plaquette() throws {
    let path = try LatticePath("+x +y -x -y", dimension: 4)
    #expect(path == (try .rectangle(0, 1, 1, 1, dimension: 4)))
    #expect(path == (try LatticePath(" +x+y  -x-y\n", dimension: 4)))
    #expect(path.description == "+x +y -x -y")
    #expect(path.displacement == [0, 0, 0, 0])
    #expect(path.reversed.description == "+y +x -y -x")
    #expect(path.reversed.reversed == path)
    #expect(try LatticePath("", dimension: 4).length == 0)
    #expect(path.appending(path).length == 8)
  }

  @Test("closed paths, also around the lattice")
  func closed() throws {
    let geometry = try Geometry([3, 4])
    #expect(try LatticePath("+x +x +x", dimension: 2).isClosed(on: geometry))
    #expect(try !LatticePath("+y +y +y", dimension: 2).isClosed(on: geometry))
    #expect(try LatticePath("-t -t -t -t", dimension: 2).isClosed(on: geometry))
    #expect(try !LatticePath("+x -x", dimension: 3).isClosed(on: geometry))
  }

  @Test(
    "what is no step is named",
    arguments: [
      ("x", "x"), ("+x +q", "+q"), ("+z", "+z"), ("+x - y", "-"), ("+x +2", "+2"), ("++x", "++x"),
      ("+", "+"), ("+xy", "y"), ("+x\u{661}", "\u{661}"), ("+\u{661}", "+\u{661}"),
    ])
  func errors(_ text: String, _ token: String) {
    #expect(throws: PathError.token(token, dimension: 2)) {
      try LatticePath(text, dimension: 2)
    }
  }

  @Test("rectangles that are none")
  func rectangles() {
    #expect(throws: PathError.plane(1, 1, dimension: 3)) {
      try LatticePath.rectangle(1, 1, 2, 2, dimension: 3)
    }
    #expect(throws: PathError.plane(0, 3, dimension: 3)) {
      try LatticePath.rectangle(0, 3, 2, 2, dimension: 3)
    }
    #expect(throws: PathError.size(0, 2)) {
      try LatticePath.rectangle(0, 1, 0, 2, dimension: 3)
    }
  }
}
