import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct LpPoolTests {
  @Test func takesNorms() throws {
    try checkOperator(
      LpPool(window: Window(kernel: [3, 2], strides: [2, 2], padding: .explicit([1, 0, 0, 1]))),
      [pattern([2, 3, 7, 6])],
      expected: [
        golden(
          [2, 3, 3, 3],
          """
          3.4164126 3.0516388 3.333073 3.1868873 4.090767 4.090767 4.0369387 4.166458 3.25 3.132491
          3.2882366 2.877716 3.592527 4.293891 3.592527 4.304794 3.75 3.1721444 3.0516388 3.333073
          2.351861 4.090767 4.090767 3.1868873 4.166458 3.25 3.4528067 3.2882366 2.877716 2.186607
          4.293891 3.592527 3.225872 3.75 3.1721444 3.414125 3.333073 2.351861 2.4558604 4.090767
          3.1868873 3.4255474 3.25 3.4528067 3.1474197 2.877716 2.186607 3.0465145 3.592527 3.225872
          3.3071892 3.1721444 3.414125 3.3400972
          """)
      ], tolerance: 2e-6)
    try checkOperator(
      LpPool(window: Window(kernel: [2], strides: [2]), p: 1), [pattern([1, 2, 7])],
      expected: [golden([1, 2, 3], "4.625 2.75 0.75 2.25 4.25 4")])
    try checkOperator(
      LpPool(window: Window(kernel: [2], strides: [2]), ceiling: true, p: 3), [pattern([1, 2, 7])],
      expected: [
        golden(
          [1, 2, 4],
          """
          2.9325972 1.7878653 0.62666225 0.375 1.4842094 2.7138875 2.558615 1.25
          """)
      ], tolerance: 2e-6)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) {
      try LpPool(window: Window(kernel: [3, 3])).outputs([Fact(.float32, [1, 1, 2, 3])])
    }
    #expect(
      graphErrorKind {
        try importNode(
          LpPool.self, opset: 18, [pattern([1, 1, 4])], ["kernel_shape": .ints([2]), "p": .int(0)])
      } == .unsupportedFeature)
  }

  @Test func isWrittenInTheVersionThatHasIt() {
    #expect(LpPool(window: Window(kernel: [2])).minimumOpset([]) == 0)
    #expect(LpPool(window: Window(kernel: [2], dilations: [2])).minimumOpset([]) == 18)
    #expect(LpPool(window: Window(kernel: [2]), ceiling: true).minimumOpset([]) == 18)
  }
}
