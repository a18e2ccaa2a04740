import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// The normalizations that ONNX Runtime's optimizer writes; the numbers are its own.
@Suite struct SkipLayerNormalizationTests {
  @Test func normalizesASum() throws {
    try checkComposition(
      SkipLayerNormalization.self, opset: 1,
      [
        pattern([1, 2, 4]), pattern([1, 2, 4], seed: 1), pattern([4], seed: 2), pattern([4], seed: 3),
        pattern([4], seed: 4),
      ], ["epsilon": .float(1e-5)], constants: [2, 3],
      expected: [
        golden(
          [1, 2, 4],
          """
          1.2140477 1.0007586 0.5275183 -1.1460851 1.3412467 0.76335365 0.34124672 0.9873875
          """), nil, nil,
        golden([1, 2, 4], "-5.75 3 1.5 5.125 0.5 4.125 2.625 1.125"),
      ])
  }

  @Test func dividesASumByItsRootMeanSquare() throws {
    try checkComposition(
      SkipSimplifiedLayerNormalization.self, opset: 1,
      [pattern([1, 2, 4]), pattern([1, 2, 4], seed: 1), pattern([4], seed: 2), pattern([4], seed: 4)],
      ["epsilon": .float(1e-5)], constants: [2],
      expected: [
        golden(
          [1, 2, 4],
          """
          -0.34221786 -0.17854846 -0.26782268 -1.5251014 0.04958335 -0.40906265 -0.7809378 -0.5578127
          """), nil, nil,
        golden([1, 2, 4], "-5.75 3 1.5 5.125 0.5 4.125 2.625 1.125"),
      ])
    try checkComposition(
      SimplifiedLayerNormalization.self, opset: 1, [pattern([2, 5]), pattern([5], seed: 1)],
      ["axis": .int(-1), "epsilon": .float(1e-5)],
      expected: [
        golden(
          [2, 5],
          """
          1.6204225 -1.9895188 -1.9895188 1.6204226 0.7201878 -0.12499951 0.54166454 1.6527714 -3.0555437
          -3.3333204
          """),
        golden([2, 1], "0.57615024 0.8888854"),
      ])
  }

  @Test func refusesASkipOfAnotherShape() {
    #expect(
      graphErrorKind {
        try importNode(
          SkipLayerNormalization.self, opset: 1, [pattern([1, 2, 4]), pattern([3, 2, 4]), pattern([4])])
      } == .shape)
  }
}
