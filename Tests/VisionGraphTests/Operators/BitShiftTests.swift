import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct BitShiftTests {
  @Test func shiftsLeft() throws {
    try checkOperator(
      BitShift(.left), [Tensor([16, 4, 1, 255] as [UInt8]), Tensor([1, 2, 8, 4] as [UInt8])],
      expected: [Tensor([32, 16, 0, 240] as [UInt8])])
    try checkOperator(
      BitShift(.left), [Tensor([18446744073709551615, 1] as [UInt64]), Tensor([63, 64] as [UInt64])],
      expected: [Tensor([9223372036854775808, 0] as [UInt64])])
  }

  @Test func shiftsRight() throws {
    try checkOperator(
      BitShift(.right), [Tensor([16, 4, 255] as [UInt8]), Tensor([1, 2, 9] as [UInt8])],
      expected: [Tensor([8, 1, 0] as [UInt8])])
    try checkOperator(
      BitShift(.right), [Tensor([18446744073709551615] as [UInt64]), Tensor([1] as [UInt64])],
      expected: [Tensor([9223372036854775807] as [UInt64])])
  }

  @Test func refusesSignedIntegers() {
    #expect(throws: ShapeError.self) { try BitShift(.left).outputs([Fact(.int32, [1]), Fact(.int32, [1])]) }
  }

  @Test func refusesToGuessADirection() {
    #expect(
      graphErrorKind {
        try importNode(BitShift.self, opset: 11, [Tensor([1] as [UInt8]), Tensor([1] as [UInt8])], [:])
      } == .structure)
  }
}
