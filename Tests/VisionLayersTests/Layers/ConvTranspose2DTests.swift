import Testing
import VisionGraph
import VisionLayers
import VisionTensor

@Suite struct ConvTranspose2DTests {
  @Test func spreadsEveryElementOverTheKernel() throws {
    let result = try run(
      ConvTranspose2D(1, kernel: 2, stride: 2), [1, 2], [1, 1, 1, 2],
      parameters: ["weight": [1, 2, 3, 4], "bias": [0.5]])
    #expect(result == Tensor([Float(1.5), 2.5, 2.5, 4.5, 3.5, 4.5, 6.5, 8.5], shape: [1, 1, 2, 4]))
  }

  @Test func weightsHaveTheInputChannelsFirst() throws {
    let layer = ConvTranspose2D(8, kernel: 3, stride: 2, padding: 1, outputPadding: 1, groups: 2)
    let graph = try graph(of: layer, input: [1, 6, 5, 7])
    #expect(graph.parameters.map { "\($0.name) \($0.fact.shape)" } == ["weight 6×4×3×3", "bias 8"])
    #expect(graph.outputs.map { graph.fact($0.value).shape } == [[1, 8, 10, 14]])
  }

  @Test(arguments: [
    ConvTranspose2D(0, kernel: 3), ConvTranspose2D(4, kernel: 0), ConvTranspose2D(4, kernel: 3, stride: 0),
    ConvTranspose2D(4, kernel: 3, groups: 4), ConvTranspose2D(4, kernel: 3, padding: -1),
    ConvTranspose2D(4, kernel: 3, outputPadding: -1), ConvTranspose2D(.max, kernel: .max),
  ])
  func whatIsNoConvolutionIsRefused(_ layer: ConvTranspose2D) {
    #expect(throws: GraphError.self) { try graph(of: layer, input: [1, 6, 5, 5]) }
  }
}
