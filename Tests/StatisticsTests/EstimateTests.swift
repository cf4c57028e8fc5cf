import Foundation
import Statistics
import Testing

@Suite struct EstimateTests {
  @Test(arguments: [
    (0.594041, 0.000253, "0.59404(25)"), (-0.594041, 0.000253, "-0.59404(25)"),
    (123.44, 5.678, "123.4(5.7)"), (12345.4, 678.2, "12345(678)"), (1, 0.0996, "1.00(10)"),
    (0.123, 0.996, "0.1(1.0)"), (1, 0.25, "1.00(25)"), (0, 0.25, "0.00(25)"),
    (-0.0001, 0.25, "0.00(25)"), (0.9999, 0.012, "1.000(12)"), (99.996, 0.25, "100.00(25)"),
    (1.234e-10, 5e-12, "1.234(50)e-10"), (1.5, 0, "1.5(0)"), (1.2345e20, 3e18, "1.235(30)e20"),
    (2.5e-3, 1e-4, "0.00250(10)"), (3, 10, "3(10)"), (3, 9.97, "3(10)"), (1, .nan, "1.0(nan)"),
  ])
  func notation(value: Double, error: Double, text: String) {
    #expect(Estimate(value: value, error: error).description == text)
  }

  @Test func pull() {
    #expect(Estimate(value: 1.5, error: 0.25).pull(from: 1) == 2)
    #expect(Estimate(value: 0.5, error: 0.25).pull(from: 1) == -2)
    #expect(Estimate(value: 1, error: 0).pull(from: 1) == 0)
    #expect(Estimate(value: 2, error: 0).pull(from: 1) == .infinity)
  }

  @Test func codingKeepsEveryBit() throws {
    let estimate = Estimate(value: 0.1 + 0.2, error: -1e-17)
    #expect(estimate.error == 1e-17)
    let data = try JSONEncoder().encode(estimate)
    #expect(try JSONDecoder().decode(Estimate.self, from: data) == estimate)
  }
}
