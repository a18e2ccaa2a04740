import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// The numbers are those of ONNX's reference implementation.
@Suite struct SoftmaxCrossEntropyLossTests {
  @Test func comparesScoresWithClasses() throws {
    try checkComposition(
      SoftmaxCrossEntropyLoss.self, opset: 13,
      [pattern([2, 3, 2]), Tensor([0, 2, 1, -1] as [Int64], shape: [2, 2]), positivePattern([3])],
      ["ignore_index": .int(-1)],
      expected: [
        golden([], "1.9150361"),
        golden(
          [2, 3, 2],
          """
          -4.450009 -0.40760598 -0.3250088 -1.407606 -1.3250089 -2.407606 -0.40760598 -3.1833637 -1.407606
          -4.1833634 -2.407606 -0.05836364
          """),
      ])
  }

  @Test func refusesAnotherReduction() {
    #expect(
      graphErrorKind {
        try importNode(
          SoftmaxCrossEntropyLoss.self, opset: 13, [pattern([2, 3]), Tensor([0, 2] as [Int64])],
          ["reduction": .string("median")])
      } == .unsupportedFeature)
  }
}
