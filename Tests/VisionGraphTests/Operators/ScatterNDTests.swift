import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ScatterNDTests {
  @Test func replaces() throws {
    try checkOperator(
      ScatterND(),
      [
        Tensor([1, 2, 3, 4, 5, 6, 7, 8] as [Float]), Tensor([4, 3, 1, -1] as [Int64], shape: [4, 1]),
        Tensor([9, 10, 11, 12] as [Float]),
      ], expected: [Tensor([1, 11, 3, 10, 9, 6, 7, 12] as [Float])])
    try checkOperator(
      ScatterND(),
      [
        Tensor([1, 2, 3, 4, 5, 6] as [Int64], shape: [3, 2]), Tensor([0, -1] as [Int64], shape: [2, 1]),
        Tensor([7, 8, 9, 10] as [Int64], shape: [2, 2]),
      ], expected: [Tensor([7, 8, 3, 4, 9, 10] as [Int64], shape: [3, 2])])
    // Single elements of a tensor of 16-bit numbers, one of them twice.
    try checkOperator(
      ScatterND(),
      [
        Tensor([1, 2, 3, 4] as [Int16], shape: [2, 2]),
        Tensor([0, 1, 1, 0, 0, 1] as [Int64], shape: [3, 2]),
        Tensor([7, 8, 9] as [Int16]),
      ], expected: [Tensor([1, 9, 8, 4] as [Int16], shape: [2, 2])])
    try checkOperator(
      ScatterND(),
      [
        Tensor([1, 2] as [Float]), Tensor([] as [Int64], shape: [0, 1]), Tensor([] as [Float], shape: [0]),
      ], expected: [Tensor([1, 2] as [Float])])
  }

  @Test func combines() throws {
    // Row 1, which is 4, 5, 6, is combined with two updates.
    let results: [(ScatterReduction, [Float])] = [
      (.add, [1, 2, 3, 10, 3, 14]), (.mul, [1, 2, 3, 20, -15, 42]), (.min, [1, 2, 3, 1, -3, 1]),
      (.max, [1, 2, 3, 5, 5, 7]),
    ]
    for (reduction, expected) in results {
      try checkOperator(
        ScatterND(reduction: reduction),
        [
          Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]), Tensor([1, -1] as [Int64], shape: [2, 1]),
          Tensor([5, -3, 7, 1, 1, 1] as [Float], shape: [2, 3]),
        ], expected: [Tensor(expected, shape: [2, 3])])
    }
    try checkOperator(
      ScatterND(reduction: .min),
      [
        Tensor([1, 2, 3, 4] as [Int32], shape: [2, 2]), Tensor([0, 0] as [Int64], shape: [2, 1]),
        Tensor([0, 5, 7, -1] as [Int32], shape: [2, 2]),
      ], expected: [Tensor([0, -1, 3, 4] as [Int32], shape: [2, 2])])
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    let indices = Tensor((0..<22).map { Int64($0 * 13 % 5 - 2) }, shape: [11, 2])
    for reduction in [ScatterReduction.none, .add, .mul, .min, .max] {
      try checkOperator(
        ScatterND(reduction: reduction), [pattern([3, 3, 7, 5]), indices, pattern([11, 7, 5], seed: 2)],
        kernelTolerance: 2e-6)
    }
  }

  @Test func reportsIndicesOutOfRangeInPlans() throws {
    try expectPlanRefuses(
      ScatterND(),
      [
        Tensor([1, 2] as [Float], shape: [1, 2]), Tensor([0, -3] as [Int64], shape: [1, 2]),
        Tensor([2] as [Float]),
      ],
      "index -3 is outside an axis of 2")
  }

  @Test func refusesWhatDoesNotFit() {
    let x = Fact(.float32, [3, 4])
    #expect(throws: ShapeError.self) {
      try ScatterND().outputs([x, Fact(.int64, [2, 3]), Fact(.float32, [2])])
    }
    #expect(throws: ShapeError.self) {
      try ScatterND().outputs([x, Fact(.int64, [2, 1]), Fact(.float32, [2])])
    }
    #expect(throws: ShapeError.self) {
      try ScatterND().outputs([x, Fact(.int64, [2, 0]), Fact(.float32, [2, 3, 4])])
    }
    #expect(throws: ShapeError.self) {
      try ScatterND().outputs([x, Fact(.int64, []), Fact(.float32, [3, 4])])
    }
    #expect(throws: ShapeError.self) {
      try ScatterND(reduction: .add).outputs([Fact(.bool, [3]), Fact(.int64, [2, 1]), Fact(.bool, [2])])
    }
    #expect(
      graphErrorKind {
        try importNode(
          ScatterND.self, opset: 18,
          [Tensor([1] as [Float]), Tensor([0] as [Int64], shape: [1, 1]), Tensor([2] as [Float])],
          ["reduction": .string("mean")])
      } == .unsupportedFeature)
  }
}
