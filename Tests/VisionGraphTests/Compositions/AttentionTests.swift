import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// The numbers are those of ONNX's reference implementation, and of NumPy where a cap meets a mask.
@Suite struct AttentionTests {
  private let q = pattern([1, 2, 3, 4])
  private let k = pattern([1, 2, 5, 4], seed: 1)
  private let v = pattern([1, 2, 5, 2], seed: 2)

  @Test func attends() throws {
    try checkComposition(
      Attention.self, opset: 23, [q, k, v],
      expected: [
        golden(
          [1, 2, 3, 2],
          """
          1.9699163 1.4699163 -0.378615 -0.8786149 0.27007398 -0.22992595 -0.31918538 -0.81918526
          0.20139533 -0.29860464 1.9266143 1.4266144
          """)
      ])
  }

  @Test func leavesOutWhatItsMaskSays() throws {
    let mask = Tensor(pattern([3, 5], seed: 3).floats.map { $0 > 0 }, shape: [3, 5])
    try checkComposition(
      Attention.self, opset: 23, [q, k, v, mask], ["scale": .float(0.3)],
      expected: [
        golden(
          [1, 2, 3, 2],
          """
          1.4448688 0.9448688 1.375 0.875 0.3545082 -0.1454918 -0.5794793 -1.0794793 1.5 1 1.4980346
          0.9980346
          """)
      ])
  }

  @Test func limitsScoresBeforeTheMaskIsAdded() throws {
    try checkComposition(
      Attention.self, opset: 23, [q, k, v, pattern([3, 5], seed: 3)],
      ["scale": .float(0.3), "softcap": .float(2)],
      expected: [
        golden(
          [1, 2, 3, 2],
          """
          0.61596584 0.11596585 1.2570808 0.7570808 0.3901469 -0.10985309 -0.36738703 -0.867387 1.0933127
          0.5933128 0.58746445 0.08746446
          """)
      ])
  }

  @Test func sharesHeadsAndKeepsAPast() throws {
    let inputs = [
      pattern([2, 3, 8]), pattern([2, 3, 4], seed: 1), pattern([2, 3, 4], seed: 2), nil,
      pattern([2, 1, 2, 4], seed: 4), pattern([2, 1, 2, 4], seed: 5),
    ]
    try checkComposition(
      Attention.self, opset: 23, inputs,
      ["q_num_heads": .int(2), "kv_num_heads": .int(1), "is_causal": .int(1)],
      expected: [
        golden(
          [2, 3, 8],
          """
          -0.7493003 -1.2493002 -1.7493002 -2.2493002 1.7870637 1.2870636 0.7870636 0.2870636 0.25005165
          -0.24994835 -0.74986607 -1.249866 -1.2190976 -1.7190976 1.9735554 1.4735556 1.3336395 0.8336395
          0.4078189 -0.0921811 -0.7501017 -1.2501018 -1.7471336 -2.2471337 -0.9840484 -1.4840484 1.4099693
          0.90996933 -0.52333736 -1.0233374 -1.5102766 -2.0102766 -1.3104721 -1.8104722 2.4172099
          1.9172099 0.4335033 -0.06649676 -0.5218798 -1.0218799 -0.62485373 -1.1248537 -1.6247805
          -2.1247807 -0.21814433 -0.71814436 1.8007864 1.3007864
          """),
        golden(
          [2, 1, 5, 4],
          """
          -2.125 2.5 2 1.5 1 0.5 0 -0.5 -1.125 -1.625 -2.125 2.5 2 1.5 1 0.5 0 -0.5 -1 -1.5 -1 -1.5 -2
          -2.5 2.125 1.625 1.125 0.625 -2 -2.5 2.125 1.625 1.125 0.625 0.125 -0.375 -0.875 -1.375 -1.875
          -2.375
          """),
        golden(
          [2, 1, 5, 4],
          """
          -0.75 -1.25 -1.75 -2.25 2.375 1.875 1.375 0.875 0.25 -0.25 -0.75 -1.25 -1.75 -2.25 2.375 1.875
          1.375 0.875 0.375 -0.125 0.375 -0.125 -0.625 -1.125 -1.625 -2.125 2.5 2 -0.625 -1.125 -1.625
          -2.125 2.5 2 1.5 1 0.5 0 -0.5 -1
          """),
      ])
  }

  @Test func takesShorterMasksAndNumbersOfKeys() throws {
    try checkComposition(
      Attention.self, opset: 24, [q, k, v, pattern([3, 3], seed: 5), nil, nil, Tensor([Int64(2)])],
      expected: [
        golden(
          [1, 2, 3, 2],
          """
          -0.331303 -0.831303 -0.74773055 -1.2477306 0.24999025 -0.25000975 -0.6218273 -1.1218272
          0.21048352 -0.2895165 -0.6166196 -1.1166196
          """)
      ])
  }

  @Test func givesItsScores() throws {
    try checkComposition(
      Attention.self, opset: 23, [q, k, v], ["qk_matmul_output_mode": .int(3)],
      expected: [
        nil, nil, nil,
        golden(
          [1, 2, 3, 5],
          """
          0.036939025 0.08455422 0.007864771 0.84072787 0.029914133 0.05477671 0.23608752 0.3892425
          0.026077624 0.29381564 0.9895955 0.000015894753 0.00046451297 0.009854431 0.000069585236
          0.0016108993 0.8344665 0.015283788 0.0036302176 0.14500853 0.8919991 0.0017219635 0.094016016
          0.002353645 0.009909215 0.0008384482 0.16356905 0.0055970233 0.7926327 0.037362695
          """),
      ])
    let raw = try importNode(Attention.self, opset: 23, [q, k, v], outputCount: 4)[3]
    let half = try Mul().evaluate([q, Tensor(scalar: Float(0.5))])[0]
    let expected = try MatMul().evaluate([half, Transpose([0, 1, 3, 2]).evaluate([k])[0]])[0]
    expectClose(raw, expected, tolerance: 1e-6)
  }

  @Test func computesTheSoftmaxInAnotherType() throws {
    let halves = [q, k, v].map { $0.converted(to: .float16) }
    let result = try importNode(Attention.self, opset: 23, halves, ["softmax_precision": .int(1)])[0]
    let exact = try importNode(Attention.self, opset: 23, [q, k, v])[0]
    #expect(result.elementType == .float16)
    expectClose(result.converted(to: .float32), exact, tolerance: 2e-3)
  }

  @Test func refusesWhatHasTwoMeaningsOrNone() throws {
    let capped: [String: AttributeValue] = ["qk_matmul_output_mode": .int(1), "softcap": .float(2)]
    #expect(
      graphErrorKind { try importNode(Attention.self, opset: 23, [q, k, v], capped, outputCount: 4) }
        == .unsupportedFeature)
    #expect(
      graphErrorKind {
        try importNode(
          Attention.self, opset: 24, [q, k, v, nil, nil, nil, Tensor([Int64(2)])], ["is_causal": .int(1)])
      } == .unsupportedFeature)
    let flat = pattern([1, 3, 6])
    #expect(
      graphErrorKind {
        try importNode(
          Attention.self, opset: 23, [flat, flat, flat], ["q_num_heads": .int(4), "kv_num_heads": .int(4)])
      } == .shape)
    #expect(graphErrorKind { try importNode(Attention.self, opset: 23, [flat, flat, flat]) } == .structure)
    #expect(
      graphErrorKind { try importNode(Attention.self, opset: 23, [q, pattern([1, 3, 5, 4]), v]) } == .shape)
  }
}
