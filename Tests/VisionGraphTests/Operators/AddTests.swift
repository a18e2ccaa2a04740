import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct AddTests {
  @Test func broadcasts() throws {
    try checkOperator(
      Add(), [Tensor([1, -2, 3.5] as [Float], shape: [3, 1]), Tensor([10, -0.5] as [Float])],
      expected: [Tensor([11, 0.5, 8, -2.5, 13.5, 3] as [Float], shape: [3, 2])])
    try checkOperator(
      Add(), [Tensor(scalar: Float(3)), Tensor([1, -2, 3.5] as [Float], shape: [3, 1])],
      expected: [Tensor([4, 1, 6.5] as [Float], shape: [3, 1])])
  }

  @Test func keepsEmptyTensors() throws {
    try checkOperator(
      Add(), [Tensor([] as [Float], shape: [0, 2]), Tensor([10, -0.5] as [Float])],
      expected: [Tensor([] as [Float], shape: [0, 2])])
  }

  @Test func followsIEEEForInfinitiesAndNaN() throws {
    try checkOperator(
      Add(),
      [Tensor([.infinity, -.infinity, .nan, 0] as [Float]), Tensor([1, .infinity, 1, 0] as [Float])],
      expected: [Tensor([.infinity, .nan, .nan, 0] as [Float])])
  }

  @Test func computesIntegersModuloTheirRange() throws {
    try checkOperator(
      Add(), [Tensor([127, -128] as [Int8]), Tensor([1, -1] as [Int8])],
      expected: [Tensor([-128, 127] as [Int8])])
    try checkOperator(
      Add(),
      [Tensor([18446744073709551615, 18446744073709551610] as [UInt64]), Tensor([2, 3] as [UInt64])],
      expected: [Tensor([1, 18446744073709551613] as [UInt64])])
    try checkOperator(
      Add(), [Tensor([9007199254740993] as [Int64]), Tensor([1] as [Int64])],
      expected: [Tensor([9007199254740994] as [Int64])])
  }

  @Test func refusesDifferentTypesAndShapesThatDoNotBroadcast() {
    #expect(throws: ShapeError.self) { try Add().outputs([Fact(.float32, [2]), Fact(.float64, [2])]) }
    #expect(throws: ShapeError.self) { try Add().outputs([Fact(.float32, [2]), Fact(.float32, [3])]) }
    #expect(throws: ShapeError.self) { try Add().outputs([Fact(.bool, [2]), Fact(.bool, [2])]) }
  }

  @Test func refusesAThirdInput() {
    #expect(
      graphErrorKind {
        try importNode(
          Add.self, opset: 14, [Tensor([1] as [Float]), Tensor([1] as [Float]), Tensor([1] as [Float])], [:])
      } == .structure)
  }
}
