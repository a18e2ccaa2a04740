import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values: ONNX Runtime 1.32, optimizations off.
@Suite struct ConvIntegerTests {
  @Test func agreesWithOnnxRuntime() throws {
    let x = Tensor(
      [
        171, 206, 5, 206, 120, 131, 161, 73, 250, 13, 71, 98, 146, 104, 33, 11, 0, 12, 38, 255, 48, 167, 192,
        60,
      ] as [UInt8], shape: [1, 2, 3, 4])
    let w = Tensor(
      [
        72, 111, 67, 249, 45, 229, 204, 216, 29, 100, 160, 126, 170, 173, 169, 15, 245, 142, 231, 69, 92, 225,
        47, 16,
      ]
        as [UInt8], shape: [3, 2, 2, 2])
    try checkOperator(
      ConvInteger(Conv(window: Window(kernel: [2, 2], padding: .explicit([1, 0, 0, 1])))),
      [x, w, Tensor(scalar: UInt8(100)), Tensor(scalar: UInt8(120))],
      expected: [
        Tensor(
          [
            14159, -23969, 4537, -13094, -21285, -18954, 1886, 16038, -20440, 13135, 24027, -13583, 5310,
            10901, 2898, -121, -743, -7293, -18577, -7581, -16209, -21758, 7640, 8167, -1299, 23287, -1804,
            18263, 27430, 17215, -20458, 1430, 14657, -21466, 19369, -5017,
          ] as [Int32], shape: [1, 3, 3, 4])
      ])
  }

  @Test func takesAZeroPointForEachOutput() throws {
    try checkOperator(
      ConvInteger(Conv(window: Window(kernel: [1]))),
      [
        Tensor([3, -5] as [Int8], shape: [1, 1, 2]), Tensor([2, 7] as [Int8], shape: [2, 1, 1]), nil,
        Tensor([1, -1] as [Int8]),
      ],
      expected: [Tensor([3, -5, 24, -40] as [Int32], shape: [1, 2, 2])])
  }

  @Test func refusesWhatDoesNotFit() {
    let conv = ConvInteger(Conv(window: Window(kernel: [1])))
    let (x, w) = (Fact(.int8, [1, 1, 2]), Fact(.int8, [2, 1, 1]))
    #expect(throws: ShapeError.self) { try conv.outputs([x, w, Fact(.int8, [2])]) }
    #expect(throws: ShapeError.self) { try conv.outputs([x, w, nil, Fact(.int8, [1, 2])]) }
    #expect(throws: ShapeError.self) { try conv.outputs([x, w, Fact(.uint8, [])]) }
    #expect(throws: ShapeError.self) { try conv.outputs([Fact(.int32, [1, 1, 2]), w]) }
  }
}
