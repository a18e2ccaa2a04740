import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct RandomNormalTests {
  @Test func hasTheWantedDistribution() throws {
    let numbers = try RandomNormal([100, 200], type: .float64, mean: 3, scale: 0.5, seed: 7).evaluate([])[0]
      .doubles
    let mean = numbers.reduce(0, +) / 20000
    let deviation = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20000).squareRoot()
    let expected: (mean: Double, deviation: Double) = (3, 0.5)
    #expect(abs(mean - expected.mean) < 0.02 && abs(deviation - expected.deviation) < 0.01)
  }

  @Test func givesTheSameNumbersAtEveryRun() throws {
    for type in [ElementType.float32, .float16, .float64] {
      try checkOperator(RandomNormal([3, 5], type: type, mean: 3, scale: 0.5, seed: 7), [])
    }
    let one = try RandomNormal([5000], seed: 1).evaluate([])
    #expect(one == (try RandomNormal([5000], seed: 1).evaluate([])))
    #expect(one != (try RandomNormal([5000], seed: 2).evaluate([])))
    try checkOperator(RandomNormal([5000], seed: 1), [])
  }

  @Test func takesItsSeedFromTheNameOfItsNode() throws {
    func numbers(_ name: String) throws -> [Float] {
      let builder = GraphBuilder()
      let node = ImportedNode(
        name: name, operatorName: "RandomNormal", opset: 17, inputs: [], outputCount: 1,
        attributes: ["shape": .ints([4])])
      return try RandomNormal.build(node, in: builder)[0].fact.value?.floats ?? []
    }
    #expect(try numbers("a").count == 4 && numbers("a") == numbers("a") && numbers("a") != numbers("b"))
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try RandomNormal([2], type: .int32).outputs([]) }
    #expect(throws: ShapeError.self) { try RandomNormal([-1]).outputs([]) }
    #expect(throws: ShapeError.self) { try RandomNormal([1 << 40, 1 << 40]).outputs([]) }
    #expect(graphErrorKind { try importNode(RandomNormal.self, opset: 1, []) } == .structure)
    #expect(
      graphErrorKind {
        try importNode(RandomNormal.self, opset: 1, [], ["shape": .ints([2]), "dtype": .int(6)])
      } == .unsupportedFeature)
  }
}
