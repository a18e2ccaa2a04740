import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values: ONNX Runtime 1.32, optimizations off.
@Suite struct QLinearSoftmaxTests {
  private static let inputs: [Tensor?] = [
    Tensor([0, 7, 100, 128, 200, 255] as [UInt8], shape: [2, 3]), Tensor(scalar: Float(0.02)),
    Tensor(scalar: UInt8(128)), Tensor(scalar: Float(0.00390625)), Tensor(scalar: UInt8(0)),
  ]

  @Test func agreesWithOnnxRuntime() throws {
    try checkOperator(
      QLinearSoftmax(), Self.inputs,
      expected: [Tensor([27, 31, 198, 14, 60, 181] as [UInt8], shape: [2, 3])])
    try checkOperator(
      QLinearSoftmax(axis: 0), Self.inputs,
      expected: [Tensor([18, 5, 11, 238, 251, 245] as [UInt8], shape: [2, 3])])
  }

  @Test func isImportedAsNodesOnNumbers() throws {
    #expect(
      try importNode(QLinearSoftmax.self, opset: 1, Self.inputs, ["opset": .int(12), "axis": .int(1)])
        == [Tensor([27, 31, 198, 14, 60, 181] as [UInt8], shape: [2, 3])])
  }

  @Test func refusesSeveralAxesAtOnce() {
    #expect(
      graphErrorKind {
        try importNode(QLinearSoftmax.self, opset: 1, Self.inputs, ["opset": .int(12), "axis": .int(0)])
      } == .unsupportedFeature)
    #expect(
      graphErrorKind { try importNode(QLinearSoftmax.self, opset: 1, Self.inputs) } == .structure)
  }
}
