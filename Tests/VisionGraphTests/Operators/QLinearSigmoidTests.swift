import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values: ONNX Runtime 1.32, optimizations off.
@Suite struct QLinearSigmoidTests {
  @Test func agreesWithOnnxRuntime() throws {
    try checkOperator(
      QLinearSigmoid(),
      [
        Tensor([0, 7, 100, 128, 200, 255] as [UInt8], shape: [2, 3]), Tensor(scalar: Float(0.05)),
        Tensor(scalar: UInt8(128)), Tensor(scalar: Float(0.00390625)), Tensor(scalar: UInt8(0)),
      ],
      expected: [Tensor([0, 1, 51, 128, 249, 255] as [UInt8], shape: [2, 3])])
    try checkOperator(
      QLinearSigmoid(),
      [
        Tensor([-128, -7, 0, 31, 90, 127] as [Int8], shape: [2, 3]), Tensor(scalar: Float(0.05)),
        Tensor(scalar: Int8(-8)), Tensor(scalar: Float(0.00390625)), Tensor(scalar: Int8(-128)),
      ],
      expected: [Tensor([-127, 3, 25, 96, 126, 127] as [Int8], shape: [2, 3])])
  }

  @Test func isImportedAsNodesOnNumbers() throws {
    #expect(
      try importNode(
        QLinearSigmoid.self, opset: 1,
        [
          Tensor([0, 7, 100, 128, 200, 255] as [UInt8], shape: [2, 3]), Tensor(scalar: Float(0.05)),
          Tensor(scalar: UInt8(128)), Tensor(scalar: Float(0.00390625)), Tensor(scalar: UInt8(0)),
        ]) == [Tensor([0, 1, 51, 128, 249, 255] as [UInt8], shape: [2, 3])])
    #expect(
      try importNode(
        QLinearSigmoid.self, opset: 1,
        [
          Tensor([-128, -7, 0, 31, 90, 127] as [Int8], shape: [2, 3]), Tensor(scalar: Float(0.05)),
          Tensor(scalar: Int8(-8)), Tensor(scalar: Float(0.00390625)), Tensor(scalar: Int8(-128)),
        ]) == [Tensor([-127, 3, 25, 96, 126, 127] as [Int8], shape: [2, 3])])
  }
}
