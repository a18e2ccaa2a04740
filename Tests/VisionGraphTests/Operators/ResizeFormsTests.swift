import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// What opset 18 added to Resize: filters that widen, some axes only, and kept ratios.
@Suite struct ResizeFormsTests {
  private func check(
    _ resize: Resize, _ x: Tensor, scales: [Float]? = nil, sizes: [Int64]? = nil, _ expected: Tensor
  ) throws {
    try checkOperator(
      resize, [x, nil, scales.map { Tensor($0) }, sizes.map { Tensor($0) }], constants: [2, 3],
      expected: [expected], tolerance: 2e-6, kernelTolerance: 3e-6)
  }

  @Test func widensFilters() throws {
    try check(
      Resize(
        ResizeSampling(
          mode: .linear, excludesOutside: false, antialiases: true)), pattern([1, 2, 7, 6]),
      scales: [1, 1, 0.6, 0.45],
      golden(
        [1, 2, 4, 2],
        """
        -0.31392044 0.12271786 0.25315654 -0.04556799 -0.30539787 0.17573738 0.08664788 0.21049881
        0.64204556 0.033005685 -0.052714586 0.017478108 -0.18661243 0.21558996 0.7514207 -0.26790696
        """))
    try check(
      Resize(
        ResizeSampling(
          mode: .linear, excludesOutside: false, antialiases: true)), pattern([1, 1, 9, 5]),
      sizes: [1, 1, 4, 7],
      golden(
        [1, 1, 4, 7],
        """
        -1.4937501 0.050892755 1.0665181 0.7093751 0.35223213 -0.0049106777 -0.29062498 -1.0091463
        0.13371073 0.8479965 0.49085367 0.13371077 -0.22343203 -0.5091462 -0.86585355 0.2770034
        0.99128914 0.6341463 0.2770034 -0.08013935 -0.36585367 -1.084375 -0.85758924 -0.17142862
        1.11875 0.7616071 0.4044643 0.118750036
        """))
    try check(
      Resize(
        ResizeSampling(
          mode: .linear, excludesOutside: true, antialiases: true)), pattern([1, 2, 7, 6]),
      scales: [1, 1, 0.6, 0.45],
      golden(
        [1, 2, 4, 2],
        """
        -0.17277363 -0.034911513 0.20202017 -0.04556799 -0.3066155 0.17573738 0.23518686 0.21049881
        0.43019485 -0.06601116 -0.07611835 0.017478108 -0.19094995 0.21558996 0.70028436 -0.26790696
        """))
    try check(
      Resize(
        ResizeSampling(
          mode: .linear, excludesOutside: true, antialiases: true)), pattern([1, 1, 9, 5]),
      sizes: [1, 1, 4, 7],
      golden(
        [1, 1, 4, 7],
        """
        -1.3500001 0.037755005 0.93571436 0.57857144 0.22142851 -0.1357143 -0.4214286 -1.0091463
        0.13371073 0.8479965 0.49085367 0.13371077 -0.22343203 -0.5091462 -0.86585355 0.2770034
        0.99128914 0.6341463 0.2770034 -0.08013935 -0.36585367 -0.9535715 -0.65357137 -0.027551025
        0.975 0.6178571 0.26071432 -0.024999976
        """))
    try check(
      Resize(
        ResizeSampling(
          mode: .cubic, excludesOutside: false, antialiases: true)), pattern([1, 2, 7, 6]),
      scales: [1, 1, 0.6, 0.45],
      golden(
        [1, 2, 4, 2],
        """
        -0.18363206 0.022236567 0.13587402 -0.29539946 -0.38349295 0.38552982 0.30839336 0.38400304
        0.58354306 -0.20219015 -0.34758788 0.061203886 -0.17144954 0.5517693 1.0155847 -0.50583243
        """))
    try check(
      Resize(
        ResizeSampling(
          mode: .cubic, excludesOutside: false, antialiases: true)), pattern([1, 1, 9, 5]),
      sizes: [1, 1, 4, 7],
      golden(
        [1, 1, 4, 7],
        """
        -1.6351441 0.10779078 1.3028554 0.6324175 0.2971404 -0.12997304 -0.40694094 -1.1263647
        0.19859815 1.0579904 0.45690653 0.121629365 -0.30548403 -0.582452 -1.0109013 0.57579416
        1.4901305 0.5993427 0.24908075 -0.16304803 -0.4400159 -1.0310518 -1.0185115 -0.1866976
        1.0581875 0.8219788 0.2957968 0.018828869
        """))
    try check(
      Resize(
        ResizeSampling(
          mode: .cubic, excludesOutside: true, antialiases: true)), pattern([1, 2, 7, 6]),
      scales: [1, 1, 0.6, 0.45],
      golden(
        [1, 2, 4, 2],
        """
        -0.10472257 -0.03855872 0.09628811 -0.20971721 -0.38924363 0.3463094 0.36550373 0.22064412
        0.4825115 -0.19518329 -0.32786483 0.068419345 -0.17091309 0.46313053 0.9184058 -0.48640478
        """))
    try check(
      Resize(
        ResizeSampling(
          mode: .cubic, excludesOutside: true, antialiases: true)), pattern([1, 1, 9, 5]),
      sizes: [1, 1, 4, 7],
      golden(
        [1, 1, 4, 7],
        """
        -1.579169 -0.00739157 1.2213247 0.56596136 0.23068415 -0.21376844 -0.4788147 -1.1795062
        0.11160349 1.0846585 0.4782047 0.14292754 -0.30152503 -0.5665713 -1.0523078 0.4148692
        1.4390293 0.6271604 0.28125834 -0.1525694 -0.41761562 -0.97264665 -0.90380055 -0.11132187
        0.9867612 0.74217963 0.20703155 -0.05801481
        """))
  }

  @Test func resizesSomeAxes() throws {
    try check(
      Resize(ResizeSampling(mode: .linear), axes: [2, 3]), pattern([1, 2, 3, 4]), scales: [1.5, 0.5],
      golden(
        [1, 2, 4, 2],
        """
        -0.1875 1.375 0.09375 0.375 0.041666746 -0.53125006 -1.2916665 -0.15625012 1.5 0.5 0.5 -0.5
        -0.40625 -0.9791667 -0.03125 1.1041665
        """))
    try check(
      Resize(ResizeSampling(mode: .linear), axes: [3, 2]), pattern([1, 2, 3, 4]), sizes: [5, 3],
      golden(
        [1, 2, 3, 5],
        """
        -2.5 0.7375002 1.875 1.475 1.125 0.625 0.27499998 -0.125 -0.525 -0.875 -1.375 -1.7250001
        -2.125 -0.9875002 2.25 1.75 1.4 1 0.6 0.25 -0.25 -0.6 -1 -1.4 -1.75 -2.25 0.98750025 2.125
        1.725 1.375
        """))
    try check(
      Resize(ResizeSampling(mode: .nearest), axes: [-1]), pattern([1, 2, 3, 4]), sizes: [7],
      golden(
        [1, 2, 3, 7],
        """
        -2.5 -2.5 2.125 2.125 1.625 1.125 1.125 0.625 0.625 0.125 0.125 -0.375 -0.875 -0.875 -1.375
        -1.375 -1.875 -1.875 -2.375 2.25 2.25 1.75 1.75 1.25 1.25 0.75 0.25 0.25 -0.25 -0.25 -0.75
        -0.75 -1.25 -1.75 -1.75 -2.25 -2.25 2.375 2.375 1.875 1.375 1.375
        """))
    try check(
      Resize(ResizeSampling(mode: .cubic), axes: [2]), pattern([1, 2, 3, 4]), scales: [2.0],
      golden(
        [1, 2, 6, 4],
        """
        -2.8295898 2.3359375 1.8359375 1.3359375 -1.7216797 1.7421875 1.2421875 0.5620117 0.12792969
        0.7890625 0.2890625 -0.75146484 0.50146484 -0.5390625 -1.0390625 -0.3779297 -0.8120117
        -1.4921875 -1.9921875 1.4716797 -1.5859375 -2.0859375 -2.5859375 2.5795898 1.9609375 1.4609375
        0.9609375 0.4609375 1.3671875 0.6870117 0.18701172 -0.31298828 0.4140625 -0.62646484
        -1.1264648 -1.6264648 -0.9140625 -0.2529297 -0.7529297 -1.2529297 -1.8671875 1.5966797
        1.0966797 0.5966797 -2.4609375 2.7045898 2.2045898 1.7045898
        """))
  }

  @Test func keepsTheRatio() throws {
    try check(
      Resize(ResizeSampling(mode: .linear), axes: [2, 3], aspect: .notLarger), pattern([1, 1, 3, 4]),
      sizes: [7, 8],
      golden(
        [1, 1, 6, 8],
        """
        -2.5 -1.34375 0.96875 2 1.75 1.5 1.25 1.125 -1.71875 -0.8828125 0.7890625 1.5 1.25 1 0.75
        0.625 -0.15625 0.0390625 0.4296875 0.5 0.25 0 -0.25 -0.375 0.125 0 -0.25 -0.5 -0.75 -0.6796875
        -0.2890625 -0.09375 -0.875 -1 -1.25 -1.5 -1.75 -1.0390625 0.6328125 1.46875 -1.375 -1.5 -1.75
        -2 -2.25 -1.21875 1.09375 2.25
        """))
    try check(
      Resize(ResizeSampling(mode: .linear), axes: [2, 3], aspect: .notLarger), pattern([1, 1, 3, 4]),
      sizes: [2, 3],
      golden([1, 1, 2, 3], "-0.8828125 1.25 0.625 -1 -1.75 1.46875"))
    try check(
      Resize(ResizeSampling(mode: .linear), axes: [2, 3], aspect: .notSmaller), pattern([1, 1, 3, 4]),
      sizes: [7, 8],
      golden(
        [1, 1, 7, 9],
        """
        -2.5 -1.8392856 0.14285755 2.125 1.9107143 1.6964285 1.4821428 1.2678571 1.125 -2.0535712
        -1.4974484 0.17091869 1.8392856 1.6249998 1.4107143 1.1964284 0.9821427 0.8392857 -0.7142854
        -0.47193855 0.25510222 0.9821427 0.7678569 0.5535712 0.33928552 0.12499982 -0.017857313 0.625
        0.5535714 0.33928567 0.125 -0.08928573 -0.30357146 -0.5178572 -0.7321429 -0.875 -0.2321429
        -0.30357152 -0.51785725 -0.7321429 -0.94642866 -1.1607144 -0.7474488 -0.020407856 0.46428582
        -1.0892859 -1.1607144 -1.3750002 -1.5892859 -1.8035717 -2.0178573 -0.9770405 0.6913272
        1.8035717 -1.375 -1.4464287 -1.6607144 -1.875 -2.0892859 -2.3035715 -1.053571 0.92857206 2.25
        """))
    try check(
      Resize(ResizeSampling(mode: .linear), axes: [2, 3], aspect: .notSmaller), pattern([1, 1, 3, 4]),
      sizes: [2, 3],
      golden([1, 1, 2, 3], "-1.3506943 1.5416666 0.87499994 -0.4583333 -1.125 0.34374982"))
  }

  @Test func cropsSomeAxes() throws {
    try checkOperator(
      Resize(
        ResizeSampling(mode: .linear, coordinates: .tensorFlowCropAndResize, extrapolation: 7), axes: [3, 2]),
      [pattern([1, 2, 4, 5]), Tensor([0.2, 0.1, 0.9, 1.3] as [Float]), nil, Tensor([3, 6] as [Int64])],
      constants: [1, 3],
      expected: [
        golden(
          [1, 2, 6, 3],
          """
          0.75750005 0.77499986 0.07499999 -0.24300005 -0.9225001 -1.6225001 0.90900004 0.9675 0.2675
          0.64650035 0.50000036 -0.19999951 7 7 7 7 7 7 1.0075002 1.025 0.32500005 0.0069999695
          -0.67250013 -1.3725001 1.159 1.2175 0.51750004 0.89650035 0.7500005 0.05000052 7 7 7 7 7 7
          """)
      ], tolerance: 2e-6, kernelTolerance: 3e-6)
    try checkOperator(
      Resize(
        ResizeSampling(mode: .nearest, coordinates: .tensorFlowCropAndResize, extrapolation: 7), axes: [3, 2]),
      [pattern([1, 2, 4, 5]), Tensor([0.2, 0.1, 0.9, 1.3] as [Float]), nil, Tensor([3, 6] as [Int64])],
      constants: [1, 3],
      expected: [
        golden(
          [1, 2, 6, 3],
          """
          2.125 1.625 0.625 -0.375 -0.875 -1.875 2.25 1.75 0.75 2.25 1.75 0.75 7 7 7 7 7 7 2.375 1.875
          0.875 -0.125 -0.625 -1.625 2.5 2 1 2.5 2 1 7 7 7 7 7 7
          """)
      ], tolerance: 2e-6, kernelTolerance: 3e-6)
  }

  @Test func centersWhatIsRoundedDown() throws {
    try check(
      Resize(ResizeSampling(mode: .linear, coordinates: .halfPixelSymmetric)), pattern([1, 1, 4, 5]),
      scales: [1, 1, 1.3, 0.7],
      golden(
        [1, 1, 5, 3],
        """
        0.14285696 1.625 0.91071427 -0.07898351 -0.20192304 -0.91620874 0.053571343 0.4375 -0.27678573
        0.18612626 1.0769229 0.36263716 -0.03571427 -0.75 -1.4642857
        """))
  }

  @Test func resizesAnyTypeAndRankToTheNearest() throws {
    let sampling = ResizeSampling(coordinates: .asymmetric, rounding: .floor)
    for type in ElementType.allCases {
      let x = Tensor((0..<24).map { Int8($0 % 2) }, shape: [1, 2, 3, 4]).converted(to: type)
      try checkOperator(
        Resize(sampling), [x, nil, Tensor([1, 1, 2, 1.5] as [Float])], constants: [2], kernelTolerance: 0)
    }
    for shape in [[5], [3, 4], [2, 3, 4], [1, 2, 3, 2, 2]] as [Shape] {
      let scales = Tensor([Float](repeating: 1.6, count: shape.rank))
      try checkOperator(Resize(sampling), [pattern(shape), nil, scales], constants: [2], kernelTolerance: 0)
      try checkOperator(
        Resize(ResizeSampling(mode: .linear)), [pattern(shape), nil, scales], constants: [2],
        kernelTolerance: 2e-6)
    }
  }

  @Test func agreesWithItsKernelOnLargerShapes() throws {
    for mode in [ResizeSampling.Mode.linear, .cubic] {
      for scales in [[1, 1, 2, 2], [1, 1, 0.4, 1.7], [1, 1, 1, 3], [1, 1, 2.5, 1]] as [[Float]] {
        try checkOperator(
          Resize(ResizeSampling(mode: mode, antialiases: scales[2] < 1)),
          [pattern([2, 19, 9, 11]), nil, Tensor(scales)], constants: [2], kernelTolerance: 3e-6)
      }
    }
  }

  @Test func isWrittenInTheVersionThatHasIt() {
    #expect(Resize(ResizeSampling(mode: .linear)).minimumOpset([]) == 0)
    #expect(Resize(ResizeSampling(mode: .linear), axes: [2]).minimumOpset([]) == 18)
    #expect(Resize(ResizeSampling(mode: .linear, antialiases: true)).minimumOpset([]) == 18)
    #expect(Resize(ResizeSampling(), aspect: .notLarger).minimumOpset([]) == 18)
    #expect(Resize(ResizeSampling(coordinates: .halfPixelSymmetric)).minimumOpset([]) == 19)
  }

  @Test func refusesWhatDoesNotFit() {
    let (x, sizes) = (Fact(.float32, [1, 0, 2, 2]), Fact(constant: Tensor([3, 3] as [Int64])))
    let sampling = ResizeSampling(mode: .linear)
    for axes in [[2], [2, 2], [2, 4], [-5, 3]] {
      #expect(throws: ShapeError.self) { try Resize(sampling, axes: axes).outputs([x, nil, nil, sizes]) }
    }
    #expect(throws: ShapeError.self) {
      try Resize(sampling, axes: [1, 2], aspect: .notSmaller).outputs([x, nil, nil, sizes])
    }
    #expect(
      graphErrorKind {
        try importNode(
          Resize.self, opset: 18, [pattern([1, 1, 2, 2]), nil, Tensor([1, 1, 2, 2] as [Float])],
          ["antialias": .int(1), "mode": .string("nearest")])
      } == .unsupportedFeature)
    #expect(
      graphErrorKind {
        try importNode(
          Resize.self, opset: 18, [pattern([1, 1, 2, 2]), nil, nil, Tensor([1, 1, 4, 4] as [Int64])],
          ["keep_aspect_ratio_policy": .string("larger")])
      } == .unsupportedFeature)
  }
}
