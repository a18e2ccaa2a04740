import Testing
import VisionGraph
import VisionTensor

@Suite struct InitializerTests {
  private func values(_ initializer: Initializer, _ shape: Shape) throws -> [Float] {
    let builder = GraphBuilder()
    _ = try builder.parameter("weight", shape: shape, initializer: initializer)
    return try #require(builder.graph.initialParameters(seed: 5)["weight"]).floats
  }

  private func deviation(_ values: [Float]) -> Double {
    (values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)).squareRoot()
  }

  // 64 outputs, 16 inputs, 3×3: fan in 144, fan out 576; 9,216 samples lie within 3 % of their deviation.
  @Test func normalsHaveTheDeviationOfTheirFan() throws {
    #expect(abs(deviation(try values(.kaimingNormal, [64, 16, 3, 3])) * 288.squareRoot() - 1) < 0.03)
    #expect(abs(deviation(try values(.normal(0.01), [64, 144])) * 100 - 1) < 0.03)
  }

  @Test(arguments: [
    (Initializer.kaimingUniform, 1.0 / 144), (.kaimingUniformFanIn, 6.0 / 144), (.uniform(0.5), 0.25),
  ])
  func uniformsFillTheirBounds(_ initializer: Initializer, _ square: Double) throws {
    let values = try values(initializer, [64, 16, 3, 3])
    let bound = square.squareRoot()
    let largest = values.map { Double(abs($0)) }.max() ?? 0
    #expect(largest <= bound * (1 + 1e-6) && largest > 0.99 * bound)
    #expect(abs(deviation(values) / bound * 3.squareRoot() - 1) < 0.03)
    #expect(abs(values.reduce(0) { $0 + Double($1) } / Double(values.count)) < 0.03 * bound)
  }

  @Test func everyNameHasNumbersOfItsOwn() throws {
    let builder = GraphBuilder()
    _ = try builder.parameter("a", shape: [64], initializer: .normal(1))
    _ = try builder.parameter("b", shape: [64], initializer: .normal(1))
    let parameters = builder.graph.initialParameters(seed: 5)
    #expect(parameters["a"] != parameters["b"])
    #expect(parameters["a"] == builder.graph.initialParameters(seed: 5)["a"])
    #expect(parameters["a"] != builder.graph.initialParameters(seed: 6)["a"])
  }
}
