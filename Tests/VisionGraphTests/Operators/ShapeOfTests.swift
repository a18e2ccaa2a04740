import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ShapeOfTests {
  @Test func listsExtents() throws {
    try checkOperator(ShapeOf(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Float], shape: [2, 3, 4])], expected: [Tensor([2, 3, 4] as [Int64])])
    try checkOperator(ShapeOf(), [Tensor(scalar: Float(1))], expected: [Tensor([] as [Int64])])
    try checkOperator(ShapeOf(), [Tensor([] as [Bool], shape: [0, 5])], expected: [Tensor([0, 5] as [Int64])])
  }

  @Test func listsAPart() throws {
    try checkOperator(ShapeOf(start: 1), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Float], shape: [2, 3, 4])], expected: [Tensor([3, 4] as [Int64])])
    try checkOperator(ShapeOf(end: -1), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Float], shape: [2, 3, 4])], expected: [Tensor([2, 3] as [Int64])])
    try checkOperator(ShapeOf(start: -2, end: -1), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Float], shape: [2, 3, 4])], expected: [Tensor([3] as [Int64])])
    try checkOperator(ShapeOf(start: -9, end: 9), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Float], shape: [2, 3, 4])], expected: [Tensor([2, 3, 4] as [Int64])])
    try checkOperator(ShapeOf(start: 2, end: 1), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Float], shape: [2, 3, 4])], expected: [Tensor([] as [Int64])])
  }

  @Test func isKnownBeforeAnythingRuns() throws {
    #expect(try ShapeOf().outputs([Fact(.float32, [2, 3])]) == [Fact(constant: Tensor([2, 3] as [Int64]))])
  }

  @Test func refusesAPartBeforeOpsetFifteen() {
    #expect(graphErrorKind { try importNode(ShapeOf.self, opset: 13, [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Float], shape: [2, 3, 4])], ["start": .int(1)]) } == .unsupportedFeature)
  }
}
