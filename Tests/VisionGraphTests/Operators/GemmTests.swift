import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct GemmTests {
  @Test func multipliesMatricesAndTheirTransposes() throws {
    try checkOperator(
      Gemm(), [pattern([3, 5]), pattern([5, 4], seed: 1)],
      expected: [
        golden(
          [3, 4],
          """
          5.515625 4.015625 8.28125 -6.03125 -0.25 1.9375 -2.921875 -0.09375 5.515625 3.703125 8.296875
          -5.6875
          """)
      ])
    try checkOperator(
      Gemm(alpha: 0.5, beta: -2, transposesA: true),
      [pattern([5, 3]), pattern([5, 4], seed: 1), pattern([3, 4], seed: 2)],
      expected: [
        golden(
          [3, 4],
          """
          4.890625 6.359375 3.0234375 -1.9140625 6.0078125 6.8203125 -8.703125 -2.4453125 -5.3671875
          -5.2109375 0.7109375 5.03125
          """)
      ])
    try checkOperator(
      Gemm(transposesB: true), [pattern([2, 7]), pattern([3, 7], seed: 1), pattern([3], seed: 2)],
      expected: [golden([2, 3], "0.03125 -3.6875 0.28125 9.890625 -7.375 -9.90625")])
    try checkOperator(
      Gemm(transposesA: true, transposesB: true),
      [pattern([4, 3]), pattern([2, 4], seed: 1), pattern([3, 1], seed: 2)],
      expected: [golden([3, 2], "-2.65625 -4.375 -7.734375 2.875 5.765625 2.4375")])
    try checkOperator(
      Gemm(beta: 3), [pattern([1, 1]), pattern([1, 2], seed: 1), Tensor(scalar: Float(2.5))],
      expected: [golden([1, 2], "10.3125 11.5625")])
  }

  @Test func multipliesIntegersExactly() throws {
    let a = Tensor([1, -2, 3, 4, 5, 1 << 40] as [Int64], shape: [2, 3])
    try checkOperator(
      Gemm(alpha: 2, beta: -1, transposesB: true),
      [a, Tensor([1, 0, 2, -1, 1, 1] as [Int64], shape: [2, 3]), Tensor([5, 7] as [Int64])],
      expected: [Tensor([9, -7, 8 + (1 << 42) - 5, 2 + (1 << 41) - 7] as [Int64], shape: [2, 2])])
    try checkOperator(
      Gemm(transposesA: true),
      [
        Tensor([1 << 31, 1] as [UInt32], shape: [2, 1]), Tensor([2, 3, 5, 7] as [UInt32], shape: [2, 2]),
      ],
      expected: [Tensor([5, (1 << 31) + 7] as [UInt32], shape: [1, 2])])
  }

  @Test func givesOnlyTheAddendForNoColumns() throws {
    try checkOperator(
      Gemm(), [Tensor([] as [Float], shape: [2, 0]), Tensor([] as [Float], shape: [0, 3]), pattern([3])],
      expected: [golden([2, 3], "-2.5 2.125 1.625 -2.5 2.125 1.625")])
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) {
      try Gemm().outputs([Fact(.float32, [3, 5]), Fact(.float32, [4, 4])])
    }
    #expect(throws: ShapeError.self) {
      try Gemm(transposesB: true).outputs([Fact(.float32, [3, 5]), Fact(.float32, [5, 4])])
    }
    #expect(throws: ShapeError.self) {
      try Gemm().outputs([Fact(.float32, [3, 5]), Fact(.float32, [5, 4]), Fact(.float32, [4, 3])])
    }
    #expect(throws: ShapeError.self) {
      try Gemm().outputs([Fact(.float32, [2, 3, 5]), Fact(.float32, [5, 4])])
    }
    #expect(throws: ShapeError.self) {
      try Gemm().outputs([Fact(.float32, [3, 5]), Fact(.float64, [5, 4])])
    }
    #expect(throws: ShapeError.self) { try Gemm().outputs([Fact(.int8, [3, 5]), Fact(.int8, [5, 4])]) }
    #expect(throws: ShapeError.self) {
      try Gemm(alpha: 0.5).outputs([Fact(.int32, [3, 5]), Fact(.int32, [5, 4])])
    }
    #expect(throws: ShapeError.self) { try Gemm().outputs([Fact(.float32, [3, 5])]) }
    #expect(throws: ShapeError.self) {
      try Gemm().outputs([Fact(.float32, [1, 2]), Fact(.float32, [2, 1]), Fact(.float32, [1, 1, 1])])
    }
    #expect(
      graphErrorKind {
        try importNode(
          Gemm.self, opset: 6, [pattern([1, 2]), pattern([2, 1]), pattern([1])], ["broadcast": .int(1)])
      } == .unsupportedFeature)
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(
      Gemm(), [pattern([1, 130]), pattern([130, 71], seed: 1), pattern([71], seed: 2)], kernelTolerance: 2e-6)
    try checkOperator(
      Gemm(alpha: 0.5, beta: 2, transposesB: true),
      [pattern([19, 37]), pattern([67, 37], seed: 1), pattern([19, 67], seed: 2)], kernelTolerance: 2e-6)
    try checkOperator(
      Gemm(transposesA: true), [pattern([37, 19]), pattern([37, 33], seed: 1)], kernelTolerance: 2e-6)
  }
}
