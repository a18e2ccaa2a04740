import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ReduceL2Tests {
  @Test func reducesSomeAxes() throws {
    try checkOperator(
      ReduceL2(axes: [1]), [pattern([2, 3, 4])],
      expected: [
        golden(
          [2, 1, 4],
          """
          2.9208302 2.8367014 2.9020467 2.6634095 2.8613808 2.7866871 2.375 2.2395592
          """)
      ], tolerance: 3e-6, kernelTolerance: 3e-6)
    try checkOperator(
      ReduceL2(axes: [-1, 0], keepsDimensions: false), [pattern([2, 3, 4])],
      expected: [golden([3], "4.4633927 2.5617378 5.676156")], tolerance: 3e-6, kernelTolerance: 3e-6)
    try checkOperator(
      ReduceL2(), [pattern([2, 5])], expected: [golden([1, 1], "4.625")], tolerance: 3e-6,
      kernelTolerance: 3e-6)
    try checkOperator(
      ReduceL2(keepsDimensions: false), [pattern([3, 2])], expected: [golden([], "3.8830562")],
      tolerance: 3e-6, kernelTolerance: 3e-6)
  }

  @Test func readsAxesFromAnInput() throws {
    try expectClose(
      importNode(
        ReduceL2.self, opset: 18, [pattern([2, 3, 4]), Tensor([0, 2] as [Int64])], ["keepdims": .int(0)])[0],
      golden([3], "4.4633927 2.5617378 5.676156"), tolerance: 3e-6)
    try expectClose(
      importNode(ReduceL2.self, opset: 18, [pattern([2, 3])])[0], golden([1, 1], "3.8830562"), tolerance: 3e-6
    )
    try expectClose(
      importNode(ReduceL2.self, opset: 18, [pattern([5])], ["noop_with_empty_axes": .int(1)])[0],
      golden([5], "2.5 2.125 1.625 1.125 0.625"), tolerance: 1e-6)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try ReduceL2(axes: [2]).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try ReduceL2(axes: [1, -1]).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try ReduceL2().outputs([]) }
    #expect(
      graphErrorKind {
        try importNode(ReduceL2.self, opset: 13, [pattern([2])], ["noop_with_empty_axes": .int(1)])
      } == .unsupportedFeature)
    #expect(
      graphErrorKind { try importNode(ReduceL2.self, opset: 18, [pattern([2])], ["axes": .ints([0])]) }
        == .unsupportedFeature)
    #expect(throws: ShapeError.self) { try ReduceL2().outputs([Fact(.bool, [2])]) }
  }

  @Test func truncatesIntegers() throws {
    try checkOperator(
      ReduceL2(axes: [1], keepsDimensions: false), [Tensor([3, 4, 5, 12] as [Int32], shape: [2, 2])],
      expected: [Tensor([5, 13] as [Int32])])
  }
}
