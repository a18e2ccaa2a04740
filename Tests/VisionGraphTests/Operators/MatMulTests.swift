import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct MatMulTests {
  @Test func followsTheRulesOfNumPy() throws {
    try checkOperator(
      MatMul(), [pattern([3, 5]), pattern([5, 4], seed: 1)],
      expected: [
        golden(
          [3, 4],
          """
          5.515625 4.015625 8.28125 -6.03125 -0.25 1.9375 -2.921875 -0.09375 5.515625 3.703125 8.296875
          -5.6875
          """)
      ])
    try checkOperator(
      MatMul(), [pattern([2, 3, 5]), pattern([5, 4], seed: 1)],
      expected: [
        golden(
          [2, 3, 4],
          """
          5.515625 4.015625 8.28125 -6.03125 -0.25 1.9375 -2.921875 -0.09375 5.515625 3.703125 8.296875
          -5.6875 -0.25 1.625 -2.90625 0.25 5.515625 3.390625 8.3125 -5.34375 -0.25 1.3125 -2.890625
          0.59375
          """)
      ])
    try checkOperator(
      MatMul(), [pattern([2, 1, 3, 2]), pattern([3, 2, 2], seed: 1)],
      expected: [
        golden(
          [2, 3, 3, 2],
          """
          -1.703125 9.375 -4.21875 0.171875 -0.96875 -0.703125 -2.875 -2.6875 4.375 3 1.375 1 -2.125
          -1.9375 -1.125 -2.5 -0.125 -0.5 2.28125 -1.578125 5.53125 -2.453125 -2.109375 9.484375 -1.625 -1
          -4.625 -3 -2.5 -2.4375 0.875 1.5 1.875 3.5 -2.25 -2.1875
          """)
      ])
    try checkOperator(MatMul(), [pattern([5]), pattern([5], seed: 1)], expected: [golden([], "-0.03125")])
    try checkOperator(
      MatMul(), [pattern([5]), pattern([2, 5, 3], seed: 1)],
      expected: [golden([2, 3], "7.9375 6.4375 8.140625 -3.03125 -4.53125 -6.03125")])
    try checkOperator(
      MatMul(), [pattern([2, 3, 5]), pattern([5], seed: 1)],
      expected: [golden([2, 3], "-0.03125 -4.859375 -0.078125 -4.90625 -0.125 -4.953125")])
  }

  @Test func wrapsIntegers() throws {
    try checkOperator(
      MatMul(),
      [
        Tensor([2147483647, 1, -3, 4] as [Int32], shape: [2, 2]),
        Tensor([2, 0, 1, 5] as [Int32], shape: [2, 2]),
      ], expected: [golden([2, 2], "-1 5 -2 20", .int32)])
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) {
      try MatMul().outputs([Fact(.float32, [3, 5]), Fact(.float32, [4, 4])])
    }
    #expect(throws: ShapeError.self) {
      try MatMul().outputs([Fact(.float32, [2, 3, 5]), Fact(.float32, [3, 5, 4])])
    }
    #expect(throws: ShapeError.self) { try MatMul().outputs([Fact(.float32, []), Fact(.float32, [3])]) }
    #expect(throws: ShapeError.self) {
      try MatMul().outputs([Fact(.float32, [3, 5]), Fact(.float16, [5, 4])])
    }
    #expect(throws: ShapeError.self) { try MatMul().outputs([Fact(.bool, [3, 5]), Fact(.bool, [5, 4])]) }
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(MatMul(), [pattern([19, 70]), pattern([70, 37], seed: 1)], kernelTolerance: 2e-6)
    try checkOperator(
      MatMul(), [pattern([3, 1, 17, 9]), pattern([2, 9, 35], seed: 1)], kernelTolerance: 2e-6)
  }
}
