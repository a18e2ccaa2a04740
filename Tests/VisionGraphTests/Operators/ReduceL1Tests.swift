import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ReduceL1Tests {
  @Test func reducesSomeAxes() throws {
    try checkOperator(
      ReduceL1(axes: [1]), [pattern([2, 3, 4])],
      expected: [golden([2, 1, 4], "4.5 4.125 4.375 4.25 4.25 4.375 3.875 3.375")], tolerance: 3e-6,
      kernelTolerance: 3e-6)
    try checkOperator(
      ReduceL1(axes: [-1, 0], keepsDimensions: false), [pattern([2, 3, 4])],
      expected: [golden([3], "11.375 6 15.75")], tolerance: 3e-6, kernelTolerance: 3e-6)
    try checkOperator(
      ReduceL1(), [pattern([2, 5])], expected: [golden([1, 1], "12.625")], tolerance: 3e-6,
      kernelTolerance: 3e-6)
    try checkOperator(
      ReduceL1(keepsDimensions: false), [pattern([3, 2])], expected: [golden([], "8.125")], tolerance: 3e-6,
      kernelTolerance: 3e-6)
  }

  @Test func takesIntegers() throws {
    try checkOperator(
      ReduceL1(axes: [1], keepsDimensions: false), [Tensor([3, -7, 2, 5, -4, 6] as [Int32], shape: [2, 3])],
      expected: [golden([2], "12 15", .int32)])
  }

  @Test func readsAxesFromAnInput() throws {
    try expectClose(
      importNode(
        ReduceL1.self, opset: 18, [pattern([2, 3, 4]), Tensor([0, 2] as [Int64])], ["keepdims": .int(0)])[0],
      golden([3], "11.375 6 15.75"), tolerance: 3e-6)
    try expectClose(
      importNode(ReduceL1.self, opset: 18, [pattern([2, 3])])[0], golden([1, 1], "8.125"), tolerance: 3e-6)
    try expectClose(
      importNode(ReduceL1.self, opset: 18, [pattern([5])], ["noop_with_empty_axes": .int(1)])[0],
      golden([5], "2.5 2.125 1.625 1.125 0.625"), tolerance: 1e-6)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try ReduceL1(axes: [2]).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try ReduceL1(axes: [1, -1]).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try ReduceL1().outputs([]) }
    #expect(
      graphErrorKind {
        try importNode(ReduceL1.self, opset: 13, [pattern([2])], ["noop_with_empty_axes": .int(1)])
      } == .unsupportedFeature)
    #expect(
      graphErrorKind { try importNode(ReduceL1.self, opset: 18, [pattern([2])], ["axes": .ints([0])]) }
        == .unsupportedFeature)
    #expect(throws: ShapeError.self) { try ReduceL1().outputs([Fact(.bool, [2])]) }
  }

  @Test func takesLargeUnsignedNumbers() throws {
    let x = Tensor([9_223_372_036_854_775_813, 3, 18_446_744_073_709_551_615, 1] as [UInt64], shape: [2, 2])
    let y = try ReduceL1(axes: [1], keepsDimensions: false).evaluate([x])[0]
    #expect(y.values(as: UInt64.self) == [9_223_372_036_854_775_816, 0])
  }
}
