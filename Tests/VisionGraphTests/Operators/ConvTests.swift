import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ConvTests {
  /// Values worked out by hand: a 3×3 kernel of ones sums its neighborhood.
  @Test func sumsNeighborhoodsWithPadding() throws {
    let x = Tensor((0..<9).map { Float($0) }, shape: [1, 1, 3, 3])
    let w = Tensor(repeating: Float(1), shape: [1, 1, 3, 3])
    let y = Tensor([8, 15, 12, 21, 36, 27, 20, 33, 24] as [Float], shape: [1, 1, 3, 3])
    let conv = Conv(window: Window(kernel: [3, 3], padding: .explicit([1, 1, 1, 1])))
    try checkOperator(conv, [x, w, nil], expected: [y])
    try checkOperator(Conv(window: Window(kernel: [3, 3], padding: .sameUpper)), [x, w], expected: [y])
  }
}
