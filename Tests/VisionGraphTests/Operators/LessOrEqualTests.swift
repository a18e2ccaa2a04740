import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct LessOrEqualTests {
  @Test func broadcasts() throws {
    try checkOperator(
      LessOrEqual(), [Tensor([1, 2, 3] as [Float], shape: [3, 1]), Tensor([2, 1] as [Float])],
      expected: [Tensor([true, true, true, false, false, false] as [Bool], shape: [3, 2])])
    try checkOperator(
      LessOrEqual(), [Tensor(scalar: Float(1)), Tensor(scalar: Float(1))],
      expected: [Tensor(scalar: Bool(true))])
  }

  @Test func followsIEEEForInfinitiesAndNaN() throws {
    try checkOperator(
      LessOrEqual(),
      [
        Tensor([.nan, .infinity, -.infinity, 0, .nan] as [Float]),
        Tensor([.nan, .infinity, .infinity, -0, 1] as [Float]),
      ], expected: [Tensor([false, true, true, true, false] as [Bool])])
  }

  @Test func comparesIntegersExactly() throws {
    try checkOperator(
      LessOrEqual(), [Tensor([9007199254740993, -1] as [Int64]), Tensor([9007199254740992, 1] as [Int64])],
      expected: [Tensor([false, true] as [Bool])])
    try checkOperator(
      LessOrEqual(),
      [
        Tensor([18446744073709551615, 1] as [UInt64]),
        Tensor([18446744073709551614, 9223372036854775808] as [UInt64]),
      ], expected: [Tensor([false, true] as [Bool])])
  }

  @Test func keepsEmptyTensors() throws {
    try checkOperator(
      LessOrEqual(), [Tensor([] as [Float], shape: [0, 2]), Tensor([1, 2] as [Float])],
      expected: [Tensor([] as [Bool], shape: [0, 2])])
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try LessOrEqual().outputs([Fact(.bool, [1]), Fact(.bool, [1])]) }
  }

  @Test func refusesDifferentTypes() {
    #expect(throws: ShapeError.self) { try LessOrEqual().outputs([Fact(.int32, [1]), Fact(.int64, [1])]) }
  }
}
