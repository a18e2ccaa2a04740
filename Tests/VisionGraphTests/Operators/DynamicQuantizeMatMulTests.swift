import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values: ONNX Runtime 1.32, optimizations off.
@Suite struct DynamicQuantizeMatMulTests {
  @Test func agreesWithOnnxRuntime() throws {
    let a = Tensor([-1.29, 0.02, -0.04, -0.3, -1.05, -0.4] as [Float], shape: [2, 3])
    let b = Tensor([-33, 45, -97, 94, -41, -70, 11, 101, 98, 95, -50, -124] as [Int8], shape: [3, 4])
    try checkOperator(
      DynamicQuantizeMatMul(),
      [
        a, b, Tensor([0.01, 0.02, 0.03, 0.04] as [Float]), Tensor([1, -2, 3, -4] as [Int8]),
        Tensor([1, 2, 3, 4] as [Float]),
      ],
      expected: [
        Tensor(
          [1.3899176, 0.68023932, 6.9386301, -0.77107096, 1.152782, 2.3678274, 4.2794847, 0.35378242]
            as [Float],
          shape: [2, 4])
      ])
    try checkOperator(
      DynamicQuantizeMatMul(),
      [
        Tensor([255, 0] as [Float], shape: [1, 2]), Tensor([3, 4] as [UInt8], shape: [2, 1]),
        Tensor(scalar: Float(2)),
      ],
      expected: [Tensor([1530] as [Float], shape: [1, 1])])
  }

  @Test func refusesWhatDoesNotFit() {
    let (a, b) = (Fact(.float32, [2, 3]), Fact(.int8, [3, 4]))
    #expect(throws: ShapeError.self) { try DynamicQuantizeMatMul().outputs([a, b]) }
    #expect(throws: ShapeError.self) { try DynamicQuantizeMatMul().outputs([a, b, Fact(.float32, [3])]) }
    #expect(throws: ShapeError.self) {
      try DynamicQuantizeMatMul().outputs([a, b, Fact(.float32, []), nil, Fact(.float32, [3])])
    }
  }
}
