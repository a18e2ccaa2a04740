import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Attention of ONNX Runtime's domain; the numbers are its own.
@Suite struct MicrosoftAttentionTests {
  @Test func makesItsThreeInputsOfOne() throws {
    try checkComposition(
      MicrosoftAttention.self, opset: 1,
      [pattern([1, 3, 4]), pattern([4, 12], seed: 1), pattern([12], seed: 2)],
      ["num_heads": .int(2), "unidirectional": .int(1)],
      expected: [
        golden(
          [1, 3, 4],
          """
          -0.515625 -2.203125 4.4375 2.75 -0.515625 -2.203125 4.43745 2.74996 -0.265625 -0.515625 4.4375
          2.75
          """)
      ], tolerance: 1e-5)
  }

  @Test func keepsAPastAndLeavesOutKeys() throws {
    let quarters = Tensor(pattern([4, 12], seed: 1).floats.map { $0 / 4 }, shape: [4, 12])
    try checkComposition(
      MicrosoftAttention.self, opset: 1,
      [
        pattern([1, 3, 4]), quarters, pattern([12], seed: 2),
        Tensor([1, 0, 1, 1, 1] as [Int32], shape: [1, 5]),
        pattern([2, 1, 2, 2, 2], seed: 5),
      ], ["num_heads": .int(2)],
      expected: [
        golden(
          [1, 3, 4],
          """
          0.7219402 0.23222864 -0.17313972 -0.6685292 2.7190025 2.3599617 1.0087073 0.40801564 0.6584768
          0.17196588 1.3626379 0.5930683
          """),
        golden(
          [2, 1, 2, 5, 2],
          """
          -0.75 -1.25 -1.75 -2.25 -2.4765625 -3.2734375 -1.2890625 -1.7265625 -3.4648438 -3.5429688 2.375
          1.875 1.375 0.875 1.0546875 0.2578125 2.9609375 2.5234375 1.5039062 1.4257812 0.375 -0.125
          -0.625 -1.125 0.90234375 0.10546875 0.96484375 0.52734375 4.2304688 4.1523438 -1.625 -2.125 2.5
          2 1.390625 0.59375 -0.390625 -0.828125 1.03125 0.953125
          """),
      ], tolerance: 1e-5)
  }

  @Test func takesThreeInputsWithABias() throws {
    try checkComposition(
      MultiHeadAttention.self, opset: 1,
      [
        pattern([1, 3, 4]), pattern([1, 5, 4], seed: 1), pattern([1, 5, 4], seed: 2), pattern([12], seed: 3),
      ],
      ["num_heads": .int(2)],
      expected: [
        golden(
          [1, 3, 4],
          """
          -3.2610998 0.8639006 0.37907264 -0.6209274 -3.6701076 0.45489252 2.4984536 1.4984536 -2.1468458
          1.9781541 1.0026699 0.0026700948
          """)
      ], tolerance: 1e-5)
  }

  @Test func addsToScoresAndLeavesOutKeys() throws {
    let inputs = [pattern([1, 3, 4]), pattern([1, 5, 4], seed: 1), pattern([1, 5, 4], seed: 2)]
    try checkComposition(
      MultiHeadAttention.self, opset: 1,
      inputs + [nil, Tensor([1, 1, 0, 1, 0] as [Int32], shape: [1, 5]), pattern([1, 2, 3, 5], seed: 5)],
      ["num_heads": .int(2), "scale": .float(0.4)],
      expected: [
        golden(
          [1, 3, 4],
          """
          -0.35082433 -0.85082436 -0.030202352 -0.5302023 -0.94385743 -1.4438574 0.41825286 -0.08174716
          -0.11909601 -0.619096 -0.7355733 -1.2355732
          """)
      ], tolerance: 1e-5)
    try checkComposition(
      MultiHeadAttention.self, opset: 1,
      [
        pattern([2, 3, 4]), pattern([2, 5, 4], seed: 1), pattern([2, 5, 4], seed: 2), nil,
        Tensor([2, 4] as [Int32]),
      ],
      ["num_heads": .int(2)],
      expected: [
        golden(
          [2, 3, 4],
          """
          -0.35786515 -0.85786515 2.002421 1.5024208 -1.4297456 -1.9297456 1.1274974 0.62749743 0.2484802
          -0.25151983 -0.7493182 -1.2493182 -1.4529678 -1.9529679 -1.5270996 -0.5908766 0.109037936
          -0.39096206 -0.40790394 -0.9017107 -0.006759759 -0.50675976 -1.4523277 -1.5934067
          """)
      ], tolerance: 1e-5)
  }

  @Test func refusesOtherForms() {
    let x = pattern([1, 3, 4])
    #expect(
      graphErrorKind { try importNode(MultiHeadAttention.self, opset: 1, [x], ["num_heads": .int(2)]) }
        == .unsupportedFeature)
    #expect(graphErrorKind { try importNode(MultiHeadAttention.self, opset: 1, [x, x, x]) } == .structure)
    #expect(
      graphErrorKind {
        try importNode(
          MicrosoftAttention.self, opset: 1, [x, pattern([4, 12])],
          ["num_heads": .int(2), "do_rotary": .int(1)])
      } == .unsupportedFeature)
  }
}
