import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ReduceSumTests {
  @Test func sumsSomeAxes() throws {
    try checkOperator(
      ReduceSum(), [pattern([2, 3, 4]), Tensor([1] as [Int64])], constants: [1],
      expected: [golden([2, 1, 4], "-3.25 0.375 -1.125 2.5 -0.75 2.875 1.375 -0.125")])
    try checkOperator(
      ReduceSum(keepsDimensions: false), [pattern([2, 3, 4]), Tensor([-1, 0] as [Int64])], constants: [1],
      expected: [golden([3], "6.375 -4.5 0")])
    try checkOperator(ReduceSum(), [pattern([2, 5])], expected: [golden([1, 1], "-1.375")])
    try checkOperator(
      ReduceSum(keepsWithoutAxes: true), [pattern([2, 2])],
      expected: [golden([2, 2], "-2.5 2.125 1.625 1.125")])
    try checkOperator(
      ReduceSum(), [pattern([2, 2]), Tensor([] as [Int64])], constants: [1],
      expected: [golden([1, 1], "2.375")])
    try checkOperator(
      ReduceSum(), [Tensor([2147483647, 1] as [Int32])], expected: [golden([1], "-2147483648", .int32)])
  }

  @Test func readsOlderForms() throws {
    try expectClose(
      importNode(
        ReduceSum.self, opset: 11, [pattern([2, 3, 4])], ["axes": .ints([0, -1]), "keepdims": .int(0)])[0],
      golden([3], "6.375 -4.5 0"), tolerance: 1e-6)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) {
      try ReduceSum().outputs([Fact(.float32, [2, 3]), Fact(constant: Tensor([2] as [Int64]))])
    }
    #expect(throws: ShapeError.self) {
      try ReduceSum().outputs([Fact(.float32, [2, 3]), Fact(constant: Tensor([0, 0] as [Int64]))])
    }
    #expect(throws: ShapeError.self) {
      try ReduceSum().outputs([Fact(.float32, [2, 3]), Fact(.int64, [1])])
    }
    #expect(throws: ShapeError.self) { try ReduceSum().outputs([Fact(.bool, [2, 3])]) }
    #expect(
      graphErrorKind { try importNode(ReduceSum.self, opset: 13, [pattern([2])], ["axes": .ints([0])]) }
        == .unsupportedFeature)
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(
      ReduceSum(), [pattern([2, 35, 9, 7]), Tensor([2, 3] as [Int64])], constants: [1], kernelTolerance: 2e-6)
  }

  @Test func takesLargeUnsignedNumbers() throws {
    let x = Tensor([9_223_372_036_854_775_813, 3, 18_446_744_073_709_551_615, 1] as [UInt64], shape: [2, 2])
    let y = try ReduceSum(keepsDimensions: false).evaluate([x, Tensor([1] as [Int64])])[0]
    #expect(y.values(as: UInt64.self) == [9_223_372_036_854_775_816, 0])
  }
}
