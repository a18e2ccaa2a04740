import Testing
import VisionCompute
import VisionGraph
import VisionRuntime
import VisionTensor
import VisionTestSupport

@Suite struct ScatterElementsTests {
  private static let zeros = Tensor(repeating: Float(0), shape: [3, 3])
  private static let rows = Tensor([1, 0, 2, 0, 2, 1] as [Int64], shape: [2, 3])

  @Test func replaces() throws {
    try checkOperator(
      ScatterElements(),
      [Self.zeros, Self.rows, Tensor([1, 1.1, 1.2, 2, 2.1, 2.2] as [Float], shape: [2, 3])],
      expected: [Tensor([2, 1.1, 0, 1, 0, 2.2, 0, 2.1, 1.2] as [Float], shape: [3, 3])])
    try checkOperator(
      ScatterElements(axis: 1),
      [
        Tensor([1, 2, 3, 4, 5] as [Float], shape: [1, 5]), Tensor([1, -2] as [Int64], shape: [1, 2]),
        Tensor([1.1, 2.1] as [Float], shape: [1, 2]),
      ], expected: [Tensor([1, 1.1, 3, 2.1, 5] as [Float], shape: [1, 5])])
    // The last of several updates of one element stays; int32 indices, bool elements.
    try checkOperator(
      ScatterElements(axis: -1),
      [Tensor([true, true, true]), Tensor([1, 1, 0] as [Int32]), Tensor([false, true, false])],
      expected: [Tensor([false, true, true])])
  }

  @Test func combines() throws {
    let places = Tensor([1, -4] as [Int64])
    let results: [(ScatterReduction, [Float])] = [
      (.add, [1, 3.5, 3, 4, 5]), (.mul, [1, -14, 3, 4, 5]), (.min, [1, -2, 3, 4, 5]),
      (.max, [1, 3.5, 3, 4, 5]),
    ]
    for (reduction, expected) in results {
      try checkOperator(
        ScatterElements(reduction: reduction),
        [Tensor([1, 2, 3, 4, 5] as [Float]), places, Tensor([3.5, -2] as [Float])],
        expected: [Tensor(expected)])
    }
  }

  @Test func combinesIntegersModulo() throws {
    for reduction in [ScatterReduction.add, .mul, .min, .max] {
      try checkOperator(
        ScatterElements(reduction: reduction),
        [
          Tensor([.max, .min, 7] as [Int32]), Tensor([0, 1, 2, 2] as [Int64]),
          Tensor([5, -3, 2, .max] as [Int32]),
        ])
      try checkOperator(
        ScatterElements(reduction: reduction),
        [Tensor([.max, .min, 7] as [Int64]), Tensor([0, 1, 2] as [Int64]), Tensor([5, -3, 2] as [Int64])])
      try checkOperator(
        ScatterElements(reduction: reduction),
        [Tensor([.max, 0, 7] as [UInt64]), Tensor([0, 1, 2] as [Int64]), Tensor([5, 3, 2] as [UInt64])])
    }
    try checkOperator(
      ScatterElements(reduction: .add),
      [Tensor([.max] as [UInt64]), Tensor([0] as [Int64]), Tensor([2] as [UInt64])],
      expected: [Tensor([1] as [UInt64])])
  }

  @Test func takesNaNForBothExtremes() throws {
    for reduction in [ScatterReduction.min, .max] {
      let inputs = [Tensor([1, .nan] as [Float]), Tensor([0, 1] as [Int64]), Tensor([.nan, 1] as [Float])]
      try checkOperator(
        ScatterElements(reduction: reduction), inputs, expected: [Tensor([.nan, .nan] as [Float])])
    }
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    let shape: Shape = [3, 5, 7]
    for axis in 0..<3 {
      let indices = Tensor(
        (0..<shape.elementCount).map { Int64($0 * 31 % (shape[axis] + 1) - 1) }, shape: shape)
      let x = pattern([3 + axis, 6, 9])
      guard indices.integers.allSatisfy({ $0 < x.shape[axis] }) else { continue }
      for reduction in [ScatterReduction.none, .add, .max] {
        try checkOperator(
          ScatterElements(axis: axis, reduction: reduction), [x, indices, pattern(shape, seed: 3)])
      }
    }
  }

  /// What is written must not change what is still to be read.
  @Test func takesItsInputForUpdates() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(6)])
    let indices = builder.constant(Tensor([5, 0, 1, 2, 3, 4] as [Int64]))
    let positive = try builder.add(Abs(), x)
    let flat = try builder.add(Reshape(), positive, builder.constant(Tensor([-1] as [Int64])))
    try builder.output("y", builder.add(ScatterElements(), positive, indices, flat))
    let plan = try Plan(builder.graph, parameters: Parameters())
    var workspace = plan.makeWorkspace(for: Executor(threads: 1))
    let result = try plan.run(["x": Tensor([-1, 2, -3, 4, -5, 6] as [Float])], in: &workspace)
    #expect(result["y"]?.floats == [2, 3, 4, 5, 6, 1])
  }

  @Test func isWrittenInTheVersionThatHasIt() {
    #expect(ScatterElements(reduction: .add).minimumOpset([]) == 0)
    #expect(ScatterElements(reduction: .max).minimumOpset([]) == 18)
  }

  @Test func refusesWhatDoesNotFit() throws {
    let (x, indices) = (Fact(.float32, [3, 3]), Fact(.int64, [2, 3]))
    for updates in [Fact(.float32, [3, 3]), Fact(.float64, [2, 3])] {
      #expect(throws: ShapeError.self) { try ScatterElements().outputs([x, indices, updates]) }
    }
    #expect(throws: ShapeError.self) {
      try ScatterElements().outputs([x, Fact(.int64, [2, 4]), Fact(.float32, [2, 4])])
    }
    #expect(throws: ShapeError.self) {
      try ScatterElements(axis: 2).outputs([x, indices, Fact(.float32, [2, 3])])
    }
    #expect(throws: ShapeError.self) {
      try ScatterElements(reduction: .add).outputs([Fact(.bool, [3]), Fact(.int64, [3]), Fact(.bool, [3])])
    }
    #expect(throws: EvaluationError.self) {
      try ScatterElements().evaluate([
        Tensor([1] as [Float]), Tensor([1] as [Int64]), Tensor([2] as [Float]),
      ])
    }
    #expect(
      graphErrorKind {
        try importNode(
          ScatterElements.self, opset: 18,
          [Tensor([1] as [Float]), Tensor([0] as [Int64]), Tensor([2] as [Float])],
          ["reduction": .string("mean")])
      } == .unsupportedFeature)
  }

  @Test func reportsIndicesOutOfRangeInPlans() throws {
    try expectPlanRefuses(
      ScatterElements(), [Tensor([1, 2] as [Float]), Tensor([2] as [Int64]), Tensor([2] as [Float])],
      "index 2 is outside an axis of 2")
  }
}
