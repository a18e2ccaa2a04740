import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ReduceLogSumTests {
  @Test func reducesSomeAxes() throws {
    try checkOperator(
      ReduceLogSum(axes: [1]), [positivePattern([2, 3, 4])],
      expected: [
        golden(
          [2, 1, 4],
          """
          0.8383292 1.417066 1.2163954 1.6462519 1.2704625 1.6817585 1.5314764 1.3545457
          """)
      ], tolerance: 3e-6, kernelTolerance: 3e-6)
    try checkOperator(
      ReduceLogSum(axes: [-1, 0], keepsDimensions: false), [positivePattern([2, 3, 4])],
      expected: [golden([3], "2.616483 2.1102133 2.3513753")], tolerance: 3e-6, kernelTolerance: 3e-6)
    try checkOperator(
      ReduceLogSum(), [positivePattern([2, 5])], expected: [golden([1, 1], "2.5207162")], tolerance: 3e-6,
      kernelTolerance: 3e-6)
    try checkOperator(
      ReduceLogSum(keepsDimensions: false), [positivePattern([3, 2])], expected: [golden([], "2.2446911")],
      tolerance: 3e-6, kernelTolerance: 3e-6)
  }

  @Test func readsAxesFromAnInput() throws {
    try expectClose(
      importNode(
        ReduceLogSum.self, opset: 18, [positivePattern([2, 3, 4]), Tensor([0, 2] as [Int64])],
        ["keepdims": .int(0)])[0], golden([3], "2.616483 2.1102133 2.3513753"), tolerance: 3e-6)
    try expectClose(
      importNode(ReduceLogSum.self, opset: 18, [positivePattern([2, 3])])[0], golden([1, 1], "2.2446911"),
      tolerance: 3e-6)
    try expectClose(
      importNode(ReduceLogSum.self, opset: 18, [positivePattern([5])], ["noop_with_empty_axes": .int(1)])[0],
      golden([5], "-2.7725887 0.86499745 0.7537718 0.62860864 0.4855078"), tolerance: 1e-6)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try ReduceLogSum(axes: [2]).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try ReduceLogSum(axes: [1, -1]).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try ReduceLogSum().outputs([]) }
    #expect(
      graphErrorKind {
        try importNode(ReduceLogSum.self, opset: 13, [pattern([2])], ["noop_with_empty_axes": .int(1)])
      } == .unsupportedFeature)
    #expect(
      graphErrorKind { try importNode(ReduceLogSum.self, opset: 18, [pattern([2])], ["axes": .ints([0])]) }
        == .unsupportedFeature)
    #expect(throws: ShapeError.self) { try ReduceLogSum().outputs([Fact(.bool, [2])]) }
  }

  @Test func truncatesIntegers() throws {
    try checkOperator(
      ReduceLogSum(axes: [1], keepsDimensions: false), [Tensor([3, 4, 5, 12] as [Int32], shape: [2, 2])],
      expected: [Tensor([1, 2] as [Int32])])
  }
}
