import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct AveragePoolTests {
  @Test func averages() throws {
    try checkOperator(
      AveragePool(window: Window(kernel: [3, 2], strides: [2, 2], padding: .explicit([1, 0, 0, 1]))),
      [pattern([2, 3, 7, 6])],
      expected: [
        golden(
          [2, 3, 3, 3],
          """
          -0.40625 -0.125 0.15625 -0.20833333 -0.35416666 0.35416666 -0.22916667 0.47916666 0.33333334
          0.375 -0.625 0.9375 -0.7083333 0 0.7083333 0.125 0.8333333 -0.16666667 -0.125 0.15625 0.4375
          -0.35416666 0.35416666 0.20833333 0.47916666 0.33333334 0.1875 -0.625 0.9375 -0.0625 0 0.7083333
          -0.29166666 0.8333333 -0.16666667 0.5416667 0.15625 0.4375 -0.5625 0.35416666 0.20833333 0.0625
          0.33333334 0.1875 0.041666668 0.9375 -0.0625 -1.0625 0.7083333 -0.29166666 0.41666666
          -0.16666667 0.5416667 -0.45833334
          """)
      ])
    try checkOperator(
      AveragePool(
        window: Window(kernel: [3, 2], strides: [2, 2], padding: .explicit([1, 0, 0, 1])), countsPadding: true
      ), [pattern([2, 3, 7, 6])],
      expected: [
        golden(
          [2, 3, 3, 3],
          """
          -0.27083334 -0.083333336 0.104166664 -0.20833333 -0.35416666 0.35416666 -0.22916667 0.47916666
          0.33333334 0.25 -0.41666666 0.625 -0.7083333 0 0.7083333 0.125 0.8333333 -0.16666667
          -0.083333336 0.104166664 0.29166666 -0.35416666 0.35416666 0.20833333 0.47916666 0.33333334
          0.1875 -0.41666666 0.625 -0.041666668 0 0.7083333 -0.29166666 0.8333333 -0.16666667 0.5416667
          0.104166664 0.29166666 -0.375 0.35416666 0.20833333 0.0625 0.33333334 0.1875 0.041666668 0.625
          -0.041666668 -0.7083333 0.7083333 -0.29166666 0.41666666 -0.16666667 0.5416667 -0.45833334
          """)
      ])
    try checkOperator(
      AveragePool(window: Window(kernel: [3, 3], strides: [2, 2]), ceiling: true), [pattern([1, 1, 6, 8])],
      expected: [
        golden(
          [1, 1, 3, 4],
          """
          -0.7361111 -0.027777778 0.6805556 0.5 0.375 -0.625 -0.4861111 0.1875 0.35416666 1.0625 0.0625
          -0.6875
          """)
      ])
    try checkOperator(
      AveragePool(
        window: Window(kernel: [3, 3], strides: [3, 3], padding: .explicit([1, 1, 1, 1])), ceiling: true,
        countsPadding: true), [pattern([1, 1, 6, 8])],
      expected: [
        golden(
          [1, 1, 3, 3],
          """
          -0.4027778 0.5555556 0.125 0.41666666 -0.625 0.15277778 -0.75 0.8125 0.0625
          """)
      ])
    try checkOperator(
      AveragePool(window: Window(kernel: [2, 2], strides: [2, 2], padding: .sameUpper)),
      [pattern([1, 1, 5, 5])],
      expected: [golden([1, 1, 3, 3], "-0.15625 0.125 -0.625 -0.03125 0.25 -0.5 0.0625 1.625 0.875")])
    try checkOperator(
      AveragePool(window: Window(kernel: [2, 2], strides: [1, 2], dilations: [3, 2])),
      [pattern([1, 2, 6, 7])],
      expected: [
        golden(
          [1, 2, 3, 3],
          """
          0.71875 1 0 -1.5 0.0625 1.625 0.125 -0.875 -1.875 1.5 0.5 -0.5 -0.71875 0.84375 1.125 -0.375
          -1.375 0.1875
          """)
      ])
    try checkOperator(
      AveragePool(window: Window(kernel: [3], strides: [2])), [pattern([1, 2, 9])],
      expected: [golden([1, 2, 4], "0.41666666 1.125 0.125 -0.875 -0.6666667 1.75 0.75 -0.25")])
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) {
      try AveragePool(window: Window(kernel: [3, 3])).outputs([Fact(.float32, [1, 1, 2, 3])])
    }
    #expect(throws: ShapeError.self) {
      try AveragePool(window: Window(kernel: [3, 3])).outputs([Fact(.float32, [1, 9])])
    }
    #expect(throws: ShapeError.self) {
      try AveragePool(window: Window(kernel: [3])).outputs([Fact(.int8, [1, 1, 9])])
    }
    #expect(
      graphErrorKind {
        try importNode(
          AveragePool.self, opset: 12, [pattern([1, 1, 4])], ["kernel_shape": .ints([2]), "p": .int(2)])
      } == .unsupportedFeature)
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(
      AveragePool(window: Window(kernel: [3, 3], strides: [2, 2], padding: .explicit([1, 1, 1, 1]))),
      [pattern([2, 35, 19, 23])], kernelTolerance: 2e-6)
    try checkOperator(
      AveragePool(
        window: Window(kernel: [3, 2], strides: [2, 3], padding: .explicit([1, 0, 0, 1])), ceiling: true,
        countsPadding: true), [pattern([1, 17, 12, 13])], kernelTolerance: 2e-6)
  }

  @Test func isWrittenInTheVersionThatHasIt() {
    #expect(AveragePool(window: Window(kernel: [2])).minimumOpset([]) == 0)
    #expect(AveragePool(window: Window(kernel: [2], dilations: [2])).minimumOpset([]) == 19)
  }
}
