import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct SubTests {
  @Test func broadcasts() throws {
    try checkOperator(
      Sub(), [Tensor([1, -2, 3.5] as [Float], shape: [3, 1]), Tensor([10, -0.5] as [Float])],
      expected: [Tensor([-9, 1.5, -12, -1.5, -6.5, 4] as [Float], shape: [3, 2])])
    try checkOperator(
      Sub(), [Tensor(scalar: Float(3)), Tensor([1, -2, 3.5] as [Float], shape: [3, 1])],
      expected: [Tensor([2, 5, -0.5] as [Float], shape: [3, 1])])
  }

  @Test func keepsEmptyTensors() throws {
    try checkOperator(
      Sub(), [Tensor([] as [Float], shape: [0, 2]), Tensor([10, -0.5] as [Float])],
      expected: [Tensor([] as [Float], shape: [0, 2])])
  }

  @Test func followsIEEEForInfinitiesAndNaN() throws {
    try checkOperator(
      Sub(),
      [Tensor([.infinity, -.infinity, .nan, 0] as [Float]), Tensor([1, .infinity, 1, 0] as [Float])],
      expected: [Tensor([.infinity, -.infinity, .nan, 0] as [Float])])
  }

  @Test func computesIntegersModuloTheirRange() throws {
    try checkOperator(
      Sub(), [Tensor([-128] as [Int8]), Tensor([1] as [Int8])], expected: [Tensor([127] as [Int8])])
    try checkOperator(
      Sub(), [Tensor([3] as [UInt8]), Tensor([5] as [UInt8])], expected: [Tensor([254] as [UInt8])])
    try checkOperator(
      Sub(), [Tensor([1, 18446744073709551615] as [UInt64]), Tensor([2, 1] as [UInt64])],
      expected: [Tensor([18446744073709551615, 18446744073709551614] as [UInt64])])
  }

  @Test func refusesDifferentTypesAndShapesThatDoNotBroadcast() {
    #expect(throws: ShapeError.self) { try Sub().outputs([Fact(.float32, [2]), Fact(.float64, [2])]) }
    #expect(throws: ShapeError.self) { try Sub().outputs([Fact(.float32, [2]), Fact(.float32, [3])]) }
    #expect(throws: ShapeError.self) { try Sub().outputs([Fact(.bool, [2]), Fact(.bool, [2])]) }
  }

  @Test func refusesAThirdInput() {
    #expect(
      graphErrorKind {
        try importNode(
          Sub.self, opset: 14, [Tensor([1] as [Float]), Tensor([1] as [Float]), Tensor([1] as [Float])], [:])
      } == .structure)
  }
}
