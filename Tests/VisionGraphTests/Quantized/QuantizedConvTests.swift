import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct QuantizedConvTests {
  private static func bytes(_ shape: Shape, seed: UInt64) -> Tensor {
    Tensor(Philox(seed: seed).uniform(count: shape.elementCount).map { UInt8($0 * 255.99) }, shape: shape)
  }

  private static func weights(_ shape: Shape, seed: UInt64) -> Tensor {
    Tensor(
      Philox(seed: seed).uniform(count: shape.elementCount).map { Int8($0 * 254.99 - 127) }, shape: shape)
  }

  /// Everything but x and the residual is constant.
  private static let constants: Set<Int> = [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12]

  private static func inputs(
    _ x: Shape, _ w: Shape, residual: Shape? = nil, floats: Bool = false, bias: Bool = true
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
    inputs += [Tensor(scalar: 0.01 * depth.squareRoot()), Tensor(scalar: UInt8(97))]
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
