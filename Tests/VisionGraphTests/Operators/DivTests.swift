import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct DivTests {
  @Test func broadcasts() throws {
    try checkOperator(
      Div(), [Tensor([1, -2, 3.5] as [Float], shape: [3, 1]), Tensor([10, -0.5] as [Float])],
      expected: [Tensor([0.1, -2, -0.2, 4, 0.35, -7] as [Float], shape: [3, 2])])
    try checkOperator(
      Div(), [Tensor(scalar: Float(3)), Tensor([1, -2, 3.5] as [Float], shape: [3, 1])],
      expected: [Tensor([3, -1.5, 0.85714287] as [Float], shape: [3, 1])])
  }

  @Test func keepsEmptyTensors() throws {
    try checkOperator(
      Div(), [Tensor([] as [Float], shape: [0, 2]), Tensor([10, -0.5] as [Float])],
      expected: [Tensor([] as [Float], shape: [0, 2])])
  }

  @Test func followsIEEEForInfinitiesAndNaN() throws {
    try checkOperator(
      Div(),
      [Tensor([.infinity, -.infinity, .nan, 0] as [Float]), Tensor([1, .infinity, 1, 0] as [Float])],
      expected: [Tensor([.infinity, .nan, .nan, .nan] as [Float])])
  }

  @Test func computesIntegersModuloTheirRange() throws {
    try checkOperator(
      Div(), [Tensor([-7, 7, -128] as [Int8]), Tensor([2, -2, -1] as [Int8])],
      expected: [Tensor([-3, -3, -128] as [Int8])])
    try checkOperator(
      Div(), [Tensor([18446744073709551615] as [UInt64]), Tensor([2] as [UInt64])],
      expected: [Tensor([9223372036854775807] as [UInt64])])
    try checkOperator(
      Div(), [Tensor([9007199254740993] as [Int64]), Tensor([1] as [Int64])],
      expected: [Tensor([9007199254740993] as [Int64])])
  }

  @Test func refusesDifferentTypesAndShapesThatDoNotBroadcast() {
    #expect(throws: ShapeError.self) { try Div().outputs([Fact(.float32, [2]), Fact(.float64, [2])]) }
    #expect(throws: ShapeError.self) { try Div().outputs([Fact(.float32, [2]), Fact(.float32, [3])]) }
    #expect(throws: ShapeError.self) { try Div().outputs([Fact(.bool, [2]), Fact(.bool, [2])]) }
  }

  @Test func refusesAThirdInput() {
    #expect(
      graphErrorKind {
        try importNode(
          Div.self, opset: 14, [Tensor([1] as [Float]), Tensor([1] as [Float]), Tensor([1] as [Float])], [:])
      } == .structure)
  }

  @Test func refusesIntegerDivisionByZero() {
    #expect(throws: EvaluationError.self) {
      try Div().evaluate([Tensor([1] as [Int64]), Tensor([0] as [Int64])])
    }
    #expect(throws: EvaluationError.self) {
      try Div().evaluate([Tensor([1] as [UInt64]), Tensor([0] as [UInt64])])
    }
  }
}
