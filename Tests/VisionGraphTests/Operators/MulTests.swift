import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct MulTests {
  @Test func broadcasts() throws {
    try checkOperator(
      Mul(), [Tensor([1, -2, 3.5] as [Float], shape: [3, 1]), Tensor([10, -0.5] as [Float])],
      expected: [Tensor([10, -0.5, -20, 1, 35, -1.75] as [Float], shape: [3, 2])])
    try checkOperator(
      Mul(), [Tensor(scalar: Float(3)), Tensor([1, -2, 3.5] as [Float], shape: [3, 1])],
      expected: [Tensor([3, -6, 10.5] as [Float], shape: [3, 1])])
  }

  @Test func keepsEmptyTensors() throws {
    try checkOperator(
      Mul(), [Tensor([] as [Float], shape: [0, 2]), Tensor([10, -0.5] as [Float])],
      expected: [Tensor([] as [Float], shape: [0, 2])])
  }

  @Test func followsIEEEForInfinitiesAndNaN() throws {
    try checkOperator(
      Mul(),
      [Tensor([.infinity, -.infinity, .nan, 0] as [Float]), Tensor([1, .infinity, 1, 0] as [Float])],
      expected: [Tensor([.infinity, -.infinity, .nan, 0] as [Float])])
  }

  @Test func computesIntegersModuloTheirRange() throws {
    try checkOperator(
      Mul(), [Tensor([100] as [Int8]), Tensor([3] as [Int8])], expected: [Tensor([44] as [Int8])])
    try checkOperator(
      Mul(), [Tensor([18446744073709551615] as [UInt64]), Tensor([3] as [UInt64])],
      expected: [Tensor([18446744073709551613] as [UInt64])])
    try checkOperator(
      Mul(), [Tensor([9007199254740993] as [Int64]), Tensor([3] as [Int64])],
      expected: [Tensor([27021597764222979] as [Int64])])
  }

  @Test func refusesDifferentTypesAndShapesThatDoNotBroadcast() {
    #expect(throws: ShapeError.self) { try Mul().outputs([Fact(.float32, [2]), Fact(.float64, [2])]) }
    #expect(throws: ShapeError.self) { try Mul().outputs([Fact(.float32, [2]), Fact(.float32, [3])]) }
    #expect(throws: ShapeError.self) { try Mul().outputs([Fact(.bool, [2]), Fact(.bool, [2])]) }
  }

  @Test func refusesAThirdInput() {
    #expect(
      graphErrorKind {
        try importNode(
          Mul.self, opset: 14, [Tensor([1] as [Float]), Tensor([1] as [Float]), Tensor([1] as [Float])], [:])
      } == .structure)
  }
}
