import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct OneHotTests {
  @Test func marksIndices() throws {
    try checkOperator(OneHot(), [Tensor([0, -1, 2, 3] as [Int64], shape: [2, 2]), Tensor(scalar: Int64(3)), Tensor([-1, 5] as [Float])], constants: [1], expected: [Tensor([5, -1, -1, -1, -1, 5, -1, -1, 5, -1, -1, -1] as [Float], shape: [2, 2, 3])])
    try checkOperator(OneHot(axis: 1), [Tensor([0, -1, 2, 3] as [Int64], shape: [2, 2]), Tensor([3] as [Int64]), Tensor([-1, 5] as [Float])], constants: [1], expected: [Tensor([5, -1, -1, -1, -1, 5, -1, -1, -1, -1, 5, -1] as [Float], shape: [2, 3, 2])])
    try checkOperator(OneHot(), [Tensor([1, 0] as [Float]), Tensor(scalar: Float(2)), Tensor([0, 1] as [Int64])], constants: [1], expected: [Tensor([0, 1, 1, 0] as [Int64], shape: [2, 2])])
    try checkOperator(OneHot(), [Tensor([] as [Int64]), Tensor(scalar: Int64(2)), Tensor([-1, 5] as [Float])], constants: [1], expected: [Tensor([] as [Float], shape: [0, 2])])
    try checkOperator(OneHot(), [Tensor(scalar: Int64(1)), Tensor(scalar: Int64(0)), Tensor([-1, 5] as [Float])], constants: [1], expected: [Tensor([] as [Float])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try OneHot().outputs([Fact(.int64, [2]), Fact(.int64, []), Fact(constant: Tensor([-1, 5] as [Float]))]) }
    #expect(throws: ShapeError.self) { try OneHot().outputs([Fact(.int64, [2]), Fact(constant: Tensor(scalar: Int64(-1))), Fact(constant: Tensor([-1, 5] as [Float]))]) }
    #expect(throws: ShapeError.self) { try OneHot().outputs([Fact(.int64, [2]), Fact(constant: Tensor(scalar: Int64(3))), Fact(constant: Tensor([1] as [Float]))]) }
    #expect(throws: ShapeError.self) { try OneHot().outputs([Fact(.int64, [2]), Fact(constant: Tensor([1, 2] as [Int64])), Fact(constant: Tensor([-1, 5] as [Float]))]) }
  }
}
