import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ConvTransposeTests {
  @Test func spreadsElementsOverTheKernel() throws {
    try checkOperator(
      ConvTranspose(window: Window(kernel: [3, 2], strides: [2, 1], padding: .explicit([1, 0, 0, 1]))),
      [pattern([2, 3, 3, 2]), pattern([3, 2, 3, 2], seed: 1), pattern([2], seed: 3)],
      expected: [
        golden(
          [2, 2, 6, 2],
          """
          8.328125 -8.734375 -0.75 5.9375 -3.8125 -2.046875 7 1.375 -5.0625 2.71875 0.140625 3.734375
          -1.609375 -2.46875 9.375 12.625 1.015625 1.71875 4.375 8.828125 3.640625 3.984375 4.359375
          -0.765625 3.484375 5.96875 6.859375 7.796875 8.640625 -7.203125 -0.125 6.4375 -3.5 -0.515625
          4.359375 4.53125 4.078125 0.625 -8.078125 1.515625 -2.265625 -4.15625 9.34375 11.8125 0.359375
          0.03125 3.734375 5.71875
          """)
      ])
    try checkOperator(
      ConvTranspose(
        window: Window(kernel: [2, 3], strides: [3, 2], dilations: [2, 1]), groups: 2, outputPadding: [2, 1]),
      [pattern([1, 4, 2, 2]), pattern([4, 1, 2, 3], seed: 1)],
      expected: [
        golden(
          [1, 2, 8, 6],
          """
          3.4375 4.375 3.046875 -3.390625 -4.515625 0 0 0 0 0 0 0 -6.5625 -5.625 0.5625 4.125 3 0
          -2.203125 -2.828125 -5.59375 -2.265625 -2.390625 0 0 0 0 0 0 0 4.25 3.625 6.25 3.125 3 0 0 0 0 0
          0 0 0 0 0 0 0 0 2.96875 2.78125 -0.546875 4.21875 -5.078125 0 0 0 0 0 0 0 -4.640625 -4.828125
          -9.78125 -4.453125 -4.140625 0 4.84375 5.65625 -10.171875 -5.71875 4.5625 0 0 0 0 0 0 0
          -4.890625 -4.078125 0.046875 2.0625 0.8125 0 0 0 0 0 0 0 0 0 0 0 0 0
          """)
      ])
    try checkOperator(
      ConvTranspose(window: Window(kernel: [3], strides: [2])),
      [pattern([1, 1, 4]), pattern([1, 2, 3], seed: 2)],
      expected: [
        golden(
          [1, 2, 9],
          """
          -0.625 0.625 2.40625 -0.53125 -1.1875 -0.40625 -0.9375 -0.28125 -0.84375 3.125 4.375 2.96875
          -3.71875 -6.8125 -2.84375 -5.0625 -1.96875 -2.53125
          """)
      ])
  }

  @Test func padsForTheOutputThatIsAskedFor() throws {
    try checkOperator(
      ConvTranspose(window: Window(kernel: [3, 3], strides: [2, 2], padding: .sameUpper)),
      [pattern([1, 1, 2, 3]), pattern([1, 1, 3, 3], seed: 1)],
      expected: [
        golden(
          [1, 1, 4, 6],
          """
          2.8125 4.0625 2.921875 -3.453125 -6.34375 -2.640625 -6.25 -5 1.5625 4.25 7.25 3.25 -3.765625
          -3.078125 -0.96875 0.046875 0.15625 0.609375 2.8125 2.25 3.25 1.25 1.25 0.25
          """)
      ])
    try checkOperator(
      ConvTranspose(window: Window(kernel: [3, 3], strides: [2, 2], padding: .sameLower)),
      [pattern([1, 1, 2, 3]), pattern([1, 1, 3, 3], seed: 1)],
      expected: [
        golden(
          [1, 1, 4, 6],
          """
          -5 1.5625 4.25 7.25 3.25 2.4375 -3.078125 -0.96875 0.046875 0.15625 0.609375 -0.265625 2.25 3.25
          1.25 1.25 0.25 0.1875 0.5625 0.625 0.3125 0.125 0.0625 0
          """)
      ])
    try checkOperator(
      ConvTranspose(window: Window(kernel: [3, 3], strides: [2, 2]), outputShape: [4, 7]),
      [pattern([1, 1, 2, 3]), pattern([1, 1, 3, 3], seed: 1)],
      expected: [
        golden(
          [1, 1, 4, 7],
          """
          -6.25 -5 1.5625 4.25 7.25 3.25 2.4375 -3.765625 -3.078125 -0.96875 0.046875 0.15625 0.609375
          -0.265625 2.8125 2.25 3.25 1.25 1.25 0.25 0.1875 1.125 0.5625 0.625 0.3125 0.125 0.0625 0
          """)
      ])
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) {
      try ConvTranspose(window: Window(kernel: [3, 3])).outputs([
        Fact(.float32, [1, 2, 4, 4]), Fact(.float32, [3, 2, 3, 3]),
      ])
    }
    #expect(throws: ShapeError.self) {
      try ConvTranspose(window: Window(kernel: [3, 3]), groups: 2).outputs([
        Fact(.float32, [1, 3, 4, 4]), Fact(.float32, [3, 2, 3, 3]),
      ])
    }
    #expect(throws: ShapeError.self) {
      try ConvTranspose(window: Window(kernel: [2, 3])).outputs([
        Fact(.float32, [1, 2, 4, 4]), Fact(.float32, [2, 2, 3, 3]),
      ])
    }
    #expect(throws: ShapeError.self) {
      try ConvTranspose(window: Window(kernel: [3, 3])).outputs([
        Fact(.float32, [1, 2, 4, 4]), Fact(.float32, [2, 2, 3, 3]), Fact(.float32, [3]),
      ])
    }
    #expect(throws: ShapeError.self) {
      try ConvTranspose(window: Window(kernel: [3, 3], padding: .explicit([3, 0, 3, 0]))).outputs([
        Fact(.float32, [1, 2, 1, 1]), Fact(.float32, [2, 2, 3, 3]),
      ])
    }
    #expect(throws: ShapeError.self) {
      try ConvTranspose(window: Window(kernel: [3, 3]), outputPadding: [1]).outputs([
        Fact(.float32, [1, 2, 4, 4]), Fact(.float32, [2, 2, 3, 3]),
      ])
    }
    #expect(throws: ShapeError.self) {
      try ConvTranspose(window: Window(kernel: [3, 3], strides: [4611686018427387904, 1])).outputs([
        Fact(.float32, [1, 2, 4, 4]), Fact(.float32, [2, 2, 3, 3]),
      ])
    }
    #expect(throws: ShapeError.self) {
      try ConvTranspose(window: Window(kernel: [3, 3])).outputs([
        Fact(.float32, [2, 4, 4]), Fact(.float32, [2, 2, 3, 3]),
      ])
    }
  }

  /// Kernels as long as the stride, shorter and longer ones, groups, padding, outputs behind the last tap, and dilation.
  @Test(arguments: [
    ([2, 2], [2, 2], [0, 0, 0, 0], 1, [0, 0], 1), ([2, 2], [2, 2], [0, 0, 0, 0], 3, [0, 0], 1),
    ([3, 3], [3, 3], [1, 0, 0, 0], 1, [2, 0], 1), ([4, 4], [2, 2], [1, 1, 1, 1], 1, [0, 0], 1),
    ([4, 1], [1, 1], [0, 0, 0, 0], 1, [0, 0], 1), ([5, 3], [2, 3], [2, 0, 1, 2], 3, [1, 2], 1),
    ([2, 3], [3, 2], [0, 1, 0, 1], 1, [0, 0], 1), ([7, 2], [2, 1], [5, 1, 5, 0], 1, [1, 0], 1),
    ([3, 3], [2, 2], [1, 1, 1, 1], 1, [1, 1], 2), ([3, 3], [1, 1], [2, 2, 2, 2], 1, [0, 0], 1),
  ])
  func agreesWithItsKernels(
    kernel: [Int], strides: [Int], pads: [Int], groups: Int, behind: [Int], dilation: Int
  ) throws {
    try checkOperator(
      ConvTranspose(
        window: Window(
          kernel: kernel, strides: strides, dilations: [dilation, dilation], padding: .explicit(pads)),
        groups: groups, outputPadding: behind),
      [
        pattern([2, 9, 6, 7]), pattern(Shape([9, 12 / groups] + kernel), seed: 1),
        pattern([12], seed: 2),
      ], kernelTolerance: 3e-6)
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(
      ConvTranspose(
        window: Window(kernel: [3, 3], strides: [2, 2], padding: .explicit([1, 1, 1, 1])),
        outputPadding: [1, 1]),
      [pattern([1, 9, 6, 7]), pattern([9, 5, 3, 3], seed: 1), pattern([5], seed: 2)], kernelTolerance: 2e-6)
  }
}
