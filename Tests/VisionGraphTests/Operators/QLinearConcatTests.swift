import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values: ONNX Runtime 1.32, optimizations off.
@Suite struct QLinearConcatTests {
  private static let inputs: [Tensor?] = [
    Tensor(scalar: Float(0.04)), Tensor(scalar: UInt8(110)),
    Tensor([0, 7, 100, 128, 200, 255] as [UInt8], shape: [2, 3]), Tensor(scalar: Float(0.02)),
    Tensor(scalar: UInt8(128)), Tensor([3, 90, 255] as [UInt8], shape: [1, 3]), Tensor(scalar: Float(0.05)),
    Tensor(scalar: UInt8(100)),
  ]
  private static let result = Tensor([46, 50, 96, 110, 146, 174, 0, 98, 255] as [UInt8], shape: [3, 3])

  @Test func agreesWithOnnxRuntime() throws {
    try checkOperator(QLinearConcat(axis: 0), Self.inputs, expected: [Self.result])
    #expect(
      try importNode(QLinearConcat.self, opset: 1, Self.inputs, ["axis": .int(-2)]) == [Self.result])
  }

  @Test func refusesNothingAndWhatHasNoAxis() {
    #expect(
      graphErrorKind {
        try importNode(QLinearConcat.self, opset: 1, Array(Self.inputs[..<2]), ["axis": .int(0)])
      } == .structure)
    #expect(graphErrorKind { try importNode(QLinearConcat.self, opset: 1, Self.inputs) } == .structure)
    #expect(
      graphErrorKind { try importNode(QLinearConcat.self, opset: 1, Self.inputs, ["axis": .int(1)]) }
        == .shape)
  }
}
