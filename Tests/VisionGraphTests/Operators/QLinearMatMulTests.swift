import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values: ONNX Runtime 1.32, optimizations off.
@Suite struct QLinearMatMulTests {
  private static let a = Tensor([0, 7, 100, 128, 200, 255] as [UInt8], shape: [2, 3])
  private static let b = Tensor(
    [-33, 45, -97, 94, -41, -70, 11, 101, 98, 95, -50, -124] as [Int8], shape: [3, 4])
  private static let inputs: [Tensor?] = [
    a, Tensor(scalar: Float(0.02)), Tensor(scalar: UInt8(128)), b,
    Tensor([0.01, 0.02, 0.03, 0.04] as [Float]), Tensor([0, 0, 0, 0] as [Int8]),
    Tensor(scalar: Float(0.3)), Tensor(scalar: UInt8(100)),
  ]
  private static let result = Tensor([104, 100, 125, 45, 106, 109, 89, 77] as [UInt8], shape: [2, 4])

  @Test func agreesWithOnnxRuntime() throws {
    try checkOperator(QLinearMatMul(), Self.inputs, expected: [Self.result])
    #expect(try importNode(QLinearMatMul.self, opset: 10, Self.inputs) == [Self.result])
  }

  @Test func takesAScaleForEachRowOfSeveralMatrices() throws {
    let inputs: [Tensor?] = [
      Tensor([1, 2, 3, 4] as [Int8], shape: [2, 2, 1]), Tensor([1, 2, 3, 4] as [Float], shape: [2, 2, 1]),
      Tensor([0, 1, 0, 1] as [Int8], shape: [2, 2, 1]), Tensor([5, -6] as [Int8], shape: [1, 2]),
      Tensor([0.5] as [Float]), Tensor([1] as [Int8]), Tensor(scalar: Float(1)), Tensor(scalar: Int8(3)),
    ]
    let result = Tensor([5, -1, 7, -4, 21, -29, 27, -39] as [Int8], shape: [2, 2, 2])
    try checkOperator(QLinearMatMul(), inputs, expected: [result])
    #expect(try importNode(QLinearMatMul.self, opset: 10, inputs) == [result])
  }

  @Test func refusesWhatDoesNotFit() {
    for (index, fact) in [
      (0, Fact(.int32, [2, 3])), (1, Fact(.float32, [3])), (4, Fact(.float32, [3])),
      (5, Fact(.int8, [3, 1])),
      (6, Fact(.float32, [4])), (7, Fact(.int32, [])),
    ] {
      var facts = Self.inputs.map { $0.map { Fact($0.elementType, $0.shape) } }
      facts[index] = fact
      #expect(throws: ShapeError.self, "input \(index)") { try QLinearMatMul().outputs(facts) }
    }
  }
}
