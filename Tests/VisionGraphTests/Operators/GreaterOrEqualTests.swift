import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct GreaterOrEqualTests {
  @Test func broadcasts() throws {
    try checkOperator(
      GreaterOrEqual(), [Tensor([1, 2, 3] as [Float], shape: [3, 1]), Tensor([2, 1] as [Float])],
      expected: [Tensor([false, true, true, true, true, true] as [Bool], shape: [3, 2])])
    try checkOperator(
      GreaterOrEqual(), [Tensor(scalar: Float(1)), Tensor(scalar: Float(1))],
      expected: [Tensor(scalar: Bool(true))])
  }

  @Test func followsIEEEForInfinitiesAndNaN() throws {
    try checkOperator(
      GreaterOrEqual(),
      [
        Tensor([.nan, .infinity, -.infinity, 0, .nan] as [Float]),
        Tensor([.nan, .infinity, .infinity, -0, 1] as [Float]),
      ], expected: [Tensor([false, true, false, true, false] as [Bool])])
  }

  @Test func comparesIntegersExactly() throws {
    try checkOperator(
      GreaterOrEqual(),
      [Tensor([9007199254740993, -1] as [Int64]), Tensor([9007199254740992, 1] as [Int64])],
      expected: [Tensor([true, false] as [Bool])])
    try checkOperator(
      GreaterOrEqual(),
      [
        Tensor([18446744073709551615, 1] as [UInt64]),
        Tensor([18446744073709551614, 9223372036854775808] as [UInt64]),
      ], expected: [Tensor([true, false] as [Bool])])
  }

  @Test func keepsEmptyTensors() throws {
    try checkOperator(
      GreaterOrEqual(), [Tensor([] as [Float], shape: [0, 2]), Tensor([1, 2] as [Float])],
      expected: [Tensor([] as [Bool], shape: [0, 2])])
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try GreaterOrEqual().outputs([Fact(.bool, [1]), Fact(.bool, [1])]) }
  }

  @Test func refusesDifferentTypes() {
    #expect(throws: ShapeError.self) { try GreaterOrEqual().outputs([Fact(.int32, [1]), Fact(.int64, [1])]) }
  }
}
