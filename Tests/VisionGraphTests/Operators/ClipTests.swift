import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ClipTests {
  @Test func keepsWithinBounds() throws {
    try checkOperator(
      Clip(), [pattern([2, 7]), Tensor(scalar: Float(-1)), Tensor(scalar: Float(1.5))],
      expected: [
        golden(
          [2, 7],
          """
          -1 1.5 1.5 1.125 0.625 0.125 -0.375 -0.875 -1 -1 -1 1.5 1.5 1.25
          """)
      ])
    try checkOperator(
      Clip(), [pattern([2, 7]), nil, Tensor(scalar: Float(0))],
      expected: [golden([2, 7], "-2.5 0 0 0 0 0 -0.375 -0.875 -1.375 -1.875 -2.375 0 0 0")])
    try checkOperator(
      Clip(), [pattern([2, 7]), Tensor(scalar: Float(0.25))],
      expected: [
        golden(
          [2, 7],
          """
          0.25 2.125 1.625 1.125 0.625 0.25 0.25 0.25 0.25 0.25 0.25 2.25 1.75 1.25
          """)
      ])
    try checkOperator(Clip(), [pattern([3])], expected: [golden([3], "-2.5 2.125 1.625")])
    try checkOperator(
      Clip(), [Tensor([-5, 3, 100] as [Int8]), Tensor(scalar: Int8(-4)), Tensor(scalar: Int8(50))],
      expected: [golden([3], "-4 3 50", .int8)])
    try checkOperator(
      Clip(), [Tensor([-5, 3, 100] as [Int32]), Tensor(scalar: Int32(-4))],
      expected: [golden([3], "-4 3 100", .int32)])
    try checkOperator(
      Clip(),
      [
        Tensor([.nan, .infinity, -.infinity, 0] as [Float]), Tensor(scalar: Float(2)),
        Tensor(scalar: Float(1)),
      ], expected: [golden([4], "nan 1 1 1")])
  }

  @Test func readsOlderForms() throws {
    try expectClose(
      importNode(Clip.self, opset: 6, [pattern([2, 7])], ["min": .float(-1), "max": .float(6)])[0],
      golden(
        [2, 7],
        """
        -1 2.125 1.625 1.125 0.625 0.125 -0.375 -0.875 -1 -1 -1 2.25 1.75 1.25
        """), tolerance: 1e-6)
    try expectClose(
      importNode(Clip.self, opset: 9, [pattern([2, 7])], ["max": .float(0)])[0],
      golden([2, 7], "-2.5 0 0 0 0 0 -0.375 -0.875 -1.375 -1.875 -2.375 0 0 0"), tolerance: 1e-6)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try Clip().outputs([Fact(.float32, [3]), Fact(.float32, [2])]) }
    #expect(throws: ShapeError.self) { try Clip().outputs([Fact(.float32, [3]), nil, Fact(.int32, [])]) }
    #expect(throws: ShapeError.self) { try Clip().outputs([Fact(.bool, [3])]) }
    #expect(
      graphErrorKind { try importNode(Clip.self, opset: 11, [pattern([3])], ["min": .float(0)]) }
        == .unsupportedFeature)
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(
      Clip(), [pattern([2, 35, 9, 7]), Tensor(scalar: Float(-1)), Tensor(scalar: Float(1.5))],
      constants: [1, 2], kernelTolerance: 2e-6)
  }
}
