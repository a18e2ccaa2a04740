import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// The numbers are those of ONNX's reference implementation.
@Suite struct RMSNormalizationTests {
  @Test func dividesByTheRootMeanSquare() throws {
    try checkOperator(
      RMSNormalization(), [pattern([2, 3, 5]), pattern([5], seed: 1)],
      expected: [
        golden(
          [2, 3, 5],
          """
          1.6204225 -1.9895188 -1.9895188 1.6204226 0.7201878 -0.12499951 0.5416645 1.6527712 -3.0555437
          -3.3333201 1.4987526 -2.0509245 -2.085983 1.7529271 0.8414049 -0.2728513 0.39411852 1.5461574
          -3.0316808 -3.3954825 1.3778359 -2.1007745 -2.1688156 1.8711352 0.95257795 -0.44702715 0.2152353
          1.4073076 -2.980181 -3.4437647
          """)
      ], tolerance: 2e-6, kernelTolerance: 2e-6)
    try checkOperator(
      RMSNormalization(axis: 1, epsilon: 0.1), [pattern([2, 3, 5]), pattern([3, 5], seed: 1)],
      expected: [
        golden(
          [2, 3, 5],
          """
          1.7491509 -2.1475685 -2.1475685 1.7491508 0.7774004 0.11661005 -0.2332201 -0.27209014 -0
          0.58305025 1.4770607 -2.098981 -2.176721 -1.943501 0.9911854 -0.20533893 0.29660067 1.1635872
          -2.2815437 -2.5553288 -2.464067 1.7339731 0.6844631 0 -0.3194161 -0.27378523 0.13689262
          0.91261744 2.0533893 -2.5211058
          """)
      ], tolerance: 2e-6, kernelTolerance: 2e-6)
  }

  @Test func agreesWithItsKernelOnOtherShapes() throws {
    try checkOperator(
      RMSNormalization(), [pattern([7, 5, 131]), pattern([131], seed: 1)], kernelTolerance: 5e-6)
    // A scale of as many elements that is broadcast differently.
    try checkOperator(
      RMSNormalization(), [pattern([2, 3, 3]), pattern([3, 1], seed: 1)], kernelTolerance: 2e-6)
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) {
      try RMSNormalization().outputs([Fact(.float32, [2, 5]), Fact(.float32, [4])])
    }
    #expect(throws: ShapeError.self) {
      try RMSNormalization(axis: 2).outputs([Fact(.float32, [2, 5]), Fact(.float32, [5])])
    }
    #expect(throws: ShapeError.self) {
      try RMSNormalization().outputs([Fact(.int64, [2, 5]), Fact(.int64, [5])])
    }
  }
}
