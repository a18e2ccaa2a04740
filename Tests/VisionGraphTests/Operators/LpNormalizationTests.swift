import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct LpNormalizationTests {
  @Test func dividesByTheNorm() throws {
    try checkOperator(
      LpNormalization(), [pattern([2, 3, 4])],
      expected: [
        golden(
          [2, 3, 4],
          """
          -0.652675333 0.554774033 0.424238967 0.2937039 0.545544726 0.109108945 -0.327326835
          -0.763762616 -0.342581063 -0.467155995 -0.591730927 0.560587194 0.763762616 0.545544726
          0.327326835 0.109108945 -0.109108945 -0.327326835 -0.545544726 -0.763762616 -0.560587194
          0.591730927 0.467155995 0.342581063
          """)
      ])
    try checkOperator(
      LpNormalization(axis: 1, p: 1), [pattern([2, 3, 4])],
      expected: [
        golden(
          [2, 3, 4],
          """
          -0.555555556 0.515151515 0.371428571 0.264705882 0.138888889 0.0303030303 -0.0857142857
          -0.205882353 -0.305555556 -0.454545455 -0.542857143 0.529411765 0.411764706 0.285714286
          0.193548387 0.0740740741 -0.0588235294 -0.171428571 -0.322580645 -0.518518519 -0.529411765
          0.542857143 0.483870968 0.407407407
          """)
      ])
  }

  @Test func givesZeroForZeroVectors() throws {
    try checkOperator(
      LpNormalization(), [Tensor([0, 0, 3, -4] as [Float], shape: [2, 2])],
      expected: [Tensor([0, 0, 0.6, -0.8] as [Float], shape: [2, 2])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try LpNormalization(axis: 2).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try LpNormalization(p: 3).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try LpNormalization().outputs([Fact(.int32, [2, 3])]) }
  }
}
