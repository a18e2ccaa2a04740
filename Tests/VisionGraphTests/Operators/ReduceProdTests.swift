import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ReduceProdTests {
  @Test func reducesSomeAxes() throws {
    try checkOperator(
      ReduceProd(axes: [1]), [positivePattern([2, 3, 4])],
      expected: [
        golden(
          [2, 1, 4],
          """
          0.06347656 1.2246094 0.29882812 3.9990234 0.48706055 4.5410156 2.6103516 1.2578125
          """)
      ], tolerance: 3e-6, kernelTolerance: 3e-6)
    try checkOperator(
      ReduceProd(axes: [-1, 0], keepsDimensions: false), [positivePattern([2, 3, 4])],
      expected: [golden([3], "6.080583 0.73649925 0.15063286")], tolerance: 3e-6, kernelTolerance: 3e-6)
    try checkOperator(
      ReduceProd(), [positivePattern([2, 5])], expected: [golden([1, 1], "0.304882")], tolerance: 3e-6,
      kernelTolerance: 3e-6)
    try checkOperator(
      ReduceProd(keepsDimensions: false), [positivePattern([3, 2])], expected: [golden([], "1.3214779")],
      tolerance: 3e-6, kernelTolerance: 3e-6)
  }

  @Test func takesIntegers() throws {
    try checkOperator(
      ReduceProd(axes: [1], keepsDimensions: false),
      [Tensor([3, -7, 2, 5, -4, 6] as [Int32], shape: [2, 3])], expected: [golden([2], "-42 -120", .int32)])
  }

  @Test func readsAxesFromAnInput() throws {
    try expectClose(
      importNode(
        ReduceProd.self, opset: 18, [positivePattern([2, 3, 4]), Tensor([0, 2] as [Int64])],
        ["keepdims": .int(0)])[0], golden([3], "6.080583 0.73649925 0.15063286"), tolerance: 3e-6)
    try expectClose(
      importNode(ReduceProd.self, opset: 18, [positivePattern([2, 3])])[0], golden([1, 1], "1.3214779"),
      tolerance: 3e-6)
    try expectClose(
      importNode(ReduceProd.self, opset: 18, [positivePattern([5])], ["noop_with_empty_axes": .int(1)])[0],
      golden([5], "0.0625 2.375 2.125 1.875 1.625"), tolerance: 1e-6)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try ReduceProd(axes: [2]).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try ReduceProd(axes: [1, -1]).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try ReduceProd().outputs([]) }
    #expect(
      graphErrorKind {
        try importNode(ReduceProd.self, opset: 13, [pattern([2])], ["noop_with_empty_axes": .int(1)])
      } == .unsupportedFeature)
    #expect(
      graphErrorKind { try importNode(ReduceProd.self, opset: 18, [pattern([2])], ["axes": .ints([0])]) }
        == .unsupportedFeature)
    #expect(throws: ShapeError.self) { try ReduceProd().outputs([Fact(.bool, [2])]) }
  }
}
