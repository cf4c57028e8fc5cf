import Statistics
import Testing

/// Against values computed with 40 digits.
@Suite struct SpecialFunctionsTests {
  @Test(arguments: [
    (0.5, 0.1, 0.65472084601857702044, 0.34527915398142297956),
    (0.5, 1.5, 0.083264516663550401855, 0.91673548333644959815),
    (0.5, 10, 7.7442164310440836377e-6, 0.99999225578356895592),
    (1, 1, 0.3678794411714423216, 0.6321205588285576784),
    (1.5, 2.5, 0.17179714429673313506, 0.82820285570326686494),
    (2.5, 0.3, 0.9880032427940937345, 0.011996757205906265498),
    (5, 5, 0.44049328506521241144, 0.55950671493478758856),
    (5, 40, 5.0204643188291333513e-13, 0.99999999999949795357),
    (10, 3, 0.99889751186988452026, 0.0011024881301154797421),
    (50, 60, 0.084406681093691829623, 0.91559331890630817038),
    (50, 49, 0.53789560639905974111, 0.46210439360094025889),
    (500, 520, 0.18469114909874360424, 0.81530885090125639576),
    (500, 700, 7.0321456418285894787e-16, 0.99999999999999929679),
    (1e4, 1e4, 0.49867019166004479962, 0.50132980833995520038),
    (1e4, 10300, 0.0014704948963856812759, 0.99852950510361431872),
    (1e6, 1_001_000, 0.15865521363165970837, 0.84134478636834029163),
    (1e6, 999_000, 0.84134478642569634754, 0.15865521357430365246),
    (3, 700, 2.4225323864783194593e-299, 1.0),
  ])
  func incompleteGamma(a: Double, x: Double, upper: Double, lower: Double) throws {
    #expect(agree(try SpecialFunctions.upperIncompleteGamma(a, x), upper, relative: 1e-12))
    #expect(agree(try SpecialFunctions.lowerIncompleteGamma(a, x), lower, relative: 1e-12))
  }

  @Test func chiSquared() throws {
    // Two degrees of freedom: exp(-chi^2/2).
    let p = try SpecialFunctions.chiSquaredTail(2, degreesOfFreedom: 2)
    #expect(agree(p, 0.3678794411714423216, relative: 1e-15))
    #expect(try SpecialFunctions.chiSquaredTail(0, degreesOfFreedom: 1) == 1)
    #expect(try SpecialFunctions.chiSquaredTail(.infinity, degreesOfFreedom: 1) == 0)
    // One degree of freedom is the square of a normal variable.
    for z in [0.1, 1, 1.7, 2, 5, 20] {
      let square = try SpecialFunctions.chiSquaredTail(z * z, degreesOfFreedom: 1)
      #expect(agree(square, SpecialFunctions.normalTwoSidedTail(z), relative: 1e-12))
    }
    #expect(throws: StatisticsError.self) {
      try SpecialFunctions.chiSquaredTail(1, degreesOfFreedom: 0)
    }
    #expect(throws: StatisticsError.self) {
      try SpecialFunctions.chiSquaredTail(-1, degreesOfFreedom: 1)
    }
    #expect(throws: StatisticsError.self) {
      try SpecialFunctions.chiSquaredTail(.nan, degreesOfFreedom: 1)
    }
  }

  @Test(arguments: [
    (0, 1.0), (0.001, 0.99920211557217787481), (0.5, 0.61707507745197379272),
    (1, 0.31731050786291410283), (1.96, 0.049995790296440872426),
    (2, 0.045500263896358414401), (3, 0.0026997960632601890533),
    (5, 5.7330314375838782335e-7), (8, 1.2441921148543568247e-15),
    (10, 1.5239706048321052132e-23), (20, 5.5072482372124673902e-89),
    (37, 1.1451142445049153645e-299),
  ])
  func normalTail(z: Double, tail: Double) {
    #expect(agree(SpecialFunctions.normalTwoSidedTail(z), tail, relative: 1e-13))
    #expect(
      SpecialFunctions.normalTwoSidedTail(-z) == SpecialFunctions.normalTwoSidedTail(z))
  }

  @Test func normalTailAtTheEnds() {
    #expect(SpecialFunctions.normalTwoSidedTail(.infinity) == 0)
    #expect(SpecialFunctions.normalTwoSidedTail(-.infinity) == 0)
    #expect(SpecialFunctions.normalTwoSidedTail(.nan).isNaN)
  }

  @Test(arguments: [
    (0.2, 0.99999999999949495927, 5.0504073386700878765e-13),
    (0.3, 0.99999069419866543338, 9.3058013345666228456e-6),
    (0.5, 0.96394524366487509439, 0.036054756335124905614),
    (0.8, 0.54414241157419807674, 0.45585758842580192326),
    (0.99, 0.28087383922554892176, 0.71912616077445107824),
    (1, 0.2699996716773545212, 0.7300003283226454788),
    (1.01, 0.25943416909359744282, 0.74056583090640255718),
    (1.2, 0.11224966667072498483, 0.88775033332927501517),
    (1.36, 0.04948587675537788364, 0.95051412324462211636),
    (1.63, 0.009846364888486531251, 0.99015363511151346875),
    (2, 0.00067092525577969534654, 0.99932907474422030465),
    (3, 3.0459959489425256872e-8, 0.99999996954004051057),
    (6, 1.0760372320042276828e-31, 1.0),
  ])
  func kolmogorov(lambda: Double, tail: Double, cumulative: Double) {
    #expect(agree(SpecialFunctions.kolmogorovTail(lambda), tail, relative: 1e-12))
    #expect(agree(SpecialFunctions.kolmogorovCumulative(lambda), cumulative, relative: 1e-12))
  }

  @Test func kolmogorovAtTheEnds() {
    #expect(SpecialFunctions.kolmogorovTail(0) == 1)
    #expect(SpecialFunctions.kolmogorovTail(-1) == 1)
    #expect(SpecialFunctions.kolmogorovCumulative(0) == 0)
    #expect(SpecialFunctions.kolmogorovTail(.infinity) == 0)
    #expect(SpecialFunctions.kolmogorovTail(.nan).isNaN)
  }
}
