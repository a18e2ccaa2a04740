import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct MaxPoolTests {
  @Test func takesTheLargest() throws {
    try checkOperator(
      MaxPool(window: Window(kernel: [3, 2], strides: [2, 2], padding: .explicit([1, 0, 0, 1]))),
      [pattern([2, 3, 7, 6])],
      expected: [
        golden(
          [2, 3, 3, 3],
          """
          2.125 1.625 2.25 1.75 2.375 2.25 2.5 2.375 1.875 2.125 1.125 2.25 1.25 2.375 2.25 2.5 2.375
          1.375 1.625 2.25 1.75 2.375 2.25 1.75 2.375 1.875 2.5 1.125 2.25 1.25 2.375 2.25 1.25 2.375
          1.375 2.5 2.25 1.75 0.75 2.25 1.75 2.375 1.875 2.5 2 2.25 1.25 0.25 2.25 1.25 2.375 1.375 2.5
          1.5
          """)
      ])
    try checkOperator(
      MaxPool(window: Window(kernel: [2, 2], strides: [1, 2], dilations: [3, 2])), [pattern([1, 2, 6, 7])],
      expected: [
        golden(
          [1, 2, 3, 3],
          """
          2.375 1.625 0.625 -0.875 2.25 2.25 0.75 -0.25 -1.25 2.125 1.125 0.125 2.5 2.5 1.75 0.25 -0.75
          2.375
          """)
      ])
    try checkOperator(
      MaxPool(window: Window(kernel: [3, 3], strides: [2, 2]), ceiling: true), [pattern([1, 1, 6, 8])],
      expected: [
        golden(
          [1, 1, 3, 4],
          """
          2.125 2.25 2.375 1.875 2 1 2.375 2.5 2.125 2.125 1.125 0.125
          """)
      ])
    try checkOperator(
      MaxPool(window: Window(kernel: [2, 2], strides: [2, 2], padding: .sameUpper)), [pattern([1, 1, 5, 5])],
      expected: [golden([1, 1, 3, 3], "2.125 1.625 0.625 2.25 1.75 0.75 2.375 1.875 0.875")])
    try checkOperator(
      MaxPool(window: Window(kernel: [2, 2], strides: [2, 2], padding: .sameLower)), [pattern([1, 1, 5, 5])],
      expected: [golden([1, 1, 3, 3], "-2.5 2.125 1.125 0.125 2.25 1.25 0.25 2.375 1.375")])
    try checkOperator(
      MaxPool(window: Window(kernel: [3], strides: [2])), [pattern([1, 2, 9])],
      expected: [golden([1, 2, 4], "2.125 1.625 0.625 -0.375 2.25 2.25 1.25 0.25")])
    try checkOperator(
      MaxPool(window: Window(kernel: [2, 1, 2])), [pattern([1, 1, 3, 2, 3])],
      expected: [golden([1, 1, 2, 2, 2], "2.125 2.125 1.125 2.25 1.75 1.25 0.25 2.25")])
  }

  @Test func takesBytesAndKeepsNaN() throws {
    try checkOperator(
      MaxPool(window: Window(kernel: [2], strides: [2])),
      [Tensor([-5, -128, 3, -7] as [Int8], shape: [1, 1, 4])], expected: [golden([1, 1, 2], "-5 3", .int8)])
    try checkOperator(
      MaxPool(window: Window(kernel: [2], strides: [2])),
      [Tensor([.nan, 1, 2, .nan, -.infinity, -3] as [Float], shape: [1, 1, 6])],
      expected: [golden([1, 1, 3], "nan nan -3")])
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) {
      try MaxPool(window: Window(kernel: [3, 3])).outputs([Fact(.float32, [1, 1, 2, 3])])
    }
    #expect(throws: ShapeError.self) {
      try MaxPool(window: Window(kernel: [3, 3])).outputs([Fact(.float32, [1, 1, 9])])
    }
    #expect(throws: ShapeError.self) {
      try MaxPool(window: Window(kernel: [3, 3], strides: [0, 1])).outputs([Fact(.float32, [1, 1, 9, 9])])
    }
    #expect(throws: ShapeError.self) {
      try MaxPool(window: Window(kernel: [3, 3], padding: .explicit([-1, 0, 0, 0]))).outputs([
        Fact(.float32, [1, 1, 9, 9])
      ])
    }
    #expect(throws: ShapeError.self) {
      try MaxPool(window: Window(kernel: [3])).outputs([Fact(.int32, [1, 1, 9])])
    }
    #expect(
      graphErrorKind {
        try importNode(
          MaxPool.self, opset: 12, [pattern([1, 1, 4])],
          ["kernel_shape": .ints([2]), "auto_pad": .string("SAME")])
      } == .unsupportedFeature)
    #expect(graphErrorKind { try importNode(MaxPool.self, opset: 12, [pattern([1, 1, 4])]) } == .structure)
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(
      MaxPool(window: Window(kernel: [3, 3], strides: [2, 2], padding: .explicit([1, 1, 1, 1]))),
      [pattern([2, 35, 19, 23])], kernelTolerance: 2e-6)
    try checkOperator(
      MaxPool(window: Window(kernel: [5, 5], strides: [1, 1], padding: .sameUpper)),
      [pattern([1, 17, 9, 11])], kernelTolerance: 2e-6)
  }
}
