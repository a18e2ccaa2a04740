import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ExpandTests {
  @Test func broadcastsBothWays() throws {
    try checkOperator(Expand(), [Tensor([1, 2, 3] as [Float], shape: [3, 1]), Tensor([2, 1, 4] as [Int64])], constants: [1], expected: [Tensor([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3] as [Float], shape: [2, 3, 4])])
    try checkOperator(Expand(), [Tensor([1, 2, 3] as [Float], shape: [3, 1]), Tensor([1] as [Int64])], constants: [1], expected: [Tensor([1, 2, 3] as [Float], shape: [3, 1])])
    try checkOperator(Expand(), [Tensor(scalar: Float(4)), Tensor([2] as [Int64])], constants: [1], expected: [Tensor([4, 4] as [Float])])
    try checkOperator(Expand(), [Tensor([1, 2, 3] as [Float], shape: [3, 1]), Tensor([3, 0] as [Int64])], constants: [1], expected: [Tensor([] as [Float], shape: [3, 0])])
  }

  @Test func refusesShapesThatDoNotFit() {
    #expect(throws: ShapeError.self) { try Expand().outputs([Fact(.float32, [3, 1]), Fact(constant: Tensor([2, 1] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Expand().outputs([Fact(.float32, [3, 1]), Fact(constant: Tensor([-1] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Expand().outputs([Fact(.float32, [3, 1]), Fact(constant: Tensor([1099511627776, 1099511627776] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Expand().outputs([Fact(.float32, [3, 1]), Fact(.int64, [2])]) }
  }
}
