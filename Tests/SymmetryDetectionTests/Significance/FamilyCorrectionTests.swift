import SymmetryDetection
import Testing

@Suite("The correction for many tests")
struct FamilyCorrectionTests {
  @Test("One test of one family keeps its p-value")
  func one() {
    let family = DrawnFamily(observed: [2.5], drawn: [1, 2, 3])
    #expect(FamilyCorrection.corrected([family]) == [[0.5]])
  }

  @Test("Tests that say the same cost nothing")
  func copies() {
    let drawn = (0..<99).flatMap { [Double]([Double($0), Double($0)]) }
    let family = DrawnFamily(observed: [95.5, 95.5], drawn: drawn)
    // Three of 99 draws are larger.
    #expect(FamilyCorrection.corrected([family]) == [[0.04, 0.04]])
  }

  @Test("The largest of independent scores decides, then the next alone")
  func stepDown() {
    // Draws (k, 0) and (0, k): each test is exceeded by its own half of them.
    var drawn: [Double] = []
    for k in 0..<49 { drawn += [Double(k), 0] }
    for k in 0..<50 { drawn += [0, Double(k)] }
    let family = DrawnFamily(observed: [47.5, 45.5], drawn: drawn)
    // Against both: 1 + 2 = 3 draws; then the second alone: 4 draws.
    #expect(FamilyCorrection.corrected([family]) == [[0.04, 0.05]])
  }

  @Test("Families are joined by Bonferroni, less one each time one is through")
  func families() {
    let strong = DrawnFamily(observed: [100], drawn: (0..<99).map(Double.init))
    let weak = DrawnFamily(observed: [96.5], drawn: (0..<99).map(Double.init))
    #expect(FamilyCorrection.corrected([strong, weak]) == [[0.02], [0.03]])
    #expect(FamilyCorrection.corrected([]).isEmpty)
  }

  @Test("A family of larger weight pays less, and all of it once the others are through")
  func weights() {
    let first = DrawnFamily(observed: [96.5], drawn: (0..<99).map(Double.init), weight: 3)
    let second = DrawnFamily(observed: [100], drawn: (0..<99).map(Double.init), weight: 1)
    // 4/3 of 0.03; 4 times 0.01.
    for family in FamilyCorrection.corrected([first, second]) {
      #expect((family[0] - 0.04).magnitude < 1e-12)
    }
    let weak = DrawnFamily(observed: [95.5], drawn: (0..<99).map(Double.init), weight: 1)
    #expect(FamilyCorrection.corrected([first, weak])[1] == [0.04])
  }

  @Test("Corrected p-values never decrease along the steps and never exceed 1")
  func monotone() {
    let first = DrawnFamily(observed: [-1, 98.5], drawn: (0..<99).flatMap { [0, Double($0)] })
    let corrected = FamilyCorrection.corrected([first, first])
    for family in corrected { #expect(family[0] == 1 && family[1] <= 0.02) }
  }
}
