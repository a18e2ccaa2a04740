import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values: ONNX Runtime 1.32, optimizations off.
@Suite struct QLinearConvTests {
  private static let x = Tensor(
    [
      171, 206, 5, 206, 120, 131, 161, 73, 250, 13, 71, 98, 146, 104, 33, 11, 0, 12, 38, 255, 48, 167, 192,
      60,
    ] as [UInt8], shape: [1, 2, 3, 4])
  private static let w = Tensor(
    [
      -56, -17, -61, 121, -83, 101, 76, 88, -99, -28, 32, -2, 42, 45, 41, -113, 117, 14, 103, -59, -36, 97,
      -81, -112,
    ] as [Int8], shape: [3, 2, 2, 2])
  private static let window = Window(kernel: [2, 2], strides: [2, 1], padding: .explicit([1, 0, 0, 1]))

  /// A scale for each output, and a bias.
  private static let perChannel: [Tensor?] = [
    x, Tensor(scalar: Float(0.05)), Tensor(scalar: UInt8(100)), w, Tensor([0.01, 0.002, 0.03] as [Float]),
    Tensor([0, 0, 0] as [Int8]),
    Tensor(scalar: Float(0.9)), Tensor(scalar: UInt8(120)), Tensor([100, -2000, 5] as [Int32]),
  ]
  private static let perChannelResult = Tensor(
    [
      127, 107, 123, 113, 109, 127, 133, 112, 120, 121, 120, 120, 118, 117, 120, 121, 115, 160, 119, 150, 145,
      84, 150, 110,
    ] as [UInt8], shape: [1, 3, 2, 4])

  @Test func agreesWithOnnxRuntime() throws {
    try checkOperator(
      QLinearConv(Conv(window: Self.window)), Self.perChannel, expected: [Self.perChannelResult])
    let bytes = Tensor(
      [
        72, 111, 67, 249, 45, 229, 204, 216, 29, 100, 160, 126, 170, 173, 169, 15, 245, 142, 231, 69, 92, 225,
        47, 16,
      ]
        as [UInt8], shape: [3, 2, 2, 2])
    try checkOperator(
      QLinearConv(Conv(window: Window(kernel: [2, 2], padding: .explicit([1, 0, 0, 1])))),
      [
        Self.x, Tensor(scalar: Float(0.05)), Tensor(scalar: UInt8(100)), bytes, Tensor(scalar: Float(0.01)),
        Tensor(scalar: UInt8(120)), Tensor(scalar: Float(0.9)), Tensor(scalar: UInt8(120)),
      ],
      expected: [
        Tensor(
          [
            128, 107, 123, 113, 108, 109, 121, 129, 109, 127, 133, 112, 123, 126, 122, 120, 120, 116, 110,
            116, 111, 108, 124, 125, 119, 133, 119, 130, 135, 130, 109, 121, 128, 108, 131, 117,
          ] as [UInt8], shape: [1, 3, 3, 4])
      ])
  }

  private static let attributes: [String: AttributeValue] = [
    "pads": .ints([1, 0, 0, 1]), "strides": .ints([2, 1]),
  ]

  @Test func isImportedAsNodesOnNumbers() throws {
    #expect(
      try importNode(QLinearConv.self, opset: 10, Self.perChannel, Self.attributes) == [Self.perChannelResult]
    )
    var inputs = Self.perChannel
    inputs[0] = try Transpose([0, 2, 3, 1]).evaluate([Self.x])[0]
    let last = Self.attributes.merging(["channels_last": .int(1)]) { $1 }
    #expect(
      try importNode(QLinearConv.self, opset: 1, inputs, last)
        == Transpose([0, 2, 3, 1]).evaluate([Self.perChannelResult]))
  }

  @Test func refusesWhatDoesNotFit() {
    for (index, fact) in [
      (0, Fact(.int16, [1, 2, 3, 4])), (2, Fact(.int8, [])), (4, Fact(.float32, [2])), (5, Fact(.uint8, [3])),
      (6, Fact(.float32, [3])), (7, Fact(.int32, [])), (8, Fact(.float32, [3])), (8, Fact(.int32, [2])),
    ] {
      var facts = Self.perChannel.map { $0.map { Fact($0.elementType, $0.shape) } }
      facts[index] = fact
      #expect(throws: ShapeError.self, "input \(index)") {
        try QLinearConv(Conv(window: Self.window)).outputs(facts)
      }
    }
  }
}
