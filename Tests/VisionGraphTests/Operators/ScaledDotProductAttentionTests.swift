import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ScaledDotProductAttentionTests {
  /// ONNX's reference implementation gives these numbers for Attention.
  @Test func attends() throws {
    let inputs = [pattern([1, 2, 3, 4]), pattern([1, 2, 5, 4], seed: 1), pattern([1, 2, 5, 2], seed: 2)]
    let expected = try importNode(Attention.self, opset: 23, inputs.map { $0 })[0]
    try checkOperator(
      ScaledDotProductAttention(scale: 0.5), inputs, expected: [expected], roundTrips: false)
  }

  @Test func agreesWithItsKernelOnOtherShapes() throws {
    try checkOperator(
      ScaledDotProductAttention(scale: 0.3, hasKeysInColumns: true),
      [
        pattern([2, 3, 7, 5]), pattern([2, 3, 5, 9], seed: 1), pattern([2, 3, 9, 4], seed: 2),
        pattern([3, 1, 9], seed: 3),
      ],
      kernelTolerance: 3e-6, roundTrips: false)
    try checkOperator(
      ScaledDotProductAttention(scale: 0.1),
      [
        pattern([3, 37, 33]), pattern([3, 29, 33], seed: 1), pattern([3, 29, 17], seed: 2),
        pattern([3, 37, 29], seed: 3),
      ],
      kernelTolerance: 5e-6, roundTrips: false)
    try checkOperator(
      ScaledDotProductAttention(scale: 1), [pattern([1, 4]), pattern([2, 4]), pattern([2, 3])],
      kernelTolerance: 3e-6, roundTrips: false)
  }

  @Test func givesZerosWhereNoKeyIsSeen() throws {
    let inputs = [pattern([1, 3, 4]), pattern([1, 2, 4], seed: 1), pattern([1, 2, 2], seed: 2)]
    let mask = Tensor([0, 0, -Float.infinity, -.infinity, 0, -.infinity], shape: [3, 2])
    let op = ScaledDotProductAttention(scale: 0.5, givesZerosForNaN: true)
    try checkOperator(op, inputs + [mask], roundTrips: false)
    let result = try op.evaluate(inputs + [mask])[0].floats
    #expect(Array(result[2..<4]) == [0, 0])
    // One key alone has all of the weight.
    #expect(Array(result[4...]) == Array(inputs[2].floats[..<2]))
  }

  /// A mask counts like a second bias.
  @Test func addsBiasAndMask() throws {
    let inputs = [pattern([2, 3, 7, 5]), pattern([2, 3, 9, 5], seed: 1), pattern([2, 3, 9, 4], seed: 2)]
    let (bias, mask) = (pattern([3, 7, 9], seed: 3), pattern([2, 1, 1, 9], seed: 4))
    let op = ScaledDotProductAttention(scale: 0.3)
    let sum = try Add().evaluate([bias, mask])[0]
    try checkOperator(
      op, inputs + [bias, mask], expected: op.evaluate(inputs + [sum]), kernelTolerance: 3e-6,
      roundTrips: false)
    try checkOperator(
      op, inputs + [nil, mask], expected: op.evaluate(inputs + [mask]), kernelTolerance: 3e-6,
      roundTrips: false)
    // The same for all keys, which changes nothing.
    try checkOperator(
      op, inputs + [pattern([7, 1]), pattern([3, 1, 1])], expected: op.evaluate(inputs),
      kernelTolerance: 3e-6,
      roundTrips: false)
    #expect(throws: ShapeError.self) {
      try op.outputs((inputs + [bias, pattern([4, 7, 9])]).map { Fact($0.elementType, $0.shape) })
    }
  }

  @Test func refusesWhatDoesNotFit() {
    let op = ScaledDotProductAttention(scale: 1)
    func fact(_ shape: Shape) -> Fact { Fact(.float32, shape) }
    #expect(throws: ShapeError.self) {
      try op.outputs([fact([2, 3, 4]), fact([1, 5, 4]), fact([2, 5, 4])])
    }
    #expect(throws: ShapeError.self) {
      try op.outputs([fact([2, 3, 4]), fact([2, 5, 3]), fact([2, 5, 4])])
    }
    #expect(throws: ShapeError.self) {
      try op.outputs([fact([2, 3, 4]), fact([2, 5, 4]), fact([2, 6, 4])])
    }
    #expect(throws: ShapeError.self) {
      try op.outputs([fact([2, 3, 4]), fact([2, 5, 4]), fact([2, 5, 4]), fact([4, 5])])
    }
  }
}
