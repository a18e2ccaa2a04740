import Testing
import VisionGraph
import VisionLayers
import VisionTensor

@Suite struct BatchNormTests {
  @Test func normalizesEachChannelByItsStatistics() throws {
    let result = try run(
      BatchNorm(epsilon: 1), [1, 2, 3, 4], [1, 2, 1, 2],
      parameters: ["weight": [2, 10], "bias": [5, 0], "running_mean": [1, 4], "running_var": [3, 0]])
    // (x − mean) / √(variance + 1) · weight + bias.
    #expect(result == Tensor([Float(5), 6, -10, 0], shape: [1, 2, 1, 2]))
  }

  @Test func beginsAsTheIdentity() throws {
    let result = try run(BatchNorm(epsilon: 0), [1, -2, 3], [1, 3])
    #expect(result == Tensor([Float(1), -2, 3], shape: [1, 3]))
  }

  @Test func parametersHaveTorchvisionsNamesAndOrder() throws {
    #expect(
      try parameterNames(BatchNorm(), input: [1, 3, 2, 2])
        == ["weight", "bias", "running_mean", "running_var"])
  }

  @Test func momentumIsTheShareOfTheNew() throws {
    let operation = try graph(of: BatchNorm(momentum: 0.25), input: [1, 3]).nodes[0].operation
    #expect((operation as? BatchNormalization)?.momentum == 0.75)
  }
}
