import Testing
import VisionGraph
import VisionLayers
import VisionTensor

@Suite struct PoolingTests {
  private let ramp = (0..<16).map(Float.init)

  @Test func theStrideIsTheKernelUnlessGiven() throws {
    #expect(
      try run(MaxPool2D(2), ramp, [1, 1, 4, 4]) == Tensor([Float(5), 7, 13, 15], shape: [1, 1, 2, 2]))
    #expect(
      try run(AveragePool2D(2), ramp, [1, 1, 4, 4])
        == Tensor([Float(2.5), 4.5, 10.5, 12.5], shape: [1, 1, 2, 2]))
    #expect(
      try run(MaxPool2D((1, 4)), ramp, [1, 1, 4, 4]) == Tensor([Float(3), 7, 11, 15], shape: [1, 1, 4, 1]))
  }

  @Test func ceilingKeepsAPartialLastWindow() throws {
    let floor = try graph(of: MaxPool2D(3, stride: 2), input: [1, 1, 6, 6])
    let ceiling = try graph(of: MaxPool2D(3, stride: 2, ceiling: true), input: [1, 1, 6, 6])
    #expect(floor.outputs.map { floor.fact($0.value).shape } == [[1, 1, 2, 2]])
    #expect(ceiling.outputs.map { ceiling.fact($0.value).shape } == [[1, 1, 3, 3]])
  }

  @Test func paddingCountsInAveragesUnlessToldOtherwise() throws {
    let ones = [Float](repeating: 9, count: 4)
    let corner = try run(AveragePool2D(3, stride: 2, padding: 1), ones, [1, 1, 2, 2])
    #expect(corner == Tensor([Float(4)], shape: [1, 1, 1, 1]))
    let inside = try run(AveragePool2D(3, stride: 2, padding: 1, countsPadding: false), ones, [1, 1, 2, 2])
    #expect(inside == Tensor([Float(9)], shape: [1, 1, 1, 1]))
  }

  @Test func adaptivePoolingTilesTheImage() throws {
    let result = try run(AdaptiveAveragePool2D(2, 1), ramp, [1, 1, 4, 4])
    #expect(result == Tensor([Float(3.5), 11.5], shape: [1, 1, 2, 1]))
    #expect(try graph(of: AdaptiveAveragePool2D(4, 4), input: [1, 1, 4, 4]).nodes.isEmpty)
    for (height, width) in [(3, 4), (4, 0), (8, 8), (-2, 2)] {
      #expect(throws: GraphError.self) {
        try graph(of: AdaptiveAveragePool2D(height, width), input: [1, 1, 4, 4])
      }
    }
  }

  @Test func globalPoolingLeavesVectors() throws {
    let result = try run(GlobalAveragePool(), ramp, [2, 2, 2, 2])
    #expect(result == Tensor([Float(1.5), 5.5, 9.5, 13.5], shape: [2, 2]))
  }

  @Test func flatteningKeepsTheBatch() throws {
    #expect(try run(Flatten(), ramp, [2, 2, 2, 2])?.shape == [2, 8])
  }
}
