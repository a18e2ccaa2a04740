import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values: ONNX Runtime 1.32, optimizations off.
@Suite struct NhwcMaxPoolTests {
  @Test func agreesWithOnnxRuntime() throws {
    let x = Tensor(
      [
        171, 206, 5, 206, 120, 131, 161, 73, 250, 13, 71, 98, 146, 104, 33, 11, 0, 12, 38, 255, 48, 167, 192,
        60,
      ] as [UInt8], shape: [1, 2, 3, 4])
    let y = Tensor([171, 206, 161, 255, 250, 167, 192, 98] as [UInt8], shape: [1, 1, 2, 4])
    let window = Window(kernel: [2, 2], strides: [1, 2], padding: .explicit([0, 0, 0, 1]))
    try checkOperator(NhwcMaxPool(MaxPool(window: window)), [x], expected: [y], roundTrips: false)
    #expect(
      try importNode(
        NhwcMaxPool.self, opset: 1, [x],
        ["kernel_shape": .ints([2, 2]), "strides": .ints([1, 2]), "pads": .ints([0, 0, 0, 1])]) == [y])
  }

  @Test func refusesFloatsAndMissingAxes() {
    let pool = NhwcMaxPool(MaxPool(window: Window(kernel: [2, 2])))
    #expect(throws: ShapeError.self) { try pool.outputs([Fact(.float32, [1, 2, 2, 1])]) }
    #expect(throws: ShapeError.self) { try pool.outputs([Fact(.uint8, [2, 2])]) }
  }
}
