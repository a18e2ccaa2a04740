import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct MaxUnpoolTests {
  private static let window = Window(kernel: [2, 2], strides: [2, 2])
  private static let indices = golden([1, 2, 2, 3], "1 2 11 12 21 22 31 32 34 42 44 46", .int64)

  @Test func putsMaximaBack() throws {
    try checkOperator(
      MaxUnpool(window: Self.window), [pattern([1, 2, 2, 3]), Self.indices],
      expected: [
        golden(
          [1, 2, 4, 6],
          """
          0 -2.5 2.125 0 0 0 0 0 0 0 0 1.625 1.125 0 0 0 0 0 0 0 0 0.625 0.125 0 0 0 0 0 0 0 0 -0.375
          -0.875 0 -1.375 0 0 0 0 0 0 0 -1.875 0 -2.375 0 2.25 0
          """)
      ], tolerance: 0, kernelTolerance: 0)
    // One axis, with padding.
    try checkOperator(
      MaxUnpool(window: Window(kernel: [3], strides: [2], padding: .explicit([1, 0]))),
      [pattern([1, 2, 3]), Tensor([0, 3, 4, 7, 8, 10] as [Int64], shape: [1, 2, 3])],
      expected: [
        golden([1, 2, 6], "-2.5 0 0 2.125 1.625 0 0 1.125 0.625 0 0.125 0")
      ], tolerance: 0, kernelTolerance: 0)
  }

  @Test func undoesAMaxPool() throws {
    let pool = MaxPoolWithIndices(MaxPool(window: Self.window))
    let pooled = try pool.evaluate([pattern([2, 3, 4, 6])])
    let unpooled = try MaxUnpool(window: Self.window).evaluate([pooled[0], pooled[1]])[0]
    #expect(unpooled.shape == [2, 3, 4, 6])
    // Where a maximum is negative, a zero beside it is larger.
    let positive = try pool.evaluate([positivePattern([2, 3, 4, 6])])
    let again = try pool.evaluate([
      MaxUnpool(window: Self.window).evaluate([positive[0], positive[1]])[0]
    ])
    #expect(again == positive)
  }

  @Test func takesTheShapeThatTheWindowGives() throws {
    let inputs = [pattern([1, 2, 2, 3]), Self.indices]
    let without = try MaxUnpool(window: Self.window).evaluate(inputs)
    try checkOperator(
      MaxUnpool(window: Self.window), inputs + [Tensor([1, 2, 4, 6] as [Int64])], constants: [2],
      expected: without)
    #expect(throws: ShapeError.self) {
      try MaxUnpool(window: Self.window).outputs([
        Fact(.float32, [1, 2, 2, 3]), Fact(.int64, [1, 2, 2, 3]),
        Fact(constant: Tensor([1, 2, 5, 6] as [Int64])),
      ])
    }
  }

  @Test func refusesWhatDoesNotFit() throws {
    let op = MaxUnpool(window: Self.window)
    #expect(throws: ShapeError.self) {
      try op.outputs([Fact(.float32, [1, 2, 2]), Fact(.int64, [1, 2, 2])])
    }
    #expect(throws: ShapeError.self) {
      try op.outputs([Fact(.float32, [1, 2, 2, 3]), Fact(.int64, [1, 2, 2, 2])])
    }
    #expect(throws: ShapeError.self) {
      try MaxUnpool(window: Window(kernel: [1 << 40, 1 << 40])).outputs([
        Fact(.float32, [1, 2, 2, 3]), Fact(.int64, [1, 2, 2, 3]),
      ])
    }
    for bad in [-1, 8] as [Int64] {
      let inputs = [Tensor([1] as [Float], shape: [1, 1, 1]), Tensor([bad], shape: [1, 1, 1])]
      let line = MaxUnpool(window: Window(kernel: [8]))
      #expect(throws: EvaluationError.self) { try line.evaluate(inputs) }
      try expectPlanRefuses(line, inputs, "index \(bad) is outside an output of 8 elements")
    }
  }
}
