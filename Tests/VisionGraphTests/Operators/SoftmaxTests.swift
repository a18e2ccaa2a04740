import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct SoftmaxTests {
  @Test func normalizesOneAxis() throws {
    try checkOperator(
      Softmax(), [pattern([2, 3, 4])],
      expected: [
        golden(
          [2, 3, 4],
          """
          0.004940826 0.50397795 0.3056781 0.18540314 0.45505422 0.27600434 0.1674051 0.101536326
          0.02531701 0.015355543 0.009313608 0.9500138 0.45505422 0.27600434 0.1674051 0.101536326
          0.45505422 0.27600434 0.1674051 0.101536326 0.004940826 0.50397795 0.3056781 0.18540314
          """)
      ], tolerance: 2e-6, kernelTolerance: 2e-6)
    try checkOperator(
      Softmax(axis: 1), [pattern([2, 3, 4])],
      expected: [
        golden(
          [2, 3, 4],
          """
          0.037257668 0.8668133 0.8668133 0.23721685 0.84798056 0.11731042 0.11731042 0.03210381
          0.11476169 0.01587624 0.01587624 0.73067933 0.8668133 0.23721685 0.23721685 0.23721685
          0.11731042 0.03210381 0.03210381 0.03210381 0.01587624 0.73067933 0.73067933 0.73067933
          """)
      ], tolerance: 2e-6, kernelTolerance: 2e-6)
    try checkOperator(
      Softmax(axis: -3), [pattern([3, 2, 2])],
      expected: [
        golden(
          [3, 2, 2],
          """
          0.037257668 0.8668133 0.8668133 0.23721685 0.84798056 0.11731042 0.11731042 0.03210381
          0.11476169 0.01587624 0.01587624 0.73067933
          """)
      ], tolerance: 2e-6, kernelTolerance: 2e-6)
  }

  @Test func keepsLargeNumbersFinite() throws {
    try checkOperator(
      Softmax(), [Tensor([1000, 1000, -1000] as [Float], shape: [1, 3])],
      expected: [golden([1, 3], "0.5 0.5 0")])
  }

  @Test func flattensBeforeOpset13() throws {
    try expectClose(
      importNode(Softmax.self, opset: 11, [pattern([2, 3, 4])])[0],
      golden(
        [2, 3, 4],
        """
        0.0026732467 0.27267855 0.16538791 0.10031284 0.060842812 0.03690303 0.022382818 0.013575867
        0.008234179 0.004994282 0.003029185 0.3089853 0.16123976 0.09779686 0.05931679 0.035977453
        0.021821426 0.013235366 0.008027655 0.0048690187 0.002953209 0.30123553 0.18270859 0.110818364
        """), tolerance: 1e-6)
    try expectClose(
      importNode(Softmax.self, opset: 11, [pattern([2, 3, 4])], ["axis": .int(2)])[0],
      golden(
        [2, 3, 4],
        """
        0.004940826 0.50397795 0.3056781 0.18540314 0.45505422 0.27600434 0.1674051 0.101536326
        0.02531701 0.015355543 0.009313608 0.9500138 0.45505422 0.27600434 0.1674051 0.101536326
        0.45505422 0.27600434 0.1674051 0.101536326 0.004940826 0.50397795 0.3056781 0.18540314
        """), tolerance: 1e-6)
    try expectClose(
      importNode(Softmax.self, opset: 9, [pattern([2, 2, 3])], ["axis": .int(0)])[0],
      golden(
        [2, 2, 3],
        """
        0.0026732467 0.27267855 0.16538791 0.10031284 0.060842812 0.03690303 0.022382818 0.013575867
        0.008234179 0.004994282 0.003029185 0.3089853
        """), tolerance: 1e-6)
    try expectClose(
      importNode(Softmax.self, opset: 7, [pattern([3, 5])])[0],
      golden(
        [3, 5],
        """
        0.0044413805 0.45303315 0.2747785 0.16666159 0.101085365 0.42865553 0.25999272 0.15769356
        0.09564598 0.058012217 0.0044413805 0.45303315 0.2747785 0.16666159 0.101085365
        """), tolerance: 1e-6)
    try expectClose(
      importNode(Softmax.self, opset: 11, [pattern([2, 3, 1, 1])])[0],
      golden(
        [2, 3, 1, 1],
        """
        0.006065363 0.6186839 0.37525076 0.5064804 0.3071959 0.18632373
        """), tolerance: 1e-6)
    try expectClose(
      importNode(Softmax.self, opset: 11, [pattern([2, 3, 2])], ["axis": .int(-2)])[0],
      golden(
        [2, 3, 2],
        """
        0.0041848044 0.42686167 0.2589047 0.15703364 0.09524572 0.057769444 0.061967652 0.037585285
        0.022796627 0.013826853 0.00838641 0.8554371
        """), tolerance: 1e-6)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try Softmax(axis: 2).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try Softmax().outputs([Fact(.float32, [])]) }
    #expect(throws: ShapeError.self) { try Softmax().outputs([Fact(.int32, [2])]) }
    #expect(
      graphErrorKind { try importNode(Softmax.self, opset: 11, [pattern([2, 3])], ["axis": .int(3)]) }
        == .shape)
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(Softmax(), [pattern([3, 1001])], kernelTolerance: 2e-6)
    try checkOperator(Softmax(axis: 1), [pattern([2, 35, 9, 7])], kernelTolerance: 2e-6)
  }
}
