import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// The numbers are those of ONNX's reference implementation and of ONNX Runtime.
@Suite struct RotaryEmbeddingTests {
  private let positions = Tensor([4, 0, 2] as [Int64], shape: [1, 3])

  @Test func turnsHalves() throws {
    try checkComposition(
      RotaryEmbedding.self, opset: 23,
      [pattern([1, 2, 3, 4]), pattern([5, 2], seed: 1), pattern([5, 2], seed: 2), positions],
      expected: [
        golden(
          [1, 2, 3, 4],
          """
          -2.234375 -2.046875 -3.4375 1.296875 -0.609375 -0.421875 0.578125 1.390625 -6.90625 2.25
          -2.34375 7.59375 -1.03125 -0.84375 2.40625 0.96875 0.59375 0.78125 1.34375 3.03125 -1.21875
          6.65625 7.6875 -3.28125
          """)
      ])
  }

  @Test func turnsNeighborsOfSomeNumbers() throws {
    try checkComposition(
      RotaryEmbedding.self, opset: 23,
      [pattern([1, 3, 8]), pattern([1, 3, 1], seed: 1), pattern([1, 3, 1], seed: 2)],
      ["num_heads": .int(2), "rotary_embedding_dim": .int(2), "interleaved": .int(1)],
      expected: [
        golden(
          [1, 3, 8],
          """
          2.28125 -3.015625 1.625 1.125 -0.734375 0.015625 -0.375 -0.875 1.765625 3.390625 -2.375 2.25
          -2.53125 -2.46875 0.75 0.25 -0.03125 1.78125 -1.25 -1.75 6.5625 -3.359375 1.875 1.375
          """)
      ])
  }

  @Test func readsThatOfOnnxRuntime() throws {
    try checkComposition(
      MicrosoftRotaryEmbedding.self, opset: 1,
      [pattern([2, 3, 8]), Tensor([Int64(1)]), pattern([5, 2], seed: 1), pattern([5, 2], seed: 2)],
      expected: [
        golden(
          [2, 3, 8],
          """
          6.53125 6.71875 -1.578125 0.15625 -1.609375 -0.78125 0.328125 -2.34375 -6.90625 2.25 -2.34375
          7.59375 4.8125 2.4375 -1.5625 -2.4375 2.71875 2.90625 -1.84375 -2.28125 -6.703125 -1.390625
          -3.46875 5.140625 -1.953125 0.15625 -0.390625 -2.03125 0.796875 -0.9375 5.359375 8.28125 5.75
          3.375 -1.5 -2.625 -1.75 -4.125 -2 -1.125 -7.046875 -4.296875 -2.625 -3.875 0.828125 1.015625
          2.796875 0.984375
          """)
      ])
    try checkComposition(
      MicrosoftRotaryEmbedding.self, opset: 1,
      [pattern([1, 2, 3, 4]), positions, pattern([5, 2], seed: 1), pattern([5, 2], seed: 2)],
      ["interleaved": .int(1)],
      expected: [
        golden(
          [1, 2, 3, 4],
          """
          -2.921875 -3.4375 -1.796875 0.859375 -0.734375 0.015625 0.390625 1.515625 -6.03125 -1.34375 1.5
          8.71875 -1.71875 2.40625 -0.59375 0.53125 0.46875 0.78125 1.59375 3.15625 -0.34375 8.6875
          5.90625 -2.15625
          """)
      ])
  }

  @Test func refusesWhatDoesNotFit() {
    let caches = [pattern([1, 3, 3]), pattern([1, 3, 3])]
    #expect(
      graphErrorKind { try importNode(RotaryEmbedding.self, opset: 23, [pattern([1, 2, 3, 4])] + caches) }
        == .shape)
    #expect(
      graphErrorKind { try importNode(RotaryEmbedding.self, opset: 23, [pattern([1, 3, 8])] + caches) }
        == .shape)
    #expect(
      graphErrorKind {
        try importNode(
          MicrosoftRotaryEmbedding.self, opset: 1, [pattern([2, 3, 8]), Tensor([Int64(1)])] + caches,
          ["is_packed_batching": .int(1)])
      } == .unsupportedFeature)
  }
}
