import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct InstanceNormalizationTests {
  @Test func normalizesEachChannel() throws {
    try checkOperator(
      InstanceNormalization(), [pattern([2, 3, 3, 5]), pattern([3], seed: 1), pattern([3], seed: 2)],
      expected: [
        golden(
          [2, 3, 3, 5],
          """
          2.1496458 -1.1657739 -0.80735016 -0.44892633 -0.09050256 0.2679212 0.626345 0.98476875 1.3431926
          1.7016163 2.06004 -1.2553798 -0.8969561 -0.53853226 -0.18010855 -0.7727469 -0.15775055 0.4572458
          1.0722423 1.6872386 2.302235 -3.3864815 -2.7714853 -2.156489 -1.5414923 -0.926496 -0.31149966
          0.30349675 0.91849315 1.5334895 2.2563148 -3.767168 -3.1159806 -2.4647932 -1.813606 -1.1624186
          -0.5112313 0.13995606 0.7911434 1.4423307 2.0935183 2.7447057 -3.2787776 -2.6275902 -1.9764029
          -0.4240684 0.015541419 0.45515126 0.8947611 1.3343709 1.7739806 2.2135906 -1.8528004 -1.4131906
          -0.97358066 -0.5339709 -0.09436104 0.3452488 0.78485864 1.2244685 1.6900843 2.1833262 -2.3791602
          -1.8859186 -1.3926768 -0.89943504 -0.40619323 0.08704856 0.5802903 1.0735321 1.5667739 2.060016
          -2.5024707 -2.009229 -1.5159873 -2.5906627 -1.7602885 -0.9299144 -0.09954029 0.7308338 1.5612078
          2.391582 3.2219563 -4.4590044 -3.6286304 -2.7982562 -1.9678822 -1.1375079 -0.30713385 0.52324027
          """)
      ], tolerance: 2e-6, kernelTolerance: 2e-6)
    try checkOperator(
      InstanceNormalization(epsilon: 0.1),
      [pattern([1, 2, 7]), pattern([2], seed: 1), pattern([2], seed: 2)],
      expected: [
        golden(
          [1, 2, 7],
          """
          2.4852962 -1.0884181 -0.7020707 -0.31572318 0.07062432 0.45697182 0.8433193 0.3887 0.8472538
          1.3058077 1.7643616 -2.4772615 -2.0187078 -1.5601538
          """)
      ])
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) {
      try InstanceNormalization().outputs([Fact(.float32, [2, 3]), Fact(.float32, [3]), Fact(.float32, [3])])
    }
    #expect(throws: ShapeError.self) {
      try InstanceNormalization().outputs([
        Fact(.float32, [2, 3, 2]), Fact(.float32, [2]), Fact(.float32, [3]),
      ])
    }
    #expect(throws: ShapeError.self) {
      try InstanceNormalization().outputs([Fact(.float32, [2, 3, 2]), Fact(.float32, [3])])
    }
    #expect(throws: ShapeError.self) {
      try InstanceNormalization().outputs([
        Fact(.float32, [2, 3, 2]), Fact(.float32, [3]), Fact(.float16, [3]),
      ])
    }
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(
      InstanceNormalization(), [pattern([2, 17, 9, 7]), pattern([17], seed: 1), pattern([17], seed: 2)],
      kernelTolerance: 5e-6)
  }
}
