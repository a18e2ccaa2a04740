import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Products of ONNX Runtime's domain; the numbers are its own.
@Suite struct MicrosoftProductsTests {
  @Test func convolutionsEndWithAnActivation() throws {
    let inputs = [pattern([1, 2, 4, 4]), pattern([3, 2, 3, 3], seed: 1), pattern([3], seed: 2)]
    try checkComposition(
      MicrosoftFusedConv.self, opset: 1, inputs,
      [
        "activation": .string("LeakyRelu"), "activation_params": .floats([0.2]),
        "kernel_shape": .ints([3, 3]),
      ],
      expected: [
        golden(
          [1, 3, 2, 2],
          """
          2.15625 -2.8343751 -4.046875 -2.4437501 -3.653125 -2.7625 10.4375 12.96875 -1.459375 15.375
          9.71875 4.203125
          """)
      ])
    try checkComposition(
      MicrosoftFusedConv.self, opset: 1, inputs + [pattern([1, 3, 2, 2], seed: 3)],
      ["activation": .string("Relu"), "kernel_shape": .ints([3, 3])],
      expected: [
        golden([1, 3, 2, 2], "3.78125 0 0 0 0 0 9.0625 11.09375 0 17.625 11.46875 5.453125")
      ])
    for name in ["Clip", "Cosine"] {
      #expect(
        graphErrorKind {
          try importNode(MicrosoftFusedConv.self, opset: 1, inputs, ["activation": .string(name)])
        } == .unsupportedFeature)
    }
  }

  @Test func matricesAreTransposed() throws {
    try checkComposition(
      FusedMatMul.self, opset: 1, [pattern([2, 4, 3]), pattern([2, 5, 4], seed: 1)],
      ["transA": .int(1), "transB": .int(1), "alpha": .float(0.5)],
      expected: [
        golden(
          [2, 3, 5],
          """
          -1.453125 -2.3125 1.3125 -0.828125 -0.7265625 -3.7421875 1.5625 2.0625 -5.765625 1.78125
          3.2578125 1.59375 -1.03125 -1.4140625 0.4453125 -2.5859375 2.296875 -0.828125 -1.0703125
          0.9296875 -0.9609375 0.796875 -0.328125 -1.1328125 0.3046875 0.6640625 -0.703125 0.171875
          -1.1953125 -0.3203125
          """)
      ])
    try checkComposition(
      FusedMatMul.self, opset: 1, [pattern([3, 2, 4]), pattern([2, 4, 5], seed: 1)], ["transBatchA": .int(1)],
      expected: [
        golden(
          [2, 3, 5],
          """
          6.203125 5.015625 3.828125 -10.171875 -3.03125 4.765625 6.453125 8.140625 2.78125 -7.703125
          -2.4375 -0.4375 1.5625 2.28125 -2.125 -1.6875 -1.4375 -1.1875 -0.9375 0.59375 0.5625 -1.4375
          -3.4375 -5.4375 5.375 7.296875 5.609375 3.921875 2.234375 -1.375
          """)
      ])
    try checkComposition(
      FusedMatMul.self, opset: 1, [pattern([4, 2, 3]), pattern([2, 4, 5], seed: 1)],
      ["transBatchA": .int(1), "transA": .int(1)],
      expected: [
        golden(
          [2, 3, 5],
          """
          -1.53125 -0.34375 0.84375 -10.78125 -0.625 -7.796875 -8.171875 -8.546875 1.96875 8 -8.296875
          -7.671875 -7.046875 1.90625 6.375 0 -0.9375 -1.875 -2.8125 3.296875 -1 -0.9375 -0.875 -0.8125
          1.171875 6.96875 5.46875 3.96875 2.46875 -2.234375
          """)
      ])
    try checkComposition(
      TransposeMatMul.self, opset: 1, [pattern([4, 3]), pattern([4, 5], seed: 1)], ["transA": .int(1)],
      expected: [
        golden(
          [3, 5],
          """
          1.828125 3.640625 5.453125 -5.546875 -5.65625 -4.4375 -4.1875 -3.9375 7.203125 2.96875 3.390625
          2.078125 0.765625 7.78125 -0.578125
          """)
      ])
  }

  @Test func denseLayersEndWithAnActivation() throws {
    try checkComposition(
      FusedGemm.self, opset: 1, [pattern([2, 3]), pattern([3, 4], seed: 1), pattern([4], seed: 2)],
      ["activation": .string("Relu"), "alpha": .float(0.5)],
      expected: [golden([2, 4], "3.78125 2.96875 2.15625 0 0.2421875 0 0 0.21875")])
  }

  @Test func rowsHaveDistances() throws {
    let rows = [pattern([2, 3]), pattern([4, 3], seed: 1)]
    try checkComposition(
      CDist.self, opset: 1, rows, ["metric": .string("euclidean")],
      expected: [
        golden(
          [2, 4],
          """
          5.4786515 5.003124 4.1870337 4.850902 3.8971143 2.3815699 0.21650635 2.8145826
          """)
      ])
    try checkComposition(
      CDist.self, opset: 1, rows,
      expected: [
        golden(
          [2, 4],
          """
          30.015625 25.03125 17.53125 23.53125 15.1875 5.671875 0.046875 7.921875
          """)
      ])
    #expect(graphErrorKind { try importNode(CDist.self, opset: 1, [rows[0], pattern([4, 2])]) } == .shape)
  }

  @Test func padsMayBeAnInput() throws {
    let inputs = [pattern([1, 1, 3, 3]), pattern([1, 2, 3, 3], seed: 1), Tensor([1, 1, 1, 1] as [Int64])]
    try checkComposition(
      ConvTransposeWithDynamicPads.self, opset: 1, inputs,
      ["strides": .ints([2, 2]), "kernel_shape": .ints([3, 3])],
      constants: [2],
      expected: [
        golden(
          [1, 2, 5, 5],
          """
          -5 1.5625 4.25 7.25 3.25 -3.078125 -0.96875 0.046875 0.15625 0.609375 2.25 3.25 1.25 1.25 0.25
          1.171875 2.40625 1.734375 3.53125 2.296875 -0.75 -2.75 -1.75 -4.75 -2.75 6.25 -9.5625 -5.3125
          1.265625 -4.0625 -3.9375 -0.109375 1.765625 2.96875 1.703125 -2.8125 1.140625 -1.5625 1.078125
          -0.3125 1.640625 2.71875 1.578125 2.59375 1.515625 0.9375 0.953125 2.1875 0.890625 3.4375
          """)
      ])
  }
}
