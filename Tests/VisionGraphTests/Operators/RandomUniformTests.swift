import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct RandomUniformTests {
  @Test func hasTheWantedDistribution() throws {
    let numbers = try RandomUniform([100, 200], type: .float64, low: 2, high: 4, seed: 7).evaluate([])[0]
      .doubles
    let mean = numbers.reduce(0, +) / 20000
    let deviation = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20000).squareRoot()
    let expected: (mean: Double, deviation: Double) = (3, 1 / 3.0.squareRoot())
    #expect(abs(mean - expected.mean) < 0.02 && abs(deviation - expected.deviation) < 0.01)
    #expect(numbers.allSatisfy { $0 >= 2 && $0 < 4 })
  }

  @Test func givesTheSameNumbersAtEveryRun() throws {
    for type in [ElementType.float32, .float16, .float64] {
      try checkOperator(RandomUniform([3, 5], type: type, low: 2, high: 4, seed: 7), [])
    }
    let one = try RandomUniform([5000], seed: 1).evaluate([])
    #expect(one == (try RandomUniform([5000], seed: 1).evaluate([])))
    #expect(one != (try RandomUniform([5000], seed: 2).evaluate([])))
    try checkOperator(RandomUniform([5000], seed: 1), [])
  }

  @Test func takesItsSeedFromTheNameOfItsNode() throws {
    func numbers(_ name: String) throws -> [Float] {
      let builder = GraphBuilder()
      let node = ImportedNode(
        name: name, operatorName: "RandomUniform", opset: 17, inputs: [], outputCount: 1,
        attributes: ["shape": .ints([4])])
      return try RandomUniform.build(node, in: builder)[0].fact.value?.floats ?? []
    }
    #expect(try numbers("a").count == 4 && numbers("a") == numbers("a") && numbers("a") != numbers("b"))
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try RandomUniform([2], type: .int32).outputs([]) }
    #expect(throws: ShapeError.self) { try RandomUniform([-1]).outputs([]) }
    #expect(throws: ShapeError.self) { try RandomUniform([1 << 40, 1 << 40]).outputs([]) }
    #expect(graphErrorKind { try importNode(RandomUniform.self, opset: 1, []) } == .structure)
    #expect(
      graphErrorKind {
        try importNode(RandomUniform.self, opset: 1, [], ["shape": .ints([2]), "dtype": .int(6)])
      } == .unsupportedFeature)
  }
}
