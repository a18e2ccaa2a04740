import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct WhereTests {
  @Test func choosesAndBroadcasts() throws {
    try checkOperator(Where(), [Tensor([true, false] as [Bool], shape: [2, 1]), Tensor([1, 2, 3] as [Float]), Tensor(scalar: Float(9))], expected: [Tensor([1, 2, 3, 9, 9, 9] as [Float], shape: [2, 3])])
    try checkOperator(Where(), [Tensor([true, false] as [Bool]), Tensor([4611686018427387905, 1] as [Int64]), Tensor([0, -5] as [Int64])], expected: [Tensor([4611686018427387905, -5] as [Int64])])
    try checkOperator(Where(), [Tensor([true, false] as [Bool]), Tensor([true, true] as [Bool]), Tensor([false, false] as [Bool])], expected: [Tensor([true, false] as [Bool])])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Where(), [Tensor(scalar: Bool(false)), Tensor(scalar: Float.nan), Tensor(scalar: Float.infinity)], expected: [Tensor(scalar: Float.infinity)])
    try checkOperator(Where(), [Tensor([] as [Bool], shape: [0, 2]), Tensor([1, 2] as [Float]), Tensor([3, 4] as [Float])], expected: [Tensor([] as [Float], shape: [0, 2])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try Where().outputs([Fact(.float32, [1]), Fact(.float32, [1]), Fact(.float32, [1])]) }
    #expect(throws: ShapeError.self) { try Where().outputs([Fact(.bool, [1]), Fact(.float32, [1]), Fact(.float64, [1])]) }
    #expect(throws: ShapeError.self) { try Where().outputs([Fact(.bool, [2]), Fact(.float32, [3]), Fact(.float32, [1])]) }
  }
}
