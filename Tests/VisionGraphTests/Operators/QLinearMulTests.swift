import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values: ONNX Runtime 1.32, optimizations off.
@Suite struct QLinearMulTests {
  private static let bytes: [Tensor?] = [
    Tensor([0, 7, 100, 128, 200, 255] as [UInt8], shape: [2, 3]), Tensor(scalar: Float(0.02)),
    Tensor(scalar: UInt8(128)), Tensor([3, 90, 255] as [UInt8]), Tensor(scalar: Float(0.05)),
    Tensor(scalar: UInt8(100)), Tensor(scalar: Float(0.06)), Tensor(scalar: UInt8(120)),
  ]

  @Test func agreesWithOnnxRuntime() throws {
    try checkOperator(
      QLinearMul(), Self.bytes, expected: [Tensor([255, 140, 48, 120, 108, 255] as [UInt8], shape: [2, 3])])
    try checkOperator(
      QLinearMul(),
      [
        Tensor([-128, -7, 0, 31, 90, 127] as [Int8], shape: [2, 3]), Tensor(scalar: Float(0.02)),
        Tensor(scalar: Int8(-4)), Tensor([-3, 90, 127] as [Int8]), Tensor(scalar: Float(0.05)),
        Tensor(scalar: Int8(10)), Tensor(scalar: Float(0.06)), Tensor(scalar: Int8(-20)),
      ], expected: [Tensor([7, -24, -12, -28, 105, 127] as [Int8], shape: [2, 3])])
  }

  @Test func worksWithoutZeroPoints() throws {
    let inputs: [Tensor?] = [
      Tensor([3, 10] as [Int8]), Tensor(scalar: Float(2)), nil, Tensor([5, -4] as [Int8]),
      Tensor(scalar: Float(1)), nil, Tensor(scalar: Float(2)),
    ]
    try checkOperator(QLinearMul(), inputs, expected: [Tensor([15, -40] as [Int8])])
    #expect(try importNode(QLinearMul.self, opset: 1, inputs) == [Tensor([15, -40] as [Int8])])
  }

  @Test func isImportedAsNodesOnNumbers() throws {
    #expect(
      try importNode(QLinearMul.self, opset: 1, Self.bytes)
        == [Tensor([255, 140, 48, 120, 108, 255] as [UInt8], shape: [2, 3])])
  }

  @Test func refusesWhatDoesNotFit() {
    for (index, fact) in [
      (0, Fact(.float32, [2, 3])), (1, Fact(.float32, [3])), (2, Fact(.int8, [])), (3, Fact(.uint8, [4])),
      (6, Fact(.float64, [])), (7, Fact(.uint8, [3])),
    ] {
      var facts = Self.bytes.map { $0.map { Fact($0.elementType, $0.shape) } }
      facts[index] = fact
      #expect(throws: ShapeError.self, "input \(index)") { try QLinearMul().outputs(facts) }
    }
  }
}
