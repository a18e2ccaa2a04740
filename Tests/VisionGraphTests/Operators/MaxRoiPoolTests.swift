import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct MaxRoiPoolTests {
  private static let regions = Tensor(
    [0, 0.5, 0.5, 3.2, 4.1, 1, -1, -2, 2, 9, 1, 1, 1, 1.5, 1.2, 0, 30, 30, 40, 40] as [Float], shape: [4, 5])

  @Test func takesMaxima() throws {
    try checkOperator(
      MaxRoiPool(height: 2, width: 3, scale: 0.8), [pattern([2, 2, 5, 4]), Self.regions],
      expected: [
        golden(
          [4, 2, 2, 3],
          """
          2.125 2.125 1.625 1.75 1.25 2.25 2.375 2.375 1.875 2 1.5 2.5 1.125 1.125 2.125 2.25 2.25
          1.75 1.375 1.375 2.375 2.5 2.5 2 0.625 0.625 0.625 0.625 0.625 0.625 0.875 0.875 0.875 0.875
          0.875 0.875 0 0 0 0 0 0 0 0 0 0 0 0
          """)
      ], tolerance: 0, kernelTolerance: 0)
  }

  @Test func refusesWhatDoesNotFit() throws {
    let x = Fact(.float32, [1, 2, 4, 4])
    #expect(throws: ShapeError.self) {
      try MaxRoiPool(height: 1, width: 1).outputs([x, Fact(.float32, [3, 4])])
    }
    #expect(throws: ShapeError.self) {
      try MaxRoiPool(height: 0, width: 1).outputs([x, Fact(.float32, [3, 5])])
    }
    for image in [1, -1, Float.nan] {
      #expect(throws: EvaluationError.self) {
        try MaxRoiPool(height: 1, width: 1).evaluate([
          pattern([1, 1, 2, 2]), Tensor([image, 0, 0, 1, 1] as [Float], shape: [1, 5]),
        ])
      }
    }
    #expect(
      graphErrorKind {
        try importNode(MaxRoiPool.self, opset: 7, [pattern([2, 2, 5, 4]), Self.regions])
      } == .structure)
  }

  @Test func looksNowhereForWhatIsNoPlace() throws {
    let result = try MaxRoiPool(height: 1, width: 1).evaluate([
      positivePattern([1, 1, 2, 2]), Tensor([0, .nan, 0, .infinity, 1] as [Float], shape: [1, 5]),
    ])
    #expect(result[0].floats.count == 1)
  }
}
