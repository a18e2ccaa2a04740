import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values: ONNX Runtime 1.32, optimizations off.
@Suite struct QLinearAveragePoolTests {
  private static let inputs: [Tensor?] = [
    Tensor(
      [
        171, 206, 5, 206, 120, 131, 161, 73, 250, 13, 71, 98, 146, 104, 33, 11, 0, 12, 38, 255, 48, 167, 192,
        60,
      ] as [UInt8], shape: [1, 2, 3, 4]),
    Tensor(scalar: Float(0.05)), Tensor(scalar: UInt8(100)), Tensor(scalar: Float(0.03)),
    Tensor(scalar: UInt8(90)),
  ]

  private static func pool(countsPadding: Bool) -> QLinearAveragePool {
    let window = Window(kernel: [2, 2], strides: [2, 1], padding: .explicit([1, 0, 0, 1]))
    return QLinearAveragePool(AveragePool(window: window, countsPadding: countsPadding))
  }

  @Test func agreesWithOnnxRuntime() throws {
    try checkOperator(
      Self.pool(countsPadding: false), Self.inputs,
      expected: [
        Tensor(
          [238, 99, 99, 255, 138, 80, 91, 66, 132, 37, 0, 0, 18, 94, 150, 186] as [UInt8],
          shape: [1, 2, 2, 4])
      ])
    try checkOperator(
      Self.pool(countsPadding: true), Self.inputs,
      expected: [
        Tensor(
          [164, 95, 95, 134, 138, 80, 91, 78, 111, 64, 25, 53, 18, 94, 150, 138] as [UInt8],
          shape: [1, 2, 2, 4])
      ])
  }

  @Test func takesChannelsLast() throws {
    var inputs = Self.inputs
    // No mean lies in the middle of two bytes.
    inputs[3] = Tensor(scalar: Float(0.031))
    #expect(
      try importNode(
        QLinearAveragePool.self, opset: 1, inputs, ["kernel_shape": .ints([2, 2]), "channels_last": .int(1)])
        == [Tensor([105, 111, 24, 148, 97, 59, 115, 125] as [UInt8], shape: [1, 1, 2, 4])])
  }
}
