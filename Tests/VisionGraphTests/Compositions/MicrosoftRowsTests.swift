import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Activations, normalizations and movements of ONNX Runtime's domain; the numbers are its own, or NumPy's for what it has on GPUs only.
@Suite struct MicrosoftRowsTests {
  @Test func activates() throws {
    let (x, bias) = (pattern([2, 5]), pattern([5], seed: 1))
    try checkComposition(
      Microsoft<Gelu>.self, opset: 1, [pattern([5])],
      expected: [golden([5], "-0.015524104 2.0893142 1.540368 0.9784186 0.45875904")])
    try checkComposition(
      FastGelu.self, opset: 1, [x, bias],
      expected: [
        golden(
          [2, 5],
          """
          -0.00037228316 0.345714 -0.154286 3.6246278 2.6140962 -0.15880796 -0.045402348 -0.0036375225
          0.9782248 0.0687172
          """)
      ])
    try checkComposition(
      BiasGelu.self, opset: 1, [x, bias],
      expected: [
        golden(
          [2, 5],
          """
          -0.000523746 0.34573123 -0.15426877 3.6244762 2.6136274 -0.15865526 -0.04550028 -0.0040496886
          0.9784186 0.06871728
          """)
      ])
    try checkComposition(
      QuickGelu.self, opset: 1, [pattern([5])],
      expected: [golden([5], "-0.034986213 2.0693958 1.5287946 0.98049587 0.46462908")])
    try checkComposition(
      BiasSplitGelu.self, opset: 1, [pattern([1, 2, 4]), pattern([4], seed: 1)],
      expected: [golden([1, 2, 2], "0.5592243 1.8122381 0.0077620815 -2.310552")])
  }

  @Test func addsAndNormalizes() throws {
    try checkComposition(
      BiasAdd.self, opset: 1, [pattern([1, 2, 4]), pattern([4], seed: 1), pattern([1, 2, 4], seed: 2)],
      expected: [golden([1, 2, 4], "-3.375 0.25 -1.25 2.375 -2.25 -3.75 -0.125 3.5")])
    try checkComposition(
      BiasSoftmax.self, opset: 1, [pattern([2, 3]), pattern([1, 3], seed: 1)], ["axis": .int(1)],
      expected: [
        golden([2, 3], "0.011678463 0.72252095 0.2658006 0.66524094 0.24472848 0.09003057")
      ])
    try checkComposition(
      GroupNorm.self, opset: 1, [pattern([1, 2, 2, 4]), pattern([4], seed: 1), pattern([4], seed: 2)],
      ["groups": .int(2), "activation": .int(1)],
      expected: [
        golden(
          [1, 2, 2, 4],
          """
          1.749001 -0.2040482 -0.16222252 0.13461268 -0.0782555 -0.14767915 0.15810275 -0.11285794
          0.9330537 1.3706112 3.2230024 2.0521917 -0.26481378 -0.27435014 -0.27572373 -0.2781327
          """)
      ])
    #expect(
      graphErrorKind { try importNode(BiasSoftmax.self, opset: 1, [pattern([2, 3]), pattern([3])]) }
        == .unsupportedFeature)
  }

  @Test func moves() throws {
    try checkComposition(
      ExpandDims.self, opset: 1, [pattern([2, 3]), Tensor(scalar: Int32(1))], constants: [1],
      expected: [pattern([2, 1, 3])])
    try checkComposition(
      Microsoft<Trilu>.self, opset: 1, [pattern([3, 3])], ["upper": .int(0)],
      expected: [golden([3, 3], "-2.5 0 0 1.125 0.625 0 -0.375 -0.875 -1.375")])
    try checkComposition(
      Microsoft<GatherND>.self, opset: 1,
      [pattern([3, 3]), Tensor([0, 1, 2, 2] as [Int64], shape: [2, 2])],
      expected: [golden([2], "2.125 -1.375")])
    try checkComposition(
      Microsoft<RangeOf>.self, opset: 1, [Float(1), 3, 0.5].map { Tensor(scalar: $0) }, constants: [0, 1, 2],
      expected: [golden([4], "1 1.5 2 2.5")])
    try checkComposition(
      Microsoft<Pad>.self, opset: 1,
      [pattern([2, 2]), Tensor([0, 1, 0, 0] as [Int64]), Tensor(scalar: Float(7))], constants: [1, 2],
      expected: [golden([2, 3], "7 -2.5 2.125 7 1.625 1.125")])
  }

  @Test func samplesImagesAtPlaces() throws {
    let thirds = Tensor(pattern([1, 2, 2, 2], seed: 1).floats.map { $0 / 3 }, shape: [1, 2, 2, 2])
    try checkComposition(
      Microsoft<GridSample>.self, opset: 1, [pattern([1, 1, 3, 4]), thirds],
      ["mode": .string("bilinear"), "padding_mode": .string("zeros"), "align_corners": .int(0)],
      expected: [golden([1, 1, 2, 2], "0.8339844 -1.0625 0.91145885 -0.74479157")])
  }

  @Test func findsWhatIsNotFinite() throws {
    let (finite, infinite) = (pattern([3]), Tensor([1, Float.infinity]))
    func all(_ inputs: [Tensor], _ attributes: [String: AttributeValue] = [:]) throws -> [Int] {
      try importNode(IsAllFinite.self, opset: 1, inputs, attributes)[0].integers
    }
    #expect(try all([finite]) == [1])
    #expect(try all([finite, infinite]) == [0])
    #expect(try all([finite, infinite], ["isnan_only": .int(1)]) == [1])
    #expect(try all([Tensor([Float.nan])], ["isinf_only": .int(1)]) == [1])
    #expect(try all([Tensor([Float.nan]), finite]) == [0])
  }
}
