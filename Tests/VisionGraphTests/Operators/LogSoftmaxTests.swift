import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct LogSoftmaxTests {
  @Test func normalizesOneAxis() throws {
    try checkOperator(
      LogSoftmax(), [pattern([2, 3, 4])],
      expected: [
        golden(
          [2, 3, 4],
          """
          -5.3102226 -0.6852228 -1.1852229 -1.6852229 -0.7873387 -1.2873387 -1.7873387 -2.2873387
          -3.6762788 -4.1762786 -4.6762786 -0.05127872 -0.7873387 -1.2873387 -1.7873387 -2.2873387
          -0.7873387 -1.2873387 -1.7873387 -2.2873387 -5.3102226 -0.6852228 -1.1852229 -1.6852229
          """)
      ], tolerance: 2e-6, kernelTolerance: 2e-6)
    try checkOperator(
      LogSoftmax(axis: 1), [pattern([2, 3, 4])],
      expected: [
        golden(
          [2, 3, 4],
          """
          -3.2898974 -0.1429317 -0.1429317 -1.4387805 -0.16489755 -2.1429317 -2.1429317 -3.4387805
          -2.1648974 -4.142932 -4.142932 -0.31378058 -0.1429317 -1.4387805 -1.4387805 -1.4387805
          -2.1429317 -3.4387805 -3.4387805 -3.4387805 -4.142932 -0.31378058 -0.31378058 -0.31378058
          """)
      ], tolerance: 2e-6, kernelTolerance: 2e-6)
    try checkOperator(
      LogSoftmax(axis: -3), [pattern([3, 2, 2])],
      expected: [
        golden(
          [3, 2, 2],
          """
          -3.2898974 -0.1429317 -0.1429317 -1.4387805 -0.16489755 -2.1429317 -2.1429317 -3.4387805
          -2.1648974 -4.142932 -4.142932 -0.31378058
          """)
      ], tolerance: 2e-6, kernelTolerance: 2e-6)
  }

  @Test func keepsLargeNumbersFinite() throws {
    try checkOperator(
      LogSoftmax(), [Tensor([1000, 1000, -1000] as [Float], shape: [1, 3])],
      expected: [golden([1, 3], "-0.6931472 -0.6931472 -2000.6931")])
  }

  @Test func flattensBeforeOpset13() throws {
    try expectClose(
      importNode(LogSoftmax.self, opset: 11, [pattern([2, 3, 4])])[0],
      golden(
        [2, 3, 4],
        """
        -5.9244614 -1.2994616 -1.7994616 -2.2994616 -2.7994616 -3.2994616 -3.7994616 -4.2994614
        -4.7994614 -5.2994614 -5.7994614 -1.1744616 -1.8248628 -2.324863 -2.824863 -3.324863 -3.824863
        -4.324863 -4.824863 -5.324863 -5.824863 -1.1998628 -1.6998628 -2.199863
        """), tolerance: 1e-6)
    try expectClose(
      importNode(LogSoftmax.self, opset: 11, [pattern([2, 3, 4])], ["axis": .int(2)])[0],
      golden(
        [2, 3, 4],
        """
        -5.3102226 -0.6852228 -1.1852229 -1.6852229 -0.7873387 -1.2873387 -1.7873387 -2.2873387
        -3.6762788 -4.1762786 -4.6762786 -0.05127872 -0.7873387 -1.2873387 -1.7873387 -2.2873387
        -0.7873387 -1.2873387 -1.7873387 -2.2873387 -5.3102226 -0.6852228 -1.1852229 -1.6852229
        """), tolerance: 1e-6)
    try expectClose(
      importNode(LogSoftmax.self, opset: 9, [pattern([2, 2, 3])], ["axis": .int(0)])[0],
      golden(
        [2, 2, 3],
        """
        -5.9244614 -1.2994616 -1.7994616 -2.2994616 -2.7994616 -3.2994616 -3.7994616 -4.2994614
        -4.7994614 -5.2994614 -5.7994614 -1.1744616
        """), tolerance: 1e-6)
    try expectClose(
      importNode(LogSoftmax.self, opset: 7, [pattern([3, 5])])[0],
      golden(
        [3, 5],
        """
        -5.41679 -0.79179 -1.29179 -1.79179 -2.29179 -0.8471016 -1.3471017 -1.8471017 -2.3471017
        -2.8471017 -5.41679 -0.79179 -1.29179 -1.79179 -2.29179
        """), tolerance: 1e-6)
    try expectClose(
      importNode(LogSoftmax.self, opset: 11, [pattern([2, 3, 1, 1])])[0],
      golden(
        [2, 3, 1, 1],
        """
        -5.1051607 -0.48016083 -0.98016083 -0.68026966 -1.1802697 -1.6802697
        """), tolerance: 1e-6)
    try expectClose(
      importNode(LogSoftmax.self, opset: 11, [pattern([2, 3, 2])], ["axis": .int(-2)])[0],
      golden(
        [2, 3, 2],
        """
        -5.4762955 -0.85129523 -1.3512952 -1.8512952 -2.3512952 -2.8512952 -2.7811427 -3.2811427
        -3.7811427 -4.2811427 -4.7811427 -0.1561427
        """), tolerance: 1e-6)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try LogSoftmax(axis: 2).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try LogSoftmax().outputs([Fact(.float32, [])]) }
    #expect(throws: ShapeError.self) { try LogSoftmax().outputs([Fact(.int32, [2])]) }
    #expect(
      graphErrorKind { try importNode(LogSoftmax.self, opset: 11, [pattern([2, 3])], ["axis": .int(3)]) }
        == .shape)
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(LogSoftmax(), [pattern([3, 1001])], kernelTolerance: 2e-6)
  }
}
