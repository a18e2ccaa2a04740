import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values: ONNX Runtime 1.32, optimizations off.
@Suite struct DynamicQuantizeLinearTests {
  @Test func agreesWithOnnxRuntime() throws {
    try checkOperator(
      DynamicQuantizeLinear(), [Tensor([-1.29, 0.02, -0.04, -0.3, -1.05, -0.4] as [Float], shape: [2, 3])],
      expected: [
        Tensor([0, 255, 243, 193, 47, 173] as [UInt8], shape: [2, 3]), Tensor(scalar: Float(0.0051372545)),
        Tensor(scalar: UInt8(251)),
      ])
  }

  @Test func takesZerosAndNothing() throws {
    for shape in [[3], [0, 2]] as [Shape] {
      try checkOperator(
        DynamicQuantizeLinear(), [Tensor(repeating: Float(0), shape: shape)],
        expected: [
          Tensor(repeating: UInt8(0), shape: shape), Tensor(scalar: Float(1) / 255), Tensor(scalar: UInt8(0)),
        ])
    }
  }
}
