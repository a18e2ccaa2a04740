import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ReduceMeanTests {
  @Test func reducesSomeAxes() throws {
    try checkOperator(
      ReduceMean(axes: [1]), [pattern([2, 3, 4])],
      expected: [
        golden(
          [2, 1, 4],
          """
          -1.0833334 0.125 -0.375 0.8333333 -0.25 0.9583333 0.45833334 -0.041666668
          """)
      ], tolerance: 3e-6, kernelTolerance: 3e-6)
    try checkOperator(
      ReduceMean(axes: [-1, 0], keepsDimensions: false), [pattern([2, 3, 4])],
      expected: [golden([3], "0.796875 -0.5625 0")], tolerance: 3e-6, kernelTolerance: 3e-6)
    try checkOperator(
      ReduceMean(), [pattern([2, 5])], expected: [golden([1, 1], "-0.1375")], tolerance: 3e-6,
      kernelTolerance: 3e-6)
    try checkOperator(
      ReduceMean(keepsDimensions: false), [pattern([3, 2])], expected: [golden([], "0.5208333")],
      tolerance: 3e-6, kernelTolerance: 3e-6)
  }

  @Test func takesIntegers() throws {
    try checkOperator(
      ReduceMean(axes: [1], keepsDimensions: false),
      [Tensor([3, -7, 2, 5, -4, 6] as [Int32], shape: [2, 3])], expected: [golden([2], "0 2", .int32)])
  }

  @Test func readsAxesFromAnInput() throws {
    try expectClose(
      importNode(
        ReduceMean.self, opset: 18, [pattern([2, 3, 4]), Tensor([0, 2] as [Int64])], ["keepdims": .int(0)])[
          0], golden([3], "0.796875 -0.5625 0"), tolerance: 3e-6)
    try expectClose(
      importNode(ReduceMean.self, opset: 18, [pattern([2, 3])])[0], golden([1, 1], "0.5208333"),
      tolerance: 3e-6)
    try expectClose(
      importNode(ReduceMean.self, opset: 18, [pattern([5])], ["noop_with_empty_axes": .int(1)])[0],
      golden([5], "-2.5 2.125 1.625 1.125 0.625"), tolerance: 1e-6)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try ReduceMean(axes: [2]).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try ReduceMean(axes: [1, -1]).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try ReduceMean().outputs([]) }
    #expect(
      graphErrorKind {
        try importNode(ReduceMean.self, opset: 13, [pattern([2])], ["noop_with_empty_axes": .int(1)])
      } == .unsupportedFeature)
    #expect(
      graphErrorKind { try importNode(ReduceMean.self, opset: 18, [pattern([2])], ["axes": .ints([0])]) }
        == .unsupportedFeature)
    #expect(throws: ShapeError.self) { try ReduceMean().outputs([Fact(.bool, [2])]) }
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(ReduceMean(axes: [2, 3]), [pattern([2, 35, 9, 7])], kernelTolerance: 2e-6)
    try checkOperator(
      ReduceMean(axes: [1], keepsDimensions: false), [pattern([2, 35, 9, 7])], kernelTolerance: 2e-6)
  }

  @Test func takesLargeUnsignedNumbers() throws {
    let x = Tensor([9_223_372_036_854_775_813, 3, 18_446_744_073_709_551_615, 1] as [UInt64], shape: [2, 2])
    let y = try ReduceMean(axes: [1], keepsDimensions: false).evaluate([x])[0]
    #expect(y.values(as: UInt64.self) == [4_611_686_018_427_387_908, 0])
  }
}
