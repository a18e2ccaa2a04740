import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ReduceSumSquareTests {
  @Test func reducesSomeAxes() throws {
    try checkOperator(
      ReduceSumSquare(axes: [1]), [pattern([2, 3, 4])],
      expected: [
        golden(
          [2, 1, 4],
          """
          8.53125 8.046875 8.421875 7.09375 8.1875 7.765625 5.640625 5.015625
          """)
      ], tolerance: 3e-6, kernelTolerance: 3e-6)
    try checkOperator(
      ReduceSumSquare(axes: [-1, 0], keepsDimensions: false), [pattern([2, 3, 4])],
      expected: [golden([3], "19.921875 6.5625 32.21875")], tolerance: 3e-6, kernelTolerance: 3e-6)
    try checkOperator(
      ReduceSumSquare(), [pattern([2, 5])], expected: [golden([1, 1], "21.390625")], tolerance: 3e-6,
      kernelTolerance: 3e-6)
    try checkOperator(
      ReduceSumSquare(keepsDimensions: false), [pattern([3, 2])], expected: [golden([], "15.078125")],
      tolerance: 3e-6, kernelTolerance: 3e-6)
  }

  @Test func takesIntegers() throws {
    try checkOperator(
      ReduceSumSquare(axes: [1], keepsDimensions: false),
      [Tensor([3, -7, 2, 5, -4, 6] as [Int32], shape: [2, 3])], expected: [golden([2], "62 77", .int32)])
  }

  @Test func readsAxesFromAnInput() throws {
    try expectClose(
      importNode(
        ReduceSumSquare.self, opset: 18, [pattern([2, 3, 4]), Tensor([0, 2] as [Int64])],
        ["keepdims": .int(0)])[0], golden([3], "19.921875 6.5625 32.21875"), tolerance: 3e-6)
    try expectClose(
      importNode(ReduceSumSquare.self, opset: 18, [pattern([2, 3])])[0], golden([1, 1], "15.078125"),
      tolerance: 3e-6)
    try expectClose(
      importNode(ReduceSumSquare.self, opset: 18, [pattern([5])], ["noop_with_empty_axes": .int(1)])[0],
      golden([5], "6.25 4.515625 2.640625 1.265625 0.390625"), tolerance: 1e-6)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try ReduceSumSquare(axes: [2]).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) {
      try ReduceSumSquare(axes: [1, -1]).outputs([Fact(.float32, [2, 3])])
    }
    #expect(throws: ShapeError.self) { try ReduceSumSquare().outputs([]) }
    #expect(
      graphErrorKind {
        try importNode(ReduceSumSquare.self, opset: 13, [pattern([2])], ["noop_with_empty_axes": .int(1)])
      } == .unsupportedFeature)
    #expect(
      graphErrorKind { try importNode(ReduceSumSquare.self, opset: 18, [pattern([2])], ["axes": .ints([0])]) }
        == .unsupportedFeature)
    #expect(throws: ShapeError.self) { try ReduceSumSquare().outputs([Fact(.bool, [2])]) }
  }
}
