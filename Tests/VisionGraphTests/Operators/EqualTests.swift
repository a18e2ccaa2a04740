import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct EqualTests {
  @Test func broadcasts() throws {
    try checkOperator(
      Equal(), [Tensor([1, 2, 3] as [Float], shape: [3, 1]), Tensor([2, 1] as [Float])],
      expected: [Tensor([false, true, true, false, false, false] as [Bool], shape: [3, 2])])
    try checkOperator(
      Equal(), [Tensor(scalar: Float(1)), Tensor(scalar: Float(1))], expected: [Tensor(scalar: Bool(true))])
  }

  @Test func followsIEEEForInfinitiesAndNaN() throws {
    try checkOperator(
      Equal(),
      [
        Tensor([.nan, .infinity, -.infinity, 0, .nan] as [Float]),
        Tensor([.nan, .infinity, .infinity, -0, 1] as [Float]),
      ], expected: [Tensor([false, true, false, true, false] as [Bool])])
  }

  @Test func comparesIntegersExactly() throws {
    try checkOperator(
      Equal(), [Tensor([9007199254740993, -1] as [Int64]), Tensor([9007199254740992, 1] as [Int64])],
      expected: [Tensor([false, false] as [Bool])])
    try checkOperator(
      Equal(),
      [
        Tensor([18446744073709551615, 1] as [UInt64]),
        Tensor([18446744073709551614, 9223372036854775808] as [UInt64]),
      ], expected: [Tensor([false, false] as [Bool])])
  }

  @Test func keepsEmptyTensors() throws {
    try checkOperator(
      Equal(), [Tensor([] as [Float], shape: [0, 2]), Tensor([1, 2] as [Float])],
      expected: [Tensor([] as [Bool], shape: [0, 2])])
  }

  @Test func comparesBools() throws {
    try checkOperator(
      Equal(), [Tensor([true, false] as [Bool]), Tensor(scalar: Bool(true))],
      expected: [Tensor([true, false] as [Bool])])
  }

  @Test func refusesDifferentTypes() {
    #expect(throws: ShapeError.self) { try Equal().outputs([Fact(.int32, [1]), Fact(.int64, [1])]) }
  }
}
