import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct LayerNormalizationTests {
  @Test func normalizesTheLastAxes() throws {
    try checkOperator(
      LayerNormalization(), [pattern([2, 3, 5]), pattern([5], seed: 1), pattern([5], seed: 2)],
      expected: [
        golden(
          [2, 3, 5],
          """
          2.3913405 -1.7715797 -2.0873785 -0.44411922 -1.7192998 -1.3409743 -1.399037 -0.75 -3.0177493
          -4.5783987 2.3913405 -1.7715797 -2.0873785 -0.44411922 -1.7192998 -1.3409743 -1.399037 -0.75
          -3.0177493 -4.5783987 2.3913405 -1.7715797 -2.0873785 -0.44411922 -1.7192998 -1.3409743
          -1.399037 -0.75 -3.0177493 -4.5783987
          """)
      ], tolerance: 2e-6, kernelTolerance: 2e-6)
    try checkOperator(
      LayerNormalization(axis: 1, epsilon: 0.1), [pattern([2, 3, 5]), pattern([3, 5], seed: 1)],
      expected: [
        golden(
          [2, 3, 5],
          """
          1.8622208 -2.0047176 -1.9578693 1.5225703 0.593412 -0.023424163 -0.3279382 -0.32013017 -0
          0.6324523 1.5772268 -1.9676292 -1.9988616 -1.7177715 0.7964214 -0.35196078 0.08971549 0.89945525
          -1.9783416 -2.3188004 -2.2911954 1.8771241 0.75453025 0 -0.3864667 -0.4048699 -0.05520953
          0.6625143 1.7483019 -2.2681916
          """)
      ], tolerance: 2e-6, kernelTolerance: 2e-6)
    try checkOperator(
      LayerNormalization(axis: -2),
      [pattern([2, 3, 5]), pattern([1, 5], seed: 1), pattern([3, 1], seed: 2)],
      expected: [
        golden(
          [2, 3, 5],
          """
          2.1496458 -1.7950066 -1.7472168 1.8031696 0.8553379 -0.2320788 0.29360935 1.1378964 -2.6793165
          -2.830651 1.06004 -2.9244375 -2.9164724 1.002294 0.014637345 -0.11190172 0.34224945 1.17486
          -1.7842188 -2.1342938 1.5169319 -3.3864815 -3.5473268 2.6830597 1.3395292 -1.2183434 -0.81149966
          -0.026196556 -2.5476818 -2.945064
          """)
      ], tolerance: 2e-6, kernelTolerance: 2e-6)
  }

  @Test func broadcastsItsScale() throws {
    try checkOperator(
      LayerNormalization(), [pattern([2, 3, 3]), pattern([3, 1], seed: 1)],
      expected: [
        golden(
          [2, 3, 3],
          """
          1.5832525 -0.92733365 -0.65591896 -1.9901507 -0 1.9901507 -2.6025047 -0 2.6025047 0.65591896
          0.92733365 -1.5832525 -1.9901507 -0 1.9901507 -2.6025047 -0 2.6025047
          """)
      ], tolerance: 2e-6, kernelTolerance: 2e-6)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) {
      try LayerNormalization().outputs([Fact(.float32, [2, 5]), Fact(.float32, [4])])
    }
    #expect(throws: ShapeError.self) {
      try LayerNormalization(axis: 2).outputs([Fact(.float32, [2, 5]), Fact(.float32, [5])])
    }
    #expect(throws: ShapeError.self) {
      try LayerNormalization().outputs([
        Fact(.float32, [2, 5]), Fact(.float32, [5]), Fact(.float32, [2, 2, 5]),
      ])
    }
    #expect(throws: ShapeError.self) { try LayerNormalization().outputs([Fact(.float32, [2, 5])]) }
    #expect(
      graphErrorKind {
        try importNode(
          LayerNormalization.self, opset: 17, [pattern([2, 5]), pattern([5])], ["stash_type": .int(7)],
          outputCount: 3)
      } == .unsupportedFeature)
  }

  @Test func givesItsStatistics() throws {
    let inputs = [pattern([2, 3, 2]), pattern([3, 2], seed: 1), pattern([3, 2], seed: 2)]
    try checkComposition(
      LayerNormalization.self, opset: 17, inputs, ["axis": .int(1), "epsilon": .float(0.1)],
      expected: [
        golden(
          [2, 3, 2],
          """
          2.4707963 -1.9534614 -2.2832854 -0.2629795 -1.6138593 -2.6380012 -0.041000873 -0.13938561
          0.0889675 -3.0538654 -3.8465679 0.7110617
          """),
        golden([2, 1, 1], "0.5208334 -0.7708333"),
        golden([2, 1, 1], "0.6534757 0.6534757"),
      ])
    let halves = try importNode(
      LayerNormalization.self, opset: 17, inputs.map { $0.converted(to: .float16) }, ["axis": .int(1)],
      outputCount: 3)
    #expect(halves.map(\.elementType) == [.float16, .float32, .float32])
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(
      LayerNormalization(), [pattern([7, 5, 131]), pattern([131], seed: 1), pattern([131], seed: 2)],
      kernelTolerance: 5e-6)
  }
}
