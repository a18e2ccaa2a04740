import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct EyeLikeTests {
  @Test func fillsADiagonal() throws {
    try checkOperator(
      EyeLike(), [pattern([2, 3])], expected: [Tensor([1, 0, 0, 0, 1, 0] as [Float], shape: [2, 3])])
    try checkOperator(
      EyeLike(type: .int32, diagonal: 1), [pattern([2, 3])],
      expected: [Tensor([0, 1, 0, 0, 0, 1] as [Int32], shape: [2, 3])])
    try checkOperator(
      EyeLike(diagonal: -1), [Tensor([5, 5, 5, 5] as [Int64], shape: [2, 2])],
      expected: [Tensor([0, 0, 1, 0] as [Int64], shape: [2, 2])])
    try checkOperator(
      EyeLike(type: .bool, diagonal: .max), [pattern([2, 2])],
      expected: [Tensor([false, false, false, false], shape: [2, 2])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try EyeLike().outputs([Fact(.float32, [2])]) }
    #expect(
      graphErrorKind { try importNode(EyeLike.self, opset: 9, [pattern([1, 1])], ["dtype": .int(8)]) }
        == .unsupportedFeature)
  }
}
