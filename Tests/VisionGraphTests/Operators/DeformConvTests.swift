import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct DeformConvTests {
  private func check(
    _ conv: DeformConv, x: Shape, w: Shape, offsets: Shape, bias: Bool, mask: Shape?, _ expected: Tensor
  ) throws {
    let inputs = [
      pattern(x), pattern(w, seed: 1), pattern(offsets, seed: 2), bias ? pattern([w[0]], seed: 3) : nil,
      mask.map { positivePattern($0, seed: 4) },
    ]
    try checkOperator(conv, inputs, expected: [expected], tolerance: 2e-6, kernelTolerance: 3e-6)
  }

  @Test func movesTaps() throws {
    try check(
      DeformConv(
        window: Window(
          kernel: [2, 2], strides: [1, 1], dilations: [1, 1], padding: .explicit([0, 0, 0, 0])), groups: 1,
        offsetGroups: 1),
      x: [1, 1, 4, 4], w: [1, 1, 2, 2], offsets: [1, 8, 3, 3], bias: false, mask: nil,
      golden(
        [1, 1, 3, 3],
        """
        -2.7456055 0.890625 -0.47460938 -0.19921875 -0.85498047 -4.963379 -0.55566406 1.8125 1.8789062
        """))
    try check(
      DeformConv(
        window: Window(
          kernel: [3, 2], strides: [1, 2], dilations: [1, 1], padding: .explicit([1, 0, 1, 1])), groups: 2,
        offsetGroups: 1),
      x: [2, 2, 5, 4], w: [4, 1, 3, 2], offsets: [2, 12, 5, 2], bias: true, mask: nil,
      golden(
        [2, 4, 5, 2],
        """
        -3.694336 1.8515625 -0.4819336 -1.3203125 3.6679688 -0.67626953 3.0507812 -1.9335938 3.3183594
        3.3125 2.171875 0.05078125 2.6757812 -0.171875 0.86328125 4.7265625 -0.02734375 4.6210938
        0.1953125 -0.375 -1.0541992 4.840332 0.096191406 4.734375 3.6362305 -0.26708984 2.5361328
        -0.06738281 2.8515625 3.125 -0.4921875 -3.5463867 1.3637695 -4.390625 -0.7836914 4.5180664
        -0.77246094 4.3310547 0.25976562 -0.03125 4.2875977 2.8320312 -0.2890625 3.7910156 0.063964844
        -0.5942383 1.7543945 1.5498047 2.7519531 3.7285156 1.4882812 0.328125 3.203125 2.5234375
        2.6757812 1.6835938 1.28125 -0.10546875 0.69921875 -0.75 -2.8476562 -0.7441406 -2.6835938
        -6.5390625 -2.0273438 -5.966797 -0.5708008 -0.91015625 1.4208984 2.1816406 1.1655273
        -2.5585938 2.96875 0.9941406 0.021972656 1.6625977 -2.7700195 -0.3388672 -1.7841797 -2.9902344
        """))
    try check(
      DeformConv(
        window: Window(
          kernel: [2, 2], strides: [2, 1], dilations: [2, 1], padding: .explicit([1, 1, 0, 0])), groups: 1,
        offsetGroups: 2),
      x: [1, 4, 5, 5], w: [2, 4, 2, 2], offsets: [1, 16, 2, 5], bias: true, mask: [1, 8, 2, 5],
      golden(
        [1, 2, 2, 5],
        """
        3.1602173 1.0915527 -0.462677 -5.191437 13.633148 1.8251953 10.954224 5.3936462 -6.3415527
        -2.7391968 1.4536133 1.032959 -16.130188 -1.5269165 0.06829834 0.08251953 -5.5335693
        -0.47351074 5.6744385 4.05188
        """))
  }

  @Test func isAConvolutionWithoutOffsets() throws {
    for (x, w) in [
      ([2, 3, 6], [4, 3, 3]), ([1, 2, 4, 5], [3, 2, 3, 3]), ([1, 2, 3, 4, 3], [2, 2, 2, 2, 2]),
    ]
      as [(Shape, Shape)]
    {
      let window = Window(kernel: Array(w.dimensions.dropFirst(2)))
      let expected = try Conv(window: window).evaluate([pattern(x), pattern(w, seed: 1)])[0]
      let taps = window.kernel.reduce(1, *) * window.kernel.count
      let offsets = Tensor(
        repeating: Float(0), shape: Shape([x[0], taps] + expected.shape.dimensions.dropFirst(2)))
      try checkOperator(
        DeformConv(window: window), [pattern(x), pattern(w, seed: 1), offsets], expected: [expected],
        kernelTolerance: 3e-6)
    }
  }

  @Test func agreesWithItsKernelOnLargerShapes() throws {
    let window = Window(kernel: [3, 3], strides: [1, 2], padding: .explicit([1, 1, 1, 1]))
    try checkOperator(
      DeformConv(window: window, groups: 2, offsetGroups: 3),
      [
        pattern([2, 6, 13, 21]), pattern([4, 3, 3, 3], seed: 1), pattern([2, 54, 13, 11], seed: 2),
        pattern([4], seed: 3), positivePattern([2, 27, 13, 11], seed: 4),
      ], kernelTolerance: 3e-6)
  }

  @Test func readsZerosFarOutside() throws {
    let far = Tensor([1e30, -1e30, .nan, .infinity, 9, 0, 0, -9] as [Float], shape: [1, 8, 1, 1])
    try checkOperator(
      DeformConv(window: Window(kernel: [2, 2])),
      [positivePattern([1, 1, 2, 2]), positivePattern([1, 1, 2, 2]), far],
      expected: [Tensor([0] as [Float], shape: [1, 1, 1, 1])])
  }

  @Test func refusesWhatDoesNotFit() {
    let (x, w) = (Fact(.float32, [1, 4, 5, 5]), Fact(.float32, [2, 4, 2, 2]))
    let (offsets, mask) = (Fact(.float32, [1, 8, 4, 4]), Fact(.float32, [1, 4, 4, 4]))
    let window = Window(kernel: [2, 2])
    #expect(throws: ShapeError.self) {
      try DeformConv(window: window, offsetGroups: 3).outputs([x, w, offsets])
    }
    #expect(throws: ShapeError.self) {
      try DeformConv(window: window, offsetGroups: 2).outputs([x, w, offsets])
    }
    #expect(throws: ShapeError.self) { try DeformConv(window: window).outputs([x, w, mask]) }
    #expect(throws: ShapeError.self) {
      try DeformConv(window: window).outputs([x, w, offsets, nil, offsets])
    }
    #expect(throws: ShapeError.self) { try DeformConv(window: window).outputs([x, w, offsets, mask]) }
    #expect(throws: ShapeError.self) { try DeformConv(window: window, groups: 2).outputs([x, w, offsets]) }
  }
}
