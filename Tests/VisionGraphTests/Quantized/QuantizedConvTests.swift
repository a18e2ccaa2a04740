import Testing
import VisionGraph
import VisionSystem
import VisionTensor
import VisionTestSupport

@Suite struct QuantizedConvTests {
  private static func bytes(_ shape: Shape, seed: UInt64) -> Tensor {
    Tensor(
      Philox(seed: seed).uniform(count: shape.elementCount).map { UInt8(saturating: $0 * 255.99) },
      shape: shape)
  }

  private static func weights(_ shape: Shape, seed: UInt64) -> Tensor {
    Tensor(
      Philox(seed: seed).uniform(count: shape.elementCount).map { Int8(saturating: $0 * 254.99 - 127) },
      shape: shape)
  }

  /// Everything but x and the residual is constant.
  private static let constants: Set<Int> = [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12]

  private static func inputs(
    _ x: Shape, _ w: Shape, residual: Shape? = nil, floats: Bool = false, bias: Bool = true, zero: UInt8 = 97
  )
    -> [Tensor?]
  {
    let outputs = w[0]
    let depth = Float(w.elementCount / outputs)
    var inputs: [Tensor?] = [
      bytes(x, seed: 1), Tensor(scalar: Float(0.02)), Tensor(scalar: UInt8(113)), weights(w, seed: 2),
      Tensor((0..<outputs).map { Float($0 % 5 + 1) / 400 }),
      bias ? Tensor((0..<outputs).map { Int32($0 * 731 % 4000 - 2000) }) : nil,
    ]
    if floats { return inputs }
    inputs += [Tensor(scalar: 0.01 * depth.squareRoot()), Tensor(scalar: zero)]
    guard let residual else { return inputs }
    return inputs + [
      bytes(residual, seed: 3), Tensor(scalar: Float(0.05)), Tensor(scalar: UInt8(140)),
      Tensor(scalar: Float(0.07)),
      Tensor(scalar: UInt8(30)),
    ]
  }

  /// (150 − 113) · 0.5 · w − … worked out by hand: sums −37 + 3 and 74 − 3, units 0.25, y in steps of 2 from 10.
  @Test func multipliesRoundsAndSaturates() throws {
    let x = Tensor([150, 110] as [UInt8], shape: [1, 2, 1, 1])
    let w = Tensor([-1, -1, 2, 1, 127, 127] as [Int8], shape: [3, 2, 1, 1])
    try checkOperator(
      QuantizedConv(Conv(window: Window(kernel: [1, 1]))),
      [
        x, Tensor(scalar: Float(0.5)), Tensor(scalar: UInt8(113)), w, Tensor([0.5, 0.5, 0.5] as [Float]), nil,
        Tensor(scalar: Float(2)), Tensor(scalar: UInt8(10)),
      ], constants: Self.constants,
      // −34/8 = −4.25, 71/8 = 8.875, far out.
      expected: [Tensor([6, 19, 255] as [UInt8], shape: [1, 3, 1, 1])], roundTrips: false)
  }

  /// Odd numbers of channels, so that vectors end in the middle; strides, padding, dilation and groups.
  @Test(arguments: [
    (Shape([1, 3, 9, 11]), Shape([34, 3, 3, 3]), 2, 1, 1, 1),
    (Shape([2, 16, 5, 7]), Shape([24, 16, 1, 1]), 1, 0, 1, 1),
    (Shape([1, 5, 8, 7]), Shape([7, 5, 3, 3]), 1, 1, 1, 1),
    (Shape([1, 8, 9, 9]), Shape([12, 4, 3, 3]), 1, 2, 2, 2),
    (Shape([1, 20, 9, 9]), Shape([20, 1, 3, 3]), 1, 1, 1, 20),
    (Shape([1, 70, 10, 9]), Shape([70, 1, 5, 5]), 2, 2, 1, 70),
    (Shape([1, 65, 7, 7]), Shape([65, 1, 3, 3]), 1, 2, 2, 65),
    (Shape([1, 12, 7, 9]), Shape([12, 1, 7, 3]), 1, 1, 1, 12),
  ])
  func agreesWithTheReference(
    x: Shape, w: Shape, stride: Int, padding: Int, dilation: Int, groups: Int
  ) throws {
    let window = Window(
      kernel: [w[2], w[3]], strides: [stride, stride], dilations: [dilation, dilation],
      padding: .explicit([padding, padding, padding, padding]))
    let conv = Conv(window: window, groups: groups)
    let inputs = Self.inputs(x, w)
    try checkOperator(
      QuantizedConv(conv, clamp: Clamp(low: 0, high: 0.9)), inputs, constants: Self.constants,
      roundTrips: false)
    try checkOperator(
      QuantizedConv(conv, clamp: Clamp(low: -1, high: .infinity), givesFloats: true),
      Self.inputs(x, w, floats: true, bias: false), constants: Self.constants, kernelTolerance: 0,
      roundTrips: false)
    let shape = try QuantizedConv(conv).outputs(inputs.map { $0.map { Fact(constant: $0) } })[0].shape
    var sum = QuantizedConv(conv)
    sum.hasResidual = true
    sum.sumClamp = Clamp(low: 0, high: .infinity)
    try checkOperator(sum, Self.inputs(x, w, residual: shape), constants: Self.constants, roundTrips: false)
  }

  /// Every number of outputs that part of a panel holds, with and without a residual.
  @Test func everyRemainderOfOutputs() throws {
    for outputs in 1...36 {
      let x: Shape = [1, 6, 3, 5], w: Shape = [outputs, 6, 1, 1]
      let conv = Conv(window: Window(kernel: [1, 1]))
      try checkOperator(
        QuantizedConv(conv), Self.inputs(x, w), constants: Self.constants, roundTrips: false)
      var sum = QuantizedConv(conv, clamp: Clamp(low: -1, high: 2))
      sum.hasResidual = true
      try checkOperator(
        sum, Self.inputs(x, w, residual: [1, outputs, 3, 5]), constants: Self.constants, roundTrips: false)
    }
  }

  /// Bytes without a zero point take kernels of their own, and so does half a block of channels.
  @Test(arguments: [8, 16, 20, 32, 48, 64, 96])
  func depthwiseWithoutAZeroPoint(channels: Int) throws {
    for (kernel, stride) in [(3, 1), (3, 2), (5, 1)] {
      let pad = kernel / 2
      let window = Window(
        kernel: [kernel, kernel], strides: [stride, stride], padding: .explicit([pad, pad, pad, pad]))
      try checkOperator(
        QuantizedConv(Conv(window: window, groups: channels)),
        Self.inputs([1, channels, 7, 9], [channels, 1, kernel, kernel], zero: 0), constants: Self.constants,
        roundTrips: false)
    }
  }

  /// A channel with next to no weights has a bias that does not fit beside sums in 32 bits; the pass takes coarser steps
  /// for it, and the bytes stay those of the floats.
  @Test func biasesThatFillTheirIntegersTakeCoarserSteps() throws {
    let scales: [Float] = [0.01, 2e-9, 3e-8, 0.02]
    let bias: [Int32] = [500, .max, .min + 1, -20]
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(1), .fixed(3), .fixed(5), .fixed(4)])
    func scalar<Element: TensorElement>(_ value: Element) -> Value { builder.constant(Tensor(scalar: value)) }
    var y = try builder.add(QuantizeLinear(), x, scalar(Float(0.02)), scalar(UInt8(100)))
    y = try builder.add(DequantizeLinear(), y, scalar(Float(0.02)), scalar(UInt8(100)))
    let w = try builder.add(
      DequantizeLinear(axis: 0), builder.constant(Self.weights([4, 3, 3, 3], seed: 4)),
      builder.constant(Tensor(scales)), builder.constant(Tensor([0, 0, 0, 0] as [Int8])))
    let b = try builder.add(
      DequantizeLinear(axis: 0), builder.constant(Tensor(bias)),
      builder.constant(Tensor(scales.map { $0 * 0.02 })), builder.constant(Tensor([0, 0, 0, 0] as [Int32])))
    y = try builder.add(Conv(window: Window(kernel: [3, 3], padding: .explicit([1, 1, 1, 1]))), y, w, b)
    y = try builder.add(QuantizeLinear(), y, scalar(Float(0.03)), scalar(UInt8(120)))
    try builder.output("y", y)
    let fused = try builder.graph.applying([QuantizedFusion()])
    #expect(fused.nodes.contains { $0.operation is QuantizedConv })
    let input = ["x": Tensor(Philox(seed: 3).normal(count: 60), shape: [1, 3, 5, 4])]
    let expected = try #require(
      Interpreter(builder.graph, parameters: Parameters()).run(input)["y"]?.values(as: UInt8.self))
    let bytes = try #require(
      Interpreter(fused, parameters: Parameters()).run(input)["y"]?.values(as: UInt8.self))
    // Where floats lie halfway between two bytes, the rounding of their sums decides.
    let worst = zip(bytes, expected).map { abs(Int($0) - Int($1)) }.max() ?? 9
    #expect(worst <= 1)
    #expect(zip(bytes, expected).filter { $0 != $1 }.count <= 2)
    // The two channels are neither at an end nor the same everywhere because they were lost.
    #expect(Set(expected[20..<60]).count >= 2)
  }

  @Test func refusesWhatDoesNotFit() {
    let conv = QuantizedConv(Conv(window: Window(kernel: [1, 1])))
    func facts(_ change: (inout [Fact?]) -> Void) -> [Fact?] {
      var facts = Self.inputs([1, 4, 2, 2], [3, 4, 1, 1]).map { $0.map { Fact(constant: $0) } }
      change(&facts)
      return facts
    }
    #expect(throws: Never.self) { try conv.outputs(facts { _ in }) }
    #expect(throws: ShapeError.self) { try conv.outputs(facts { $0[0] = Fact(.int8, [1, 4, 2, 2]) }) }
    #expect(throws: ShapeError.self) { try conv.outputs(facts { $0[4] = Fact(.float32, [2]) }) }
    #expect(throws: ShapeError.self) { try conv.outputs(facts { $0[5] = Fact(.int32, [4]) }) }
    #expect(throws: ShapeError.self) { try conv.outputs(facts { $0[7] = nil }) }
    #expect(throws: ShapeError.self) { try conv.outputs(facts { $0[2] = Fact(.uint8, [4]) }) }
  }
}
