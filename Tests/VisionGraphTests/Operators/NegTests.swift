import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct NegTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Neg(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor([.infinity, 20, 2.5, 1, 0.5, -0, -0.25, -0.5, -1, -3, -100, -.infinity, .nan] as [Float])
      ])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Neg(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(2.5))])
    try checkOperator(
      Neg(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Neg(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [
        Tensor([.infinity, 20, 2.5, 1, 0.5, -0.0, -0.25, -0.5, -1, -3, -100, -.infinity, .nan] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Neg().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Neg().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind { try importNode(Neg.self, opset: 13, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }

  @Test func computesIntegersExactly() throws {
    try checkOperator(
      Neg(), [Tensor([-128, -5, 0, 7, 127] as [Int8])], expected: [Tensor([-128, 5, 0, -7, -127] as [Int8])])
    try checkOperator(
      Neg(), [Tensor([-9223372036854775808, -5, 0, 7, 9223372036854775807] as [Int64])],
      expected: [Tensor([-9223372036854775808, 5, 0, -7, -9223372036854775807] as [Int64])])
  }

  @Test func refusesUnsignedIntegers() {
    #expect(throws: ShapeError.self) { try Neg().outputs([Fact(.uint8, [2])]) }
  }
}
