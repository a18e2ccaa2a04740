import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct CastLikeTests {
  @Test func takesTheTypeOfTheSecondInput() throws {
    try checkOperator(CastLike(), [Tensor([1.5, -1.5] as [Float]), Tensor([1, 2, 3] as [Int64])], expected: [Tensor([1, -1] as [Int64])])
    try checkOperator(CastLike(), [Tensor([0, 2] as [Int64]), Tensor(scalar: Bool(true))], expected: [Tensor([false, true] as [Bool])])
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try CastLike().outputs([Fact(.float32, [1])]) }
  }

  @Test func ignoresSaturationWhichConcernsEightBitFloats() throws {
    #expect(try importNode(CastLike.self, opset: 19, [Tensor([2.5] as [Float]), Tensor([1] as [Int32])], ["saturate": .int(0)]) == [Tensor([2] as [Int32])])
  }
}
