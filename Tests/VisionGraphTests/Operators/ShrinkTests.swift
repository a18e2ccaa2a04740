import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ShrinkTests {
  @Test func cutsOffAndMovesTowardsZero() throws {
    try checkOperator(
      Shrink(bias: 1.5, threshold: 1.5),
      [Tensor([-.infinity, -3, -1.5, -1, 0, 1.5, 1.75, 4, .infinity, .nan] as [Float])],
      expected: [Tensor([-.infinity, -1.5, 0, 0, 0, 0, 0.25, 2.5, .infinity, .nan] as [Float])])
    try checkOperator(
      Shrink(), [Tensor([-2, -0.5, 0.25, 0.75] as [Double])],
      expected: [Tensor([-2, 0, 0, 0.75] as [Double])])
    try checkOperator(
      Shrink(bias: 1, threshold: 2), [Tensor([-5, -2, 0, 2, 3] as [Int32])],
      expected: [Tensor([-4, 0, 0, 0, 2] as [Int32])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try Shrink().outputs([Fact(.bool, [2])]) }
    #expect(
      graphErrorKind { try importNode(Shrink.self, opset: 9, [Tensor([1] as [Float])], ["lambda": .int(1)]) }
        == .unsupportedFeature)
  }
}
