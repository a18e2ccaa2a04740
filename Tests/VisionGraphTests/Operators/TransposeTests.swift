import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct TransposeTests {
  @Test func reversesAxes() throws {
    try checkOperator(Transpose(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Float], shape: [2, 3, 4])], expected: [Tensor([0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23] as [Float], shape: [4, 3, 2])])
    try checkOperator(Transpose(), [Tensor(scalar: Float(3))], expected: [Tensor(scalar: Float(3))])
    try checkOperator(Transpose(), [Tensor([] as [Float], shape: [2, 0, 3])], expected: [Tensor([] as [Float], shape: [3, 0, 2])])
  }

  @Test func reordersAxes() throws {
    try checkOperator(Transpose([1, 0, 2]), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Int16], shape: [2, 3, 4])], expected: [Tensor([0, 1, 2, 3, 12, 13, 14, 15, 4, 5, 6, 7, 16, 17, 18, 19, 8, 9, 10, 11, 20, 21, 22, 23] as [Int16], shape: [3, 2, 4])])
    try checkOperator(Transpose([2, 0, 1]), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Int16], shape: [2, 3, 4])], expected: [Tensor([0, 4, 8, 12, 16, 20, 1, 5, 9, 13, 17, 21, 2, 6, 10, 14, 18, 22, 3, 7, 11, 15, 19, 23] as [Int16], shape: [4, 2, 3])])
    try checkOperator(Transpose([0, 2, 1]), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Int16], shape: [2, 3, 4])], expected: [Tensor([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11, 12, 16, 20, 13, 17, 21, 14, 18, 22, 15, 19, 23] as [Int16], shape: [2, 4, 3])])
  }

  @Test func refusesWhatIsNoOrder() {
    #expect(throws: ShapeError.self) { try Transpose([0, 1]).outputs([Fact(.float32, [2, 3, 4])]) }
    #expect(throws: ShapeError.self) { try Transpose([0, 0, 1]).outputs([Fact(.float32, [2, 3, 4])]) }
    #expect(throws: ShapeError.self) { try Transpose([0, 1, 3]).outputs([Fact(.float32, [2, 3, 4])]) }
    #expect(throws: ShapeError.self) { try Transpose([0, 1, -1]).outputs([Fact(.float32, [2, 3, 4])]) }
  }
}
