import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values: ONNX Runtime 1.32, optimizations off.
@Suite struct MatMulIntegerToFloatTests {
  @Test func agreesWithOnnxRuntime() throws {
    try checkOperator(
      MatMulIntegerToFloat(),
      [
        Tensor([0, 7, 100, 128, 200, 255] as [UInt8], shape: [2, 3]),
        Tensor([-33, 45, -97, 94, -41, -70, 11, 101, 98, 95, -50, -124] as [Int8], shape: [3, 4]),
        Tensor(scalar: Float(0.02)),
        Tensor([0.01, 0.02, 0.03, 0.04] as [Float]), Tensor(scalar: UInt8(128)),
        Tensor([1, -2, 3, -4] as [Int8]),
        Tensor([1, 2, 3, 4] as [Float]),
      ],
      expected: [
        Tensor(
          [2.3436, 1.7984, 10.9896, -13.5112, 2.859, 4.9692001, -0.69299984, -2.1440001] as [Float],
          shape: [2, 4])
      ])
  }

  @Test func refusesWhatDoesNotFit() {
    let (a, b, scale) = (Fact(.uint8, [2, 3]), Fact(.int8, [3, 4]), Fact(.float32, []))
    #expect(throws: ShapeError.self) {
      try MatMulIntegerToFloat().outputs([a, b, Fact(.float32, [2]), scale])
    }
    #expect(throws: ShapeError.self) {
      try MatMulIntegerToFloat().outputs([a, b, scale, Fact(.float32, [3])])
    }
    #expect(throws: ShapeError.self) {
      try MatMulIntegerToFloat().outputs([a, b, scale, scale, nil, Fact(.int8, [3])])
    }
  }
}
