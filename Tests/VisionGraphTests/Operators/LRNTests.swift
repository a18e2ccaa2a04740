import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct LRNTests {
  @Test func dividesByTheNeighboringChannels() throws {
    try checkOperator(
      LRN(size: 3, alpha: 0.1), [pattern([2, 5, 2, 3])],
      expected: [
        golden(
          [2, 5, 2, 3],
          """
          -2.1629117 1.8816633 1.4622953 1.0068959 0.54476786 0.11116643 -0.30535927 -0.7500257 -1.2224225
          -1.6759019 -2.0674286 1.9772632 1.5668104 1.1042942 0.6342246 0.20448463 -0.20448463 -0.6342246
          -1.1042942 -1.5668104 -1.9772632 2.0674286 1.6759019 1.2224225 0.8273011 0.34752655 -0.11116643
          -0.54476786 -1.0068959 -1.4622953 -1.9128816 2.1580489 1.7816398 1.3507278 0.8908199 0.43160978
          0 -0.4095813 -0.86740035 -1.3393701 -1.7810435 -2.151834 1.8816633 1.4544052 0.9857161
          0.52057266 0.10251813 -0.30535927 -0.7500257 -1.2224225 -1.6759019 -2.0674286 1.9772632
          1.5668104 1.1818587 0.7070658 0.22974107 -0.21940741 -0.65930456 -1.1225576
          """)
      ], tolerance: 2e-6, kernelTolerance: 2e-6)
    try checkOperator(
      LRN(size: 5, alpha: 0.5, beta: 0.6, bias: 2), [pattern([1, 3, 2, 2])],
      expected: [
        golden(
          [1, 3, 2, 2],
          """
          -1.3327465 1.1445328 0.86828387 0.6186301 0.33318663 0.06732546 -0.2003732 -0.48115677
          -0.73301053 -1.0098819 -1.2690302 1.2372602
          """)
      ], tolerance: 2e-6, kernelTolerance: 2e-6)
  }

  @Test func putsTheOddChannelAfter() throws {
    try checkOperator(
      LRN(size: 2, alpha: 2, beta: 1, bias: 0), [Tensor([1, 2, 4] as [Float], shape: [1, 3, 1])],
      expected: [golden([1, 3, 1], "0.2 0.1 0.25")])
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try LRN(size: 0).outputs([Fact(.float32, [1, 3, 2])]) }
    #expect(throws: ShapeError.self) { try LRN(size: 3).outputs([Fact(.float32, [3])]) }
    #expect(throws: ShapeError.self) { try LRN(size: 3).outputs([Fact(.int64, [1, 3])]) }
    #expect(graphErrorKind { try importNode(LRN.self, opset: 13, [pattern([1, 3, 2])]) } == .structure)
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(LRN(size: 5, alpha: 0.5), [pattern([2, 35, 9, 7])], kernelTolerance: 2e-6)
  }
}
