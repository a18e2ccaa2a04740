import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ReduceMaxTests {
  @Test func reducesSomeAxes() throws {
    try checkOperator(
      ReduceMax(axes: [1]), [pattern([2, 3, 4])],
      expected: [golden([2, 1, 4], "0.625 2.125 1.625 2.25 1.75 2.375 1.875 1.375")], tolerance: 3e-6,
      kernelTolerance: 3e-6)
    try checkOperator(
      ReduceMax(axes: [-1, 0], keepsDimensions: false), [pattern([2, 3, 4])],
      expected: [golden([3], "2.125 0.625 2.375")], tolerance: 3e-6, kernelTolerance: 3e-6)
    try checkOperator(
      ReduceMax(), [pattern([2, 5])], expected: [golden([1, 1], "2.125")], tolerance: 3e-6,
      kernelTolerance: 3e-6)
    try checkOperator(
      ReduceMax(keepsDimensions: false), [pattern([3, 2])], expected: [golden([], "2.125")], tolerance: 3e-6,
      kernelTolerance: 3e-6)
  }

  @Test func takesIntegers() throws {
    try checkOperator(
      ReduceMax(axes: [1], keepsDimensions: false),
      [Tensor([3, -7, 2, 5, -4, 6] as [Int32], shape: [2, 3])], expected: [golden([2], "3 6", .int32)])
  }

  @Test func takesBoolNaNAndNothing() throws {
    try checkOperator(
      ReduceMax(axes: [1]), [Tensor([true, false, true, true] as [Bool], shape: [2, 2])],
      expected: [golden([2, 1], "1 1", .bool)])
    try checkOperator(
      ReduceMax(keepsDimensions: false), [Tensor([1, .nan, 3] as [Float])], expected: [golden([], "nan")])
    try checkOperator(
      ReduceMax(axes: [0]), [Tensor([] as [Float], shape: [0, 2])], expected: [golden([1, 2], "-inf -inf")])
  }

  @Test func readsAxesFromAnInput() throws {
    try expectClose(
      importNode(
        ReduceMax.self, opset: 18, [pattern([2, 3, 4]), Tensor([0, 2] as [Int64])], ["keepdims": .int(0)])[0],
      golden([3], "2.125 0.625 2.375"), tolerance: 3e-6)
    try expectClose(
      importNode(ReduceMax.self, opset: 18, [pattern([2, 3])])[0], golden([1, 1], "2.125"), tolerance: 3e-6)
    try expectClose(
      importNode(ReduceMax.self, opset: 18, [pattern([5])], ["noop_with_empty_axes": .int(1)])[0],
      golden([5], "-2.5 2.125 1.625 1.125 0.625"), tolerance: 1e-6)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try ReduceMax(axes: [2]).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try ReduceMax(axes: [1, -1]).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try ReduceMax().outputs([]) }
    #expect(
      graphErrorKind {
        try importNode(ReduceMax.self, opset: 13, [pattern([2])], ["noop_with_empty_axes": .int(1)])
      } == .unsupportedFeature)
    #expect(
      graphErrorKind { try importNode(ReduceMax.self, opset: 18, [pattern([2])], ["axes": .ints([0])]) }
        == .unsupportedFeature)
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(ReduceMax(axes: [2, 3]), [pattern([2, 35, 9, 7])], kernelTolerance: 2e-6)
  }

  @Test func takesLargeUnsignedNumbers() throws {
    let x = Tensor([9_223_372_036_854_775_813, 3, 18_446_744_073_709_551_615, 1] as [UInt64], shape: [2, 2])
    let y = try ReduceMax(axes: [1], keepsDimensions: false).evaluate([x])[0]
    #expect(y.values(as: UInt64.self) == [9_223_372_036_854_775_813, 18_446_744_073_709_551_615])
  }
}
