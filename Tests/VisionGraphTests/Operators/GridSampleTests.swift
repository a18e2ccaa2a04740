import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct GridSampleTests {
  private static let x = pattern([2, 2, 5, 4])
  /// Points from −23/16 to 23/16, some of them outside of x.
  private static func grid(_ shape: Shape) -> Tensor {
    Tensor((0..<shape.elementCount).map { Float(($0 * 29 + 5) % 47 - 23) / 16 }, shape: shape)
  }

  private func check(_ sampling: GridSampling, _ expected: Tensor) throws {
    try checkOperator(
      GridSample(sampling), [Self.x, Self.grid([2, 3, 2, 2])], expected: [expected], tolerance: 1e-6,
      kernelTolerance: 1e-6)
  }

  @Test func interpolatesLinearly() throws {
    try check(
      GridSampling(mode: .linear, padding: .zeros, alignsCorners: false),
      golden(
        [2, 2, 3, 2],
        """
        0.078125 0 1.3203125 0.49072266 0 -0.01171875 0.140625 0 1.5234375 0.64697266 0 -0.00390625
        0.13427734 -0.5 0 0.109375 0 0.625 0.22021484 -0.25 0 0.21875 0 0.875
        """))
    try check(
      GridSampling(mode: .linear, padding: .zeros, alignsCorners: true),
      golden(
        [2, 2, 3, 2],
        """
        0.8125 -0.16796875 1.1875 0.82470703 0.9296875 -0.33203125 1.015625 -0.10546875 1.4375
        1.074707 1.0625 -0.17578125 0.21533203 -0.6875 -0.14501953 0.109375 -0.52734375 0.203125
        0.43408203 -0.4375 -0.05908203 0.359375 -0.40234375 0.453125
        """))
    try check(
      GridSampling(mode: .linear, padding: .border, alignsCorners: false),
      golden(
        [2, 2, 3, 2],
        """
        0.3125 -0.5625 1.625 0.78515625 1.25 -0.375 0.5625 -0.3125 1.875 1.0351562 1.5 -0.125 0.390625
        -0.5 0.06640625 0.25 -1.34375 0.625 0.640625 -0.25 0.31640625 0.5 -1.09375 0.875
        """))
    try check(
      GridSampling(mode: .linear, padding: .border, alignsCorners: true),
      golden(
        [2, 2, 3, 2],
        """
        1 -0.671875 1.1875 0.82470703 1.75 -0.53125 1.25 -0.421875 1.4375 1.074707 2 -0.28125
        0.24609375 -0.6875 -0.421875 0.109375 -1.0546875 0.203125 0.49609375 -0.4375 -0.171875
        0.359375 -0.8046875 0.453125
        """))
    try check(
      GridSampling(mode: .linear, padding: .reflection, alignsCorners: false),
      golden(
        [2, 2, 3, 2],
        """
        0.3125 0.3125 1.625 0.78515625 1.1875 -0.375 0.5625 0.5625 1.875 1.0351562 1.4375 -0.125
        0.390625 -0.5 0.25390625 0.25 -1.1132812 0.625 0.640625 -0.25 0.50390625 0.5 -0.86328125 0.875
        """))
    try check(
      GridSampling(mode: .linear, padding: .reflection, alignsCorners: true),
      golden(
        [2, 2, 3, 2],
        """
        0.90625 0.828125 1.1875 0.82470703 1.515625 0.21875 1.15625 1.078125 1.4375 1.074707 1.765625
        0.46875 0.25634766 -0.6875 -0.09375 0.109375 -0.29296875 0.203125 0.50634766 -0.4375 0.15625
        0.359375 -0.04296875 0.453125
        """))
  }

  @Test func takesTheNearest() throws {
    try check(
      GridSampling(mode: .nearest, padding: .zeros, alignsCorners: false),
      golden(
        [2, 2, 3, 2],
        """
        0 0 1.625 2.25 0 0 0 0 1.875 2.5 0 0 0 -0.375 0 0.25 0 -0.375 0 -0.125 0 0.5 0 -0.125
        """))
    try check(
      GridSampling(mode: .nearest, padding: .zeros, alignsCorners: true),
      golden(
        [2, 2, 3, 2],
        """
        1.75 0 1.625 2.25 1.75 -0.75 2 0 1.875 2.5 2 -0.5 2.125 -0.375 0 0.25 -2.5 0.125 2.375 -0.125
        0 0.5 -2.25 0.375
        """))
    try check(
      GridSampling(mode: .nearest, padding: .border, alignsCorners: false),
      golden(
        [2, 2, 3, 2],
        """
        -0.25 -0.75 1.625 2.25 1.75 -0.25 0 -0.5 1.875 2.5 2 0 2.125 -0.375 0.75 0.25 -2.5 -0.375
        2.375 -0.125 1 0.5 -2.25 -0.125
        """))
    try check(
      GridSampling(mode: .nearest, padding: .border, alignsCorners: true),
      golden(
        [2, 2, 3, 2],
        """
        1.75 -0.75 1.625 2.25 1.75 -0.75 2 -0.5 1.875 2.5 2 -0.5 2.125 -0.375 0.75 0.25 -2.5 0.125
        2.375 -0.125 1 0.5 -2.25 0.375
        """))
    try check(
      GridSampling(mode: .nearest, padding: .reflection, alignsCorners: false),
      golden(
        [2, 2, 3, 2],
        """
        -0.25 -0.75 1.625 2.25 1.75 -0.25 0 -0.5 1.875 2.5 2 0 2.125 -0.375 0.75 0.25 -2.5 -0.375
        2.375 -0.125 1 0.5 -2.25 -0.125
        """))
    try check(
      GridSampling(mode: .nearest, padding: .reflection, alignsCorners: true),
      golden(
        [2, 2, 3, 2],
        """
        1.75 1.25 1.625 2.25 1.75 -0.75 2 1.5 1.875 2.5 2 -0.5 2.125 -0.375 1.25 0.25 -2.5 0.125 2.375
        -0.125 1.5 0.5 -2.25 0.375
        """))
  }

  @Test func interpolatesCubically() throws {
    try check(
      GridSampling(mode: .cubic, padding: .zeros, alignsCorners: false),
      golden(
        [2, 2, 3, 2],
        """
        0.104293585 0.055167474 1.5446625 0.82717997 -0.11611247 -0.010555968 0.16710638 0.02750136
        1.7537384 0.98709196 -0.13468766 -0.0038804114 0.16556343 -0.56534576 -0.03138834 -0.038024902
        0.10675478 1.1477343 0.24709496 -0.31534576 -0.058854163 0.073913574 0.088810444 1.4455922
        """))
    try check(
      GridSampling(mode: .cubic, padding: .zeros, alignsCorners: true),
      golden(
        [2, 2, 3, 2],
        """
        1.183622 -0.21761164 1.5644569 1.0232025 0.9861069 -0.5594506 1.4064798 -0.16009596 1.8408241
        1.2876393 1.1198921 -0.38662568 0.2806676 -1.1635642 -0.123071596 0.168993 -0.7415271
        0.34346592 0.50454456 -0.8860984 -0.041540094 0.44623566 -0.6165271 0.61071825
        """))
    try check(
      GridSampling(mode: .cubic, padding: .border, alignsCorners: false),
      golden(
        [2, 2, 3, 2],
        """
        0.4191103 -0.5148926 1.810669 1.1229066 1.6264648 -0.3471222 0.6691103 -0.26489258 2.060669
        1.3729066 1.8764648 -0.09712219 0.48925656 -0.56534576 0.28570366 0.09838867 -1.4873047
        0.91035527 0.73925656 -0.31534576 0.53570366 0.34838867 -1.2373047 1.1603552
        """))
    try check(
      GridSampling(mode: .cubic, padding: .border, alignsCorners: true),
      golden(
        [2, 2, 3, 2],
        """
        1.4190369 -0.71180344 1.378773 0.95322526 1.7996101 -0.7029114 1.6690369 -0.46180344 1.628773
        1.2032253 2.0496101 -0.45291138 0.31361896 -1.0373394 -0.3172874 0.14175034 -1.3305545
        0.3184201 0.56361896 -0.78733945 -0.06728743 0.39175034 -1.0805545 0.5684201
        """))
    try check(
      GridSampling(mode: .cubic, padding: .reflection, alignsCorners: false),
      golden(
        [2, 2, 3, 2],
        """
        0.47184467 0.5970688 1.8535156 1.3042536 1.5793457 -0.39111328 0.7218447 0.8470688 2.1035156
        1.5542536 1.8293457 -0.14111328 0.5062662 -0.56534576 0.43292046 -0.083984375 -1.2615881
        0.91035527 0.7562662 -0.31534576 0.68292046 0.16601562 -1.0115881 1.1603552
        """))
    try check(
      GridSampling(mode: .cubic, padding: .reflection, alignsCorners: true),
      golden(
        [2, 2, 3, 2],
        """
        1.2160645 1.1723862 1.595253 1.1461719 1.6109543 0.26416013 1.4660645 1.4223862 1.845253
        1.3961719 1.8609543 0.51416016 0.3366434 -1.0922711 -0.03586574 0.19623566 -0.32972288
        0.31568328 0.5866434 -0.8422711 0.21413426 0.44623566 -0.07972288 0.56568325
        """))
  }

  @Test func samplesVolumes() throws {
    try checkOperator(
      GridSample(
        GridSampling(mode: .linear, padding: .zeros, alignsCorners: false), isVolumetric: true),
      [pattern([1, 2, 3, 2, 4]), Self.grid([1, 3, 2, 2, 3])],
      expected: [
        golden(
          [1, 2, 3, 2, 2],
          """
          0.20550537 0 0.009765625 -0.28710938 -0.40673828 0.08135986 0.67333984 0 0 0 -0.4189453
          -0.3149414 -0.14996338 0 0.006866455 0.35888672 0.14953613 0.009521484 -0.092285156 0 0 0
          0.609375 -0.19866943
          """)
      ])
    try checkOperator(
      GridSample(
        GridSampling(mode: .linear, padding: .border, alignsCorners: true), isVolumetric: true),
      [pattern([1, 2, 3, 2, 4]), Self.grid([1, 3, 2, 2, 3])],
      expected: [
        golden(
          [1, 2, 3, 2, 2],
          """
          0.76953125 0.015625 0.359375 -0.7890625 -1.328125 1.5327148 1.46875 0.43359375 0 0.578125
          -0.890625 -1.375 -0.1796875 1.0683594 0.49621582 1.625 0.48535156 -0.1171875 -0.28125
          -0.1953125 1.1328125 0.09436035 1.84375 0.09814453
          """)
      ])
    try checkOperator(
      GridSample(
        GridSampling(mode: .linear, padding: .reflection, alignsCorners: false), isVolumetric: true),
      [pattern([1, 2, 3, 2, 4]), Self.grid([1, 3, 2, 2, 3])],
      expected: [
        golden(
          [1, 2, 3, 2, 2],
          """
          1.0117188 -0.25 0.5 -1.5 -1.0625 1.3017578 1.5390625 0.80078125 -0.125 0.92578125 -1.375
          -1.0078125 -0.73828125 0.8828125 0.3515625 1.875 0.390625 0.15234375 -0.2109375 -0.94921875
          1.328125 -0.013427734 2 -0.6357422
          """)
      ])
    try checkOperator(
      GridSample(
        GridSampling(mode: .nearest, padding: .zeros, alignsCorners: false), isVolumetric: true),
      [pattern([1, 2, 3, 2, 4]), Self.grid([1, 3, 2, 2, 3])],
      expected: [
        golden([1, 2, 3, 2, 2], "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0")
      ])
    try checkOperator(
      GridSample(
        GridSampling(mode: .nearest, padding: .border, alignsCorners: true), isVolumetric: true),
      [pattern([1, 2, 3, 2, 4]), Self.grid([1, 3, 2, 2, 3])],
      expected: [
        golden(
          [1, 2, 3, 2, 2],
          """
          1.75 -0.875 1.125 -1.25 -1.25 1.25 1.75 0.625 -0.875 1.125 -1.25 -0.75 0 2.5 -0.625 2.125
          2.125 -0.5 0 -1.125 2.5 -0.625 2.125 -2.5
          """)
      ])
    try checkOperator(
      GridSample(
        GridSampling(mode: .nearest, padding: .reflection, alignsCorners: false), isVolumetric: true),
      [pattern([1, 2, 3, 2, 4]), Self.grid([1, 3, 2, 2, 3])],
      expected: [
        golden(
          [1, 2, 3, 2, 2],
          """
          0.625 -0.875 1.125 -1.25 -1.25 1.25 1.75 0.625 -0.875 1.125 -1.25 -0.75 -1.125 2.5 -0.625
          2.125 2.125 -0.5 0 -1.125 2.5 -0.625 2.125 -2.5
          """)
      ])
  }

  @Test func samplesLines() throws {
    // At −1, 0 and 1 of four elements whose corners are aligned: the first, between the middle two, the last.
    try checkOperator(
      GridSample(GridSampling(alignsCorners: true), isVolumetric: true),
      [
        Tensor([1, 2, 4, 8] as [Float], shape: [1, 1, 4]), Tensor([-1, 0, 1] as [Float], shape: [1, 3, 1]),
      ],
      expected: [Tensor([1, 3, 8] as [Float], shape: [1, 1, 3])])
    try checkOperator(
      GridSample(GridSampling(mode: .cubic, padding: .border), isVolumetric: true),
      [pattern([1, 3, 6]), Self.grid([1, 5, 1])])
  }

  @Test func takesAnythingTheNearest() throws {
    try checkOperator(
      GridSample(GridSampling(mode: .nearest)),
      [
        Tensor([1, 2, 3, 4] as [Int64], shape: [1, 1, 2, 2]),
        Tensor([-0.5, -0.5, 0.5, -0.5, 0.5, 0.5, 9, 0] as [Float], shape: [1, 1, 4, 2]),
      ], expected: [Tensor([1, 2, 4, 0] as [Int64], shape: [1, 1, 1, 4])])
  }

  @Test func readsNewNamesOfModes() throws {
    let inputs = [Self.x, Self.grid([2, 3, 2, 2])]
    for (old, new) in [("bilinear", "linear"), ("bicubic", "cubic"), ("nearest", "nearest")] {
      let a = try importNode(GridSample.self, opset: 16, inputs, ["mode": .string(old)])
      let b = try importNode(GridSample.self, opset: 20, inputs, ["mode": .string(new)])
      #expect(a == b)
    }
    #expect(GridSample(isVolumetric: true).minimumOpset([]) == 20)
    #expect(GridSample().minimumOpset([]) == 0)
  }

  @Test func staysInsideForWhatIsNoPlace() throws {
    for padding in [GridSampling.Padding.zeros, .border, .reflection] {
      for mode in [GridSampling.Mode.linear, .nearest, .cubic] {
        for alignsCorners in [false, true] {
          try checkOperator(
            GridSample(GridSampling(mode: mode, padding: padding, alignsCorners: alignsCorners)),
            [
              pattern([1, 9, 1, 3]),
              Tensor([.nan, 0, .infinity, -.infinity, 1e30, -1e30, 1e9, 3] as [Float], shape: [1, 2, 2, 2]),
            ])
        }
      }
    }
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(
      GridSample(GridSampling(padding: .border)), [pattern([2, 17, 9, 7]), Self.grid([2, 11, 9, 2])])
    try checkOperator(
      GridSample(GridSampling(mode: .cubic, padding: .reflection)),
      [pattern([1, 3, 9, 7]), Self.grid([1, 13, 9, 2])])
  }

  @Test func refusesWhatDoesNotFit() {
    let x = Fact(.float32, [2, 3, 4, 5])
    for grid in [[2, 3, 2, 3], [1, 3, 2, 2], [2, 3, 2], [2, 3, 2, 2, 2]] as [Shape] {
      #expect(throws: ShapeError.self) { try GridSample().outputs([x, Fact(.float32, grid)]) }
    }
    #expect(throws: ShapeError.self) {
      try GridSample(isVolumetric: true).outputs([x, Fact(.float32, [2, 3, 2, 2])])
    }
    #expect(throws: ShapeError.self) {
      try GridSample().outputs([Fact(.int32, [2, 3, 4, 5]), Fact(.float32, [2, 3, 2, 2])])
    }
    #expect(throws: ShapeError.self) {
      try GridSample().outputs([Fact(.float32, [2, 3, 0, 5]), Fact(.float32, [2, 3, 2, 2])])
    }
    #expect(
      graphErrorKind {
        try importNode(
          GridSample.self, opset: 16, [Self.x, Self.grid([2, 3, 2, 2])], ["mode": .string("area")])
      } == .unsupportedFeature)
  }
}
