import Testing
import VisionGraph
import VisionLayers
import VisionTensor

@Suite struct Conv2DTests {
  @Test func infersTheInputChannels() throws {
    let graph = try graph(of: Conv2D(8, kernel: (3, 5), groups: 2), input: [1, 6, 9, 9])
    #expect(graph.parameters.map(\.name) == ["weight", "bias"])
    #expect(graph.parameters.map(\.fact.shape) == [[8, 3, 3, 5], [8]])
    #expect(graph.outputs.map { graph.fact($0.value).shape } == [[1, 8, 9, 9]])
  }

  @Test func convolvesAsTheOperatorDoes() throws {
    let image = (0..<9).map(Float.init)
    let result = try run(
      Conv2D(1, kernel: 3, stride: 2), image, [1, 1, 3, 3],
      parameters: ["weight": [Float](repeating: 1, count: 9), "bias": [100]])
    // Sums of the 2×2 corners: 0+1+3+4, 1+2+4+5, 3+4+6+7, 4+5+7+8.
    #expect(result == Tensor([Float(108), 112, 120, 124], shape: [1, 1, 2, 2]))
  }

  @Test func initialValuesLieInPyTorchsBounds() throws {
    let graph = try graph(of: Conv2D(64, kernel: 5, groups: 2), input: [1, 8, 9, 9])
    let parameters = graph.initialParameters(seed: 3)
    let bound = 1 / Float(4 * 25).squareRoot()
    for name in ["weight", "bias"] {
      let largest = parameters[name]?.floats.map(abs).max() ?? 0
      #expect(largest <= bound && largest > 0.9 * bound, "\(name)")
    }
  }

  @Test func depthwiseConvolutionHasOneGroupAChannel() throws {
    let graph = try graph(
      of: DepthwiseConv2D(kernel: 3, stride: 2, multiplier: 2, bias: false), input: [1, 6, 8, 8])
    #expect(graph.parameters.map(\.name) == ["weight"])
    #expect(graph.parameters.map(\.fact.shape) == [[12, 1, 3, 3]])
    #expect(graph.outputs.map { graph.fact($0.value).shape } == [[1, 12, 4, 4]])
  }

  @Test(arguments: [
    Conv2D(0, kernel: 3), Conv2D(-4, kernel: 3), Conv2D(4, kernel: 0), Conv2D(4, kernel: -1),
    Conv2D(4, kernel: 3, stride: 0), Conv2D(4, kernel: 3, groups: 0), Conv2D(4, kernel: 3, groups: 4),
    Conv2D(4, kernel: 3, padding: -1), Conv2D(4, kernel: 3, dilation: 0), Conv2D(.max, kernel: .max),
    Conv2D(4, kernel: 9, padding: 1), Conv2D(4, kernel: 3, dilation: .max),
  ])
  func whatIsNoConvolutionIsRefused(_ layer: Conv2D) {
    let error = #expect(throws: GraphError.self) { try graph(of: layer, input: [1, 6, 5, 5]) }
    #expect(error?.kind == .shape)
  }

  @Test func onlyImagesAreTaken() {
    #expect(throws: GraphError.self) { try graph(of: Conv2D(4, kernel: 1), input: [1, 6]) }
  }
}
