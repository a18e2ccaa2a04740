import Testing

@testable import VisionTasks

@Suite struct LBFGSTests {
  @Test func findsTheMinimumOfABadlyScaledBowl() {
    let scales = (0..<20).map { 1 + Double($0 * $0 * $0) }
    var optimizer = LBFGS()
    optimizer.gradientTolerance = 1e-9
    optimizer.valueTolerance = 0
    optimizer.maximumSteps = 1000
    let result = optimizer.minimize(from: [Double](repeating: 3, count: 20)) { point, gradient in
      var value = 0.0
      for index in point.indices {
        let distance = point[index] - Double(index)
        gradient[index] = scales[index] * distance
        value += scales[index] / 2 * distance * distance
      }
      return value
    }
    for (index, number) in result.point.enumerated() { #expect(abs(number - Double(index)) < 1e-6) }
  }

  @Test func staysWhereThereIsNothingToGain() {
    let result = LBFGS().minimize(from: [1, 2]) { _, gradient in
      gradient = [0, 0]
      return 5
    }
    #expect(result.point == [1, 2])
    #expect(result.steps == 0)
  }
}
