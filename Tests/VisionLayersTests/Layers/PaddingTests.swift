import Testing
import VisionGraph
import VisionLayers
import VisionTensor

@Suite struct PaddingTests {
  private func size(_ layer: Conv2D, _ height: Int, _ width: Int) throws -> [Int] {
    let graph = try graph(of: layer, input: [1, 1, height, width])
    return graph.outputs.flatMap { graph.fact($0.value).shape.dimensions.suffix(2) }
  }

  @Test(arguments: [1, 3, 5, 7, 11]) func halfKeepsTheSizeForOddKernels(_ kernel: Int) throws {
    #expect(try size(Conv2D(1, kernel: kernel), 12, 13) == [12, 13])
    #expect(try size(Conv2D(1, kernel: kernel, dilation: 2), 24, 25) == [24, 25])
  }

  @Test func halfOfAnEvenKernelIsRoundedDown() throws {
    #expect(try size(Conv2D(1, kernel: 2, stride: 2), 12, 14) == [6, 7])
    #expect(try size(Conv2D(1, kernel: 4, stride: 2), 12, 14) == [6, 7])
  }

  @Test func sameUpperPadsAtTheEnd() throws {
    let layer = Conv2D(1, kernel: 3, stride: 2, padding: .sameUpper, bias: false)
    let weight: [Float] = [0, 0, 0, 0, 1, 0, 0, 0, 0]
    // Stride 2 over 4: one element of padding, at the end, so windows center on 1 and 3.
    let result = try run(layer, (0..<16).map(Float.init), [1, 1, 4, 4], parameters: ["weight": weight])
    #expect(result == Tensor([Float(5), 7, 13, 15], shape: [1, 1, 2, 2]))
  }

  @Test func explicitSidesAreTopLeftBottomRight() throws {
    let layer = Conv2D(1, kernel: 1, padding: .explicit(top: 1, left: 2, bottom: 0, right: 0), bias: false)
    let result = try run(layer, [7], [1, 1, 1, 1], parameters: ["weight": [1]])
    #expect(result == Tensor([Float(0), 0, 0, 0, 0, 7], shape: [1, 1, 2, 3]))
  }

  @Test func symmetricIsVerticalThenHorizontal() throws {
    #expect(try size(Conv2D(1, kernel: 1, padding: .symmetric(vertical: 1, horizontal: 3)), 4, 4) == [6, 10])
    #expect(try size(Conv2D(1, kernel: 3, padding: 2), 4, 5) == [6, 7])
    #expect(try size(Conv2D(1, kernel: 3, padding: .valid), 4, 5) == [2, 3])
  }
}
