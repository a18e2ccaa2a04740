import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct IdentityTests {
  @Test func keepsEveryType() throws {
    try checkOperator(Identity(), [Tensor([1, .nan] as [Float])], expected: [Tensor([1, .nan] as [Float])])
    try checkOperator(Identity(), [Tensor(scalar: Bool(true))], expected: [Tensor(scalar: Bool(true))])
    try checkOperator(Identity(), [Tensor([] as [Int64], shape: [2, 0])], expected: [Tensor([] as [Int64], shape: [2, 0])])
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Identity().outputs([nil]) }
  }

  @Test func refusesAttributes() {
    #expect(graphErrorKind { try importNode(Identity.self, opset: 16, [Tensor([1] as [Float])], ["a": .int(1)]) } == .unsupportedFeature)
  }
}
