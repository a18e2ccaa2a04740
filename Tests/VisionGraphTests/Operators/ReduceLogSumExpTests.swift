import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ReduceLogSumExpTests {
  @Test func reducesSomeAxes() throws {
    try checkOperator(
      ReduceLogSumExp(axes: [1]), [pattern([2, 3, 4])],
      expected: [
        golden(
          [2, 1, 4],
          """
          0.78989756 2.2679317 1.7679317 2.5637805 1.8929317 2.6887805 2.1887805 1.6887805
          """)
      ], tolerance: 3e-6, kernelTolerance: 3e-6)
    try checkOperator(
      ReduceLogSumExp(axes: [-1, 0], keepsDimensions: false), [pattern([2, 3, 4])],
      expected: [golden([3], "3.3762074 1.7607832 3.444233")], tolerance: 3e-6, kernelTolerance: 3e-6)
    try checkOperator(
      ReduceLogSumExp(), [pattern([2, 5])], expected: [golden([1, 1], "3.0504742")], tolerance: 3e-6,
      kernelTolerance: 3e-6)
    try checkOperator(
      ReduceLogSumExp(keepsDimensions: false), [pattern([3, 2])], expected: [golden([], "2.9762952")],
      tolerance: 3e-6, kernelTolerance: 3e-6)
  }

  @Test func keepsLargeNumbersFinite() throws {
    try checkOperator(
      ReduceLogSumExp(), [Tensor([1000, 1000] as [Float])], expected: [golden([1], "1000.6931")])
    try checkOperator(
      ReduceLogSumExp(), [Tensor([-.infinity, -.infinity] as [Float])], expected: [golden([1], "-inf")])
  }

  @Test func readsAxesFromAnInput() throws {
    try expectClose(
      importNode(
        ReduceLogSumExp.self, opset: 18, [pattern([2, 3, 4]), Tensor([0, 2] as [Int64])],
        ["keepdims": .int(0)])[0], golden([3], "3.3762074 1.7607832 3.444233"), tolerance: 3e-6)
    try expectClose(
      importNode(ReduceLogSumExp.self, opset: 18, [pattern([2, 3])])[0], golden([1, 1], "2.9762952"),
      tolerance: 3e-6)
    try expectClose(
      importNode(ReduceLogSumExp.self, opset: 18, [pattern([5])], ["noop_with_empty_axes": .int(1)])[0],
      golden([5], "-2.5 2.125 1.625 1.125 0.625"), tolerance: 1e-6)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try ReduceLogSumExp(axes: [2]).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) {
      try ReduceLogSumExp(axes: [1, -1]).outputs([Fact(.float32, [2, 3])])
    }
    #expect(throws: ShapeError.self) { try ReduceLogSumExp().outputs([]) }
    #expect(
      graphErrorKind {
        try importNode(ReduceLogSumExp.self, opset: 13, [pattern([2])], ["noop_with_empty_axes": .int(1)])
      } == .unsupportedFeature)
    #expect(
      graphErrorKind { try importNode(ReduceLogSumExp.self, opset: 18, [pattern([2])], ["axes": .ints([0])]) }
        == .unsupportedFeature)
    #expect(throws: ShapeError.self) { try ReduceLogSumExp().outputs([Fact(.bool, [2])]) }
  }

  @Test func truncatesIntegers() throws {
    try checkOperator(
      ReduceLogSumExp(axes: [1], keepsDimensions: false), [Tensor([3, 4, 5, 12] as [Int32], shape: [2, 2])],
      expected: [Tensor([4, 12] as [Int32])])
  }
}
