import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct TensorScatterTests {
  private let cache = Tensor((0..<16).map { Float($0) }, shape: [2, 4, 2])
  private let update = Tensor((0..<8).map { Float(-1 - $0) }, shape: [2, 2, 2])

  @Test func writesFromTheGivenSteps() throws {
    try checkOperator(
      TensorScatter(), [cache, update, Tensor([1, 2] as [Int64])],
      expected: [
        golden([2, 4, 2], "0 1 -1 -2 -3 -4 6 7 8 9 10 11 -5 -6 -7 -8")
      ])
    try checkOperator(
      TensorScatter(), [cache, update],
      expected: [
        golden([2, 4, 2], "-1 -2 -3 -4 4 5 6 7 -5 -6 -7 -8 12 13 14 15")
      ])
  }

  @Test func beginsAnewWhereItIsCircular() throws {
    try checkOperator(
      TensorScatter(mode: .circular), [cache, update, Tensor([1, 3] as [Int64])],
      expected: [
        golden([2, 4, 2], "0 1 -1 -2 -3 -4 6 7 -7 -8 10 11 12 13 -5 -6")
      ])
  }

  @Test func takesOtherAxes() throws {
    try checkOperator(
      TensorScatter(axis: 2),
      [
        Tensor((0..<12).map { Int64($0) }, shape: [1, 2, 3, 2]),
        Tensor([-1, -2, -3, -4] as [Int64], shape: [1, 2, 1, 2]), Tensor([2] as [Int64]),
      ],
      expected: [Tensor([0, 1, 2, 3, -1, -2, 6, 7, 8, 9, -3, -4] as [Int64], shape: [1, 2, 3, 2])])
    try checkOperator(
      TensorScatter(axis: 1), [cache.reshaped(to: [2, 8]), update.reshaped(to: [2, 4])],
      expected: [
        golden([2, 8], "-1 -2 -3 -4 4 5 6 7 -5 -6 -7 -8 12 13 14 15")
      ])
  }

  @Test func refusesWhatDoesNotFit() throws {
    let (cache, update) = (Fact(.float32, [2, 4, 2]), Fact(.float32, [2, 2, 2]))
    #expect(throws: ShapeError.self) { try TensorScatter(axis: 0).outputs([cache, update]) }
    #expect(throws: ShapeError.self) { try TensorScatter(axis: 3).outputs([cache, update]) }
    #expect(throws: ShapeError.self) { try TensorScatter().outputs([update, cache]) }
    #expect(throws: ShapeError.self) { try TensorScatter().outputs([cache, Fact(.float32, [2, 2])]) }
    #expect(throws: ShapeError.self) { try TensorScatter().outputs([cache, Fact(.float64, [2, 2, 2])]) }
    #expect(throws: ShapeError.self) { try TensorScatter().outputs([cache, update, Fact(.int64, [1])]) }
    for start in [-1, 3] as [Int64] {
      #expect(throws: EvaluationError.self) {
        try TensorScatter().evaluate([self.cache, self.update, Tensor([0, start])])
      }
    }
    #expect(
      graphErrorKind {
        try importNode(
          TensorScatter.self, opset: 24, [self.cache, self.update], ["mode": .string("square")])
      } == .unsupportedFeature)
  }
}
