import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values: ONNX Runtime 1.32, optimizations off.
@Suite struct QGemmTests {
  private static let a = Tensor([0, 7, 100, 128, 200, 255] as [UInt8], shape: [2, 3])
  private static let b = Tensor(
    [-33, 45, -97, 94, -41, -70, 11, 101, 98, 95, -50, -124] as [Int8], shape: [3, 4])
  private static let transposed = Tensor(
    [-33, -41, 98, 45, -70, 95, -97, 11, -50, 94, 101, -124] as [Int8], shape: [4, 3])
  private static let c = Tensor([10, -20, 3000, 4] as [Int32])

  @Test func agreesWithOnnxRuntime() throws {
    let inputs: [Tensor?] = [
      Self.a, Tensor(scalar: Float(0.02)), Tensor(scalar: UInt8(128)), Self.b,
      Tensor([0.01, 0.02, 0.03, 0.04] as [Float]),
      Tensor([0, 0, 0, 0] as [Int8]), Self.c, Tensor(scalar: Float(0.3)), Tensor(scalar: UInt8(100)),
    ]
    let result = Tensor([102, 100, 115, 72, 103, 105, 97, 89] as [UInt8], shape: [2, 4])
    try checkOperator(QGemm(alpha: 0.5), inputs, expected: [result])
    #expect(try importNode(QGemm.self, opset: 1, inputs, ["alpha": .float(0.5)]) == [result])
    var row = inputs
    row[6] = Self.c.reshaped(to: [1, 4])
    #expect(try importNode(QGemm.self, opset: 1, row, ["alpha": .float(0.5)]) == [result])
  }

  @Test func agreesWithOnnxRuntimeTransposed() throws {
    var inputs: [Tensor?] = [
      Self.a, Tensor(scalar: Float(0.02)), Tensor(scalar: UInt8(128)), Self.transposed,
      Tensor(scalar: Float(0.01)), Tensor(scalar: Int8(3)), Self.c, Tensor(scalar: Float(0.3)),
      Tensor(scalar: UInt8(100)),
    ]
    let result = Tensor([105, 101, 111, 87, 106, 104, 98, 94] as [UInt8], shape: [2, 4])
    try checkOperator(QGemm(transposesB: true), inputs, expected: [result])
    #expect(try importNode(QGemm.self, opset: 1, inputs, ["transB": .int(1)]) == [result])
    inputs[7] = nil
    inputs[8] = nil
    let floats = Tensor(
      [1.4563999, 0.1722, 3.2632, -3.9891999, 1.7814, 1.2816, -0.63099998, -1.8138] as [Float], shape: [2, 4])
    try checkOperator(QGemm(transposesB: true), inputs, expected: [floats])
    expectClose(
      try importNode(QGemm.self, opset: 1, inputs, ["transB": .int(1)])[0], floats, tolerance: 1e-6)
  }

  @Test func addsOneNumberToAllColumns() throws {
    let inputs: [Tensor?] = [
      Tensor([1, 2] as [UInt8], shape: [2, 1]), Tensor(scalar: Float(1)), Tensor(scalar: UInt8(0)),
      Tensor([3, 4] as [Int8], shape: [1, 2]),
      Tensor([1, 2] as [Float]), Tensor([0, 0] as [Int8]), Tensor([10, 20] as [Int32], shape: [2, 1]),
    ]
    let result = Tensor([13, 28, 26, 56] as [Float], shape: [2, 2])
    try checkOperator(QGemm(), inputs, expected: [result])
    #expect(try importNode(QGemm.self, opset: 1, inputs) == [result])
  }

  @Test func refusesAZeroPointWithoutScale() {
    let facts = [
      Fact(.uint8, [1, 1]), Fact(.float32, []), Fact(.uint8, []), Fact(.int8, [1, 1]), Fact(.float32, []),
      Fact(.int8, []), nil, nil, Fact(.uint8, []),
    ]
    #expect(throws: ShapeError.self) { try QGemm().outputs(facts) }
  }
}
