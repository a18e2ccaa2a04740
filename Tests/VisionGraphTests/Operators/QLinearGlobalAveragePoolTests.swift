import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values: ONNX Runtime 1.32, optimizations off.
@Suite struct QLinearGlobalAveragePoolTests {
  private static let inputs: [Tensor?] = [
    Tensor(
      [
        171, 206, 5, 206, 120, 131, 161, 73, 250, 13, 71, 98, 146, 104, 33, 11, 0, 12, 38, 255, 48, 167, 192,
        60,
      ] as [UInt8], shape: [1, 2, 3, 4]),
    Tensor(scalar: Float(0.05)), Tensor(scalar: UInt8(100)), Tensor(scalar: Float(0.03)),
    Tensor(scalar: UInt8(90)),
  ]

  @Test func agreesWithOnnxRuntime() throws {
    try checkOperator(
      QLinearGlobalAveragePool(), Self.inputs, expected: [Tensor([132, 71] as [UInt8], shape: [1, 2, 1, 1])])
    #expect(
      try importNode(QLinearGlobalAveragePool.self, opset: 1, Self.inputs, ["channels_last": .int(0)])
        == [Tensor([132, 71] as [UInt8], shape: [1, 2, 1, 1])])
  }

  @Test func takesChannelsLast() throws {
    #expect(
      try importNode(QLinearGlobalAveragePool.self, opset: 1, Self.inputs, ["channels_last": .int(1)])
        == [Tensor([128, 99, 62, 119] as [UInt8], shape: [1, 1, 1, 4])])
  }
}
