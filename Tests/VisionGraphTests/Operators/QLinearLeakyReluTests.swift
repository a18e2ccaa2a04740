import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values: ONNX Runtime 1.32, optimizations off.
@Suite struct QLinearLeakyReluTests {
  @Test func agreesWithOnnxRuntime() throws {
    try checkOperator(
      QLinearLeakyRelu(alpha: 0.1),
      [
        Tensor([0, 7, 100, 128, 200, 255] as [UInt8], shape: [2, 3]), Tensor(scalar: Float(0.05)),
        Tensor(scalar: UInt8(128)), Tensor(scalar: Float(0.04)), Tensor(scalar: UInt8(60)),
      ],
      expected: [Tensor([44, 45, 56, 60, 150, 219] as [UInt8], shape: [2, 3])])
  }

  @Test func isImportedAsNodesOnNumbers() throws {
    #expect(
      try importNode(
        QLinearLeakyRelu.self, opset: 1,
        [
          Tensor([0, 7, 100, 128, 200, 255] as [UInt8], shape: [2, 3]), Tensor(scalar: Float(0.05)),
          Tensor(scalar: UInt8(128)), Tensor(scalar: Float(0.04)), Tensor(scalar: UInt8(60)),
        ], ["alpha": .float(0.1)]) == [Tensor([44, 45, 56, 60, 150, 219] as [UInt8], shape: [2, 3])])
  }
}
