import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct NonMaxSuppressionTests {
  /// The boxes of ONNX's examples: three pairs that overlap.
  private let boxes = Tensor(
    [
      0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, -0.1, 1, 0.9, 0, 10, 1, 11, 0, 10.1, 1, 11.1, 0, 100, 1, 101,
    ] as [Float], shape: [1, 6, 4])
  private let scores = Tensor([0.9, 0.75, 0.6, 0.95, 0.5, 0.3] as [Float], shape: [1, 1, 6])

  private func check(
    _ boxes: Tensor, _ scores: Tensor, limit: Int64?, share: Float?, least: Float? = nil,
    areCentered: Bool = false, _ expected: String, count: Int
  ) throws {
    try checkOperator(
      NonMaxSuppression(areCentered: areCentered),
      [
        boxes, scores, limit.map { Tensor([$0]) }, share.map { Tensor([$0]) }, least.map { Tensor([$0]) },
      ], constants: [0, 1, 2, 3, 4], expected: [golden([count, 3], expected, .int64)])
  }

  @Test func keepsTheBestOfBoxesThatOverlap() throws {
    try check(boxes, scores, limit: 3, share: 0.5, least: 0, "0 0 3 0 0 0 0 0 5", count: 3)
    try check(boxes, scores, limit: 2, share: 0.5, least: 0, "0 0 3 0 0 0", count: 2)
    try check(boxes, scores, limit: 3, share: 0.5, least: 0.4, "0 0 3 0 0 0", count: 2)
    try check(boxes, scores, limit: 9, share: 1, least: 0.55, "0 0 3 0 0 0 0 0 1 0 0 2", count: 4)
    try check(boxes, scores, limit: nil, share: 0.5, "", count: 0)
    try check(boxes, scores, limit: 0, share: 0.5, "", count: 0)
    try check(boxes, scores, limit: -1, share: 0.5, "", count: 0)
    try check(boxes, scores, limit: 3, share: 0.5, least: 1, "", count: 0)
  }

  @Test func readsCentersAndCornersInAnyOrder() throws {
    let centered = Tensor(
      [
        0.5, 0.5, 1, 1, 0.5, 0.6, 1, 1, 0.5, 0.4, 1, 1, 0.5, 10.5, 1, 1, 0.5, 10.6, 1, 1, 0.5, 100.5, 1, 1,
      ] as [Float], shape: [1, 6, 4])
    try check(
      centered, scores, limit: 3, share: 0.5, least: 0, areCentered: true, "0 0 3 0 0 0 0 0 5", count: 3)
    let flipped = Tensor(
      [
        1, 1, 0, 0, 0, 0.1, 1, 1.1, 0, 0.9, 1, -0.1, 0, 10, 1, 11, 1, 10.1, 0, 11.1, 1, 101, 0, 100,
      ] as [Float], shape: [1, 6, 4])
    try check(flipped, scores, limit: 3, share: 0.5, least: 0, "0 0 3 0 0 0 0 0 5", count: 3)
  }

  @Test func goesClassByClassAndSampleBySample() throws {
    let two = Tensor(boxes.floats + boxes.floats, shape: [2, 6, 4])
    let reversed = Array(scores.floats.reversed())
    let four = Tensor(scores.floats + reversed + reversed + scores.floats, shape: [2, 2, 6])
    // Reversed: 0.3, 0.5, 0.95, 0.6, 0.75, 0.9.
    try check(
      two, four, limit: 2, share: 0.5, least: 0,
      "0 0 3 0 0 0 0 1 2 0 1 5 1 0 2 1 0 5 1 1 3 1 1 0", count: 8)
  }

  @Test func decidesTies() throws {
    // Of equal scores the first box; a share of exactly the limit is allowed; boxes that touch do not overlap.
    let boxes = Tensor([0, 0, 1, 1, 0, 0, 1, 1, 0, 0.5, 1, 1, 0, 1, 1, 2] as [Float], shape: [1, 4, 4])
    let scores = Tensor([0.5, 0.5, 0.5, 0.5] as [Float], shape: [1, 1, 4])
    try check(boxes, scores, limit: 9, share: 0.5, "0 0 0 0 0 2 0 0 3", count: 3)
    try check(boxes, scores, limit: 9, share: 0.49, "0 0 0 0 0 3", count: 2)
    // Boxes without an area overlap nothing, and a score that is no number is never kept.
    let empty = Tensor([0, 0, 0, 1, 0, 0, 0, 1] as [Float], shape: [1, 2, 4])
    try check(
      empty, Tensor([1, 2] as [Float], shape: [1, 1, 2]), limit: 9, share: 0, "0 0 1 0 0 0", count: 2)
    try check(empty, Tensor([.nan, 2] as [Float], shape: [1, 1, 2]), limit: 9, share: 0, "0 0 1", count: 1)
    let none = Tensor([] as [Float], shape: [1, 0, 4])
    try check(none, Tensor([] as [Float], shape: [1, 3, 0]), limit: 9, share: 0.5, "", count: 0)
  }

  @Test func refusesWhatDoesNotFit() {
    let nms = NonMaxSuppression()
    #expect(throws: ShapeError.self) {
      try nms.check([Fact(.float32, [1, 6, 4]), Fact(.float32, [1, 1, 5])])
    }
    #expect(throws: ShapeError.self) {
      try nms.check([Fact(.float32, [1, 6, 5]), Fact(.float32, [1, 1, 6])])
    }
    #expect(throws: ShapeError.self) { try nms.check([Fact(.float32, [6, 4]), Fact(.float32, [1, 6])]) }
    #expect(throws: EvaluationError.self) {
      try nms.evaluate([boxes, scores, Tensor([1] as [Int64]), Tensor([1.5] as [Float])])
    }
  }
}
