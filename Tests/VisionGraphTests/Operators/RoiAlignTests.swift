import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct RoiAlignTests {
  private static let regions = Tensor(
    [0.5, 0.5, 3.2, 4.1, -1, -2, 2, 9, 1, 1, 1.5, 1.2, 30, 30, 40, 40] as [Float], shape: [4, 4])
  private static let images = Tensor([0, 1, 1, 0] as [Int64])

  private func check(_ align: RoiAlign, _ expected: Tensor) throws {
    try checkOperator(
      align, [pattern([2, 3, 5, 4]), Self.regions, Self.images], expected: [expected], tolerance: 2e-6,
      kernelTolerance: 2e-6)
  }

  @Test func averages() throws {
    try check(
      RoiAlign(
        mode: .average, height: 2, width: 3, samples: 0, scale: 0.8, isHalfPixel: true),
      golden(
        [4, 3, 2, 3],
        """
        -0.1861501 0.8560501 0.53500015 -0.54875016 -0.9087502 -1.2687502 0.063849956 1.1060501
        0.78500015 -0.29875016 -0.6587502 -1.0187502 -0.19250023 -0.5525001 0.45075008 -0.048750162
        -0.40875015 -0.7687502 -0.44399992 -0.44399992 -0.72399986 0.6895 0.6895 0.4795 -0.24399988
        -0.24399988 -0.52399987 -0.30849987 -0.30849987 0.2851001 -0.04399991 -0.04399991 -0.32399994
        -0.15849987 -0.15849987 0.43510008 -0.87083334 -0.93749994 -1.0041666 -0.6208332 -0.6874999
        -0.7541667 -0.6208332 -0.68749994 -0.75416654 -0.37083334 -0.43749997 -0.5041666 -0.37083322
        -0.4374999 -0.50416654 -0.12083326 -0.18749997 -0.25416663 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
        """))
    try check(
      RoiAlign(
        mode: .average, height: 2, width: 3, samples: 2, scale: 0.8, isHalfPixel: true),
      golden(
        [4, 3, 2, 3],
        """
        -0.18615003 0.70025015 0.53500015 -0.5487502 -0.9087502 -1.2687502 0.063849986 0.95025
        0.78500015 -0.2987502 -0.65875024 -1.0187502 -0.19250017 -0.39670008 0.4507501 -0.048750192
        -0.4087502 -0.7687502 -0.19375013 -0.41250026 -0.73750025 0.42499995 0.8374999 0.6749999
        -0.06875014 -0.16250035 -0.4875003 -0.2812499 -0.49812478 0.33875006 0.056249857 0.08749965
        -0.23750037 -0.21874994 -0.37312484 0.46375006 -0.8708333 -0.9374998 -1.0041667 -0.6208332
        -0.6874999 -0.7541666 -0.6208333 -0.68749994 -0.7541667 -0.37083322 -0.4374999 -0.5041666
        -0.37083328 -0.43749988 -0.5041666 -0.120833226 -0.18749985 -0.25416657 0 0 0 0 0 0 0 0 0 0 0
        0 0 0 0 0 0 0
        """))
    try check(
      RoiAlign(
        mode: .average, height: 2, width: 3, samples: 0, scale: 0.8, isHalfPixel: false),
      golden(
        [4, 3, 2, 3],
        """
        -0.1425999 -0.3549999 -0.4689999 -0.0050005913 -0.36500055 -0.2740003 0.107400134 -0.1049999
        -0.21899989 0.24499941 -0.11500049 -0.024000287 -0.10999991 -0.1747999 -0.21499991 0.4949995
        0.13499945 -0.22500056 -0.14199995 -0.302 -0.33499992 0.6039999 0.4839999 0.24399987
        -0.3110001 -0.32340005 -0.42199993 -0.024999833 0.16660003 0.39399987 -0.111000106 -0.12340005
        -0.22199997 0.12500015 0.31660002 0.54399985 0.79166675 0.6250002 0.45833343 -0.20833322
        -0.37499988 -0.5416665 1.0416666 0.87500006 0.70833343 0.041666746 -0.12499988 -0.29166657
        1.2916666 1.125 0.95833343 0.29166675 0.12500015 -0.041666567 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
        0 0
        """))
    try check(
      RoiAlign(
        mode: .average, height: 2, width: 3, samples: 2, scale: 0.8, isHalfPixel: false),
      golden(
        [4, 3, 2, 3],
        """
        -0.1425999 -0.35499996 -0.4689999 -0.0050005615 -0.36500052 -0.2740003 0.10740009 -0.1049999
        -0.2189999 0.24499941 -0.115000546 -0.024000257 -0.10999993 -0.17479989 -0.21499991 0.49499947
        0.13499942 -0.22500056 -0.88750017 -1.0875002 -0.9750001 0.3499999 0.2499999 0.049999893
        -0.63750017 -0.83750015 -1.2375002 0.21875015 0.22125006 0.1749999 -0.38750017 -0.58750015
        -0.9875002 0.34375015 0.34625006 0.2999999 0.6042839 0.49046886 0.38786465 -0.20833324
        -0.3749999 -0.5416666 0.8494792 0.6828126 0.5161459 0.041666776 -0.124999925 -0.29166657
        1.0994792 0.9328126 0.7661459 0.29166678 0.12500007 -0.041666586 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
        0 0 0
        """))
  }

  @Test func takesMaxima() throws {
    try check(
      RoiAlign(
        mode: .maximum, height: 2, width: 3, samples: 0, scale: 0.8, isHalfPixel: true),
      golden(
        [4, 3, 2, 3],
        """
        0.45324996 1.54105 0.8417501 0.54389983 0.5144998 0.22049993 0.63455 1.72235 0.9712501
        0.6215998 0.61739975 0.2939999 0.8158499 0.60024995 1.1007501 0.69929975 0.7202997 0.3674999
        1.3475003 1.3475003 0.6002502 1.8500006 1.8500006 1.0360004 1.5925004 1.5925004 0.7717503 0.75
        0.75 1.1655004 1.8375005 1.8375005 0.9432503 1 1 1.2950004 0.29608336 0.23375002 0.1884167
        0.36575 0.28875002 0.23275003 0.3499167 0.27625003 0.24225004 0.43225 0.34125 0.29925004
        0.40375003 0.31875002 0.2960834 0.49875 0.39375 0.36575004 -0 -0 -0 -0 -0 -0 -0 -0 -0 -0 -0 -0
        -0 -0 -0 -0 -0 -0
        """))
    try check(
      RoiAlign(
        mode: .maximum, height: 2, width: 3, samples: 2, scale: 0.8, isHalfPixel: true),
      golden(
        [4, 3, 2, 3],
        """
        0.6919001 1.3209 1.0582002 0.67619973 0.4409998 0.27719992 0.7888999 1.4762999 1.2210002
        0.7727997 0.5291997 0.3695999 1.0142999 0.5144999 1.3838003 0.8693996 0.6173997 0.4619999
        1.0999997 1.0999997 0.6299998 1.4999998 1.4999998 1.0799999 1.2999995 1.2999995 0.80999976
        0.30000007 0.30000007 1.2149999 1.4999995 1.4999995 0.9899997 0.4000001 0.4000001 1.3499999
        0.32999998 0.264 0.21000004 0.4033333 0.32266665 0.25666672 0.39 0.312 0.27000004 0.47666666
        0.38133332 0.33000004 0.45 0.36 0.33000004 0.54999995 0.44 0.4033334 -0 -0 -0 -0 -0 -0 -0 -0
        -0 -0 -0 -0 -0 -0 -0 -0 -0 -0
        """))
    try check(
      RoiAlign(
        mode: .maximum, height: 2, width: 3, samples: 0, scale: 0.8, isHalfPixel: false),
      golden(
        [4, 3, 2, 3],
        """
        0.3876 0.26520002 0.312 0.87399983 0.5979999 0.55199987 0.4332 0.2964 0.36 1.0487998
        0.71759987 0.7359998 0.361 0.247 0.408 1.2235998 0.8371998 0.9199998 0.90000033 0.54000026
        0.57600015 1.8999994 1.1399997 1.2159995 0.975 0.58500004 0.6480002 0.75 0.6839998 1.3679994
        1.125 0.675 0.7200002 1 0.75999975 1.5199994 0.8035417 0.5818751 0.3047917 0.38062507
        0.27562505 0.14437503 1.033125 0.7481251 0.39187503 0.48937505 0.35437506 0.18562502 1.2627084
        0.9143751 0.5264584 0.5981251 0.43312508 0.24937502 -0 -0 -0 -0 -0 -0 -0 -0 -0 -0 -0 -0 -0 -0
        -0 -0 -0 -0
        """))
    try check(
      RoiAlign(
        mode: .maximum, height: 2, width: 3, samples: 2, scale: 0.8, isHalfPixel: false),
      golden(
        [4, 3, 2, 3],
        """
        0.47940004 0.35700002 0.41040003 1.0809999 0.80499995 0.6840004 0.53580004 0.39900002
        0.45600003 1.2971998 0.9659999 0.9015999 0.44650003 0.33660007 0.49980003 1.5133998 1.1269999
        1.1269999 0.4124998 0.32999983 0.9500002 0.45000005 0.36000004 0.19999981 0.4874997 0.3899998
        0.3374998 0.6750001 0.5400001 0.22500002 0.5624997 0.44999978 0.4124998 0.9000001 0.7200001
        0.45000005 0.7689063 0.63401043 0.36421868 0.47796878 0.3941146 0.22640625 0.98859376
        0.8151562 0.46828118 0.6145313 0.50671875 0.29109374 1.2082813 0.99630207 0.58005214 0.7510938
        0.61932296 0.36057296 -0 -0 -0 -0 -0 -0 -0 -0 -0 -0 -0 -0 -0 -0 -0 -0 -0 -0
        """))
  }

  @Test func hasNoHalfPixelsBeforeOpset16() throws {
    let inputs = [pattern([2, 3, 5, 4]), Self.regions, Self.images]
    let old = try importNode(RoiAlign.self, opset: 10, inputs, ["output_height": .int(2)])
    let new = try importNode(
      RoiAlign.self, opset: 22, inputs,
      ["output_height": .int(2), "coordinate_transformation_mode": .string("output_half_pixel")])
    let moved = try importNode(RoiAlign.self, opset: 22, inputs, ["output_height": .int(2)])
    #expect(old == new)
    #expect(old != moved)
  }

  @Test func agreesWithItsKernelOnLargerShapes() throws {
    var sides: [Float] = []
    for region in 0..<20 {
      let (left, top) = (Float(region) / 2, Float(region * 7 % 11))
      sides += [left, top, left + 13, top + 9]
    }
    let regions = Tensor(sides, shape: [20, 4])
    let images = Tensor((0..<20).map { Int64($0 % 2) })
    for mode in [RoiAlign.Mode.average, .maximum] {
      try checkOperator(
        RoiAlign(mode: mode, height: 7, width: 5, scale: 0.9), [pattern([2, 19, 17, 13]), regions, images],
        kernelTolerance: 2e-6)
    }
  }

  @Test func takesNoRegions() throws {
    try checkOperator(
      RoiAlign(height: 2, width: 2),
      [pattern([1, 3, 4, 4]), Tensor([] as [Float], shape: [0, 4]), Tensor([] as [Int64])],
      expected: [Tensor([] as [Float], shape: [0, 3, 2, 2])])
  }

  @Test func refusesImpossibleRegions() throws {
    let x = pattern([1, 1, 4, 4])
    #expect(throws: EvaluationError.self) {
      try RoiAlign().evaluate([x, Tensor([0, 0, 1, 1] as [Float], shape: [1, 4]), Tensor([1] as [Int64])])
    }
    // Far more samples than any image has elements.
    #expect(throws: EvaluationError.self) {
      try RoiAlign().evaluate([x, Tensor([0, 0, 1e9, 1] as [Float], shape: [1, 4]), Tensor([0] as [Int64])])
    }
    // What is nowhere has no samples.
    let result = try RoiAlign().evaluate([
      x, Tensor([.nan, 0, 1, 1] as [Float], shape: [1, 4]), Tensor([0] as [Int64]),
    ])
    #expect(result[0].floats == [0])
  }

  @Test func refusesWhatDoesNotFit() {
    let (x, regions, images) = (Fact(.float32, [1, 2, 4, 4]), Fact(.float32, [3, 4]), Fact(.int64, [3]))
    #expect(throws: ShapeError.self) {
      try RoiAlign().outputs([Fact(.float32, [2, 4, 4]), regions, images])
    }
    #expect(throws: ShapeError.self) { try RoiAlign().outputs([x, Fact(.float32, [3, 5]), images]) }
    #expect(throws: ShapeError.self) { try RoiAlign().outputs([x, regions, Fact(.int64, [2])]) }
    #expect(throws: ShapeError.self) { try RoiAlign(height: 0).outputs([x, regions, images]) }
    #expect(throws: ShapeError.self) { try RoiAlign(samples: 5000).outputs([x, regions, images]) }
    #expect(throws: ShapeError.self) { try RoiAlign(samples: -1).outputs([x, regions, images]) }
    #expect(throws: ShapeError.self) {
      try RoiAlign().outputs([Fact(.float32, [1, 2, 0, 4]), regions, images])
    }
    #expect(
      graphErrorKind {
        try importNode(
          RoiAlign.self, opset: 16, [pattern([2, 3, 5, 4]), Self.regions, Self.images],
          ["mode": .string("sum")])
      } == .unsupportedFeature)
  }
}
