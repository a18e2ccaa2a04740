import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct TriluTests {
  @Test func keepsTheUpperTriangle() throws {
    try checkOperator(Trilu(), [Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24] as [Float], shape: [2, 3, 4])], expected: [Tensor([1, 2, 3, 4, 0, 6, 7, 8, 0, 0, 11, 12, 13, 14, 15, 16, 0, 18, 19, 20, 0, 0, 23, 24] as [Float], shape: [2, 3, 4])])
    try checkOperator(Trilu(), [Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24] as [Float], shape: [2, 3, 4]), Tensor(scalar: Int64(1))], expected: [Tensor([0, 2, 3, 4, 0, 0, 7, 8, 0, 0, 0, 12, 0, 14, 15, 16, 0, 0, 19, 20, 0, 0, 0, 24] as [Float], shape: [2, 3, 4])])
    try checkOperator(Trilu(), [Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24] as [Float], shape: [2, 3, 4]), Tensor(scalar: Int64(-1))], expected: [Tensor([1, 2, 3, 4, 5, 6, 7, 8, 0, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 0, 22, 23, 24] as [Float], shape: [2, 3, 4])])
    try checkOperator(Trilu(), [Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24] as [Float], shape: [2, 3, 4]), Tensor(scalar: Int64(-9223372036854775808))], expected: [Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24] as [Float], shape: [2, 3, 4])])
  }

  @Test func keepsTheLowerTriangle() throws {
    try checkOperator(Trilu(isUpper: false), [Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24] as [Int64], shape: [2, 3, 4])], expected: [Tensor([1, 0, 0, 0, 5, 6, 0, 0, 9, 10, 11, 0, 13, 0, 0, 0, 17, 18, 0, 0, 21, 22, 23, 0] as [Int64], shape: [2, 3, 4])])
    try checkOperator(Trilu(isUpper: false), [Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24] as [Float], shape: [2, 3, 4]), Tensor([-1] as [Int64])], expected: [Tensor([0, 0, 0, 0, 5, 0, 0, 0, 9, 10, 0, 0, 0, 0, 0, 0, 17, 0, 0, 0, 21, 22, 0, 0] as [Float], shape: [2, 3, 4])])
    try checkOperator(Trilu(isUpper: false), [Tensor([] as [Bool], shape: [0, 2])], expected: [Tensor([] as [Bool], shape: [0, 2])])
  }

  @Test func refusesWhatIsNoMatrix() {
    #expect(throws: ShapeError.self) { try Trilu().outputs([Fact(.float32, [3])]) }
    #expect(throws: ShapeError.self) { try Trilu().outputs([Fact(.float32, [3, 3]), Fact(.int64, [2])]) }
  }
}
