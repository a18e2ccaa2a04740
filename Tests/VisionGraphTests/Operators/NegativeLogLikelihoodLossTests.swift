import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// The numbers are those of ONNX's reference implementation.
@Suite struct NegativeLogLikelihoodLossTests {
  private let target = Tensor([0, 2, 1, -1] as [Int64], shape: [2, 2])

  @Test func picksClassesAndWeighsThem() throws {
    let inputs = [pattern([2, 3, 2]), target, positivePattern([3])]
    try checkOperator(
      NegativeLogLikelihoodLoss(reduction: .none, ignored: -1), inputs,
      expected: [golden([2, 2], "0.15625 -0.265625 3.265625 0")])
    try checkOperator(
      NegativeLogLikelihoodLoss(ignored: -1), inputs, expected: [golden([], "0.6917808")])
    try checkOperator(
      NegativeLogLikelihoodLoss(reduction: .sum, ignored: -1), inputs, expected: [golden([], "3.15625")])
    try checkOperator(
      NegativeLogLikelihoodLoss(), [pattern([3, 4]), Tensor([3, 0, 1] as [Int32])],
      expected: [golden([], "0.041666668")])
  }

  @Test func refusesWhatDoesNotFit() {
    let loss = NegativeLogLikelihoodLoss()
    #expect(throws: EvaluationError.self) { try loss.evaluate([pattern([2, 3, 2]), target]) }
    #expect(throws: ShapeError.self) { try loss.outputs([Fact(.float32, [2, 3]), Fact(.int64, [3])]) }
    #expect(throws: ShapeError.self) { try loss.outputs([Fact(.float32, [2]), Fact(.int64, [2])]) }
    #expect(throws: ShapeError.self) {
      try loss.outputs([Fact(.float32, [2, 3]), Fact(.int64, [2]), Fact(.float32, [2])])
    }
  }
}
