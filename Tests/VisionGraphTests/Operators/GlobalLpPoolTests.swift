import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct GlobalLpPoolTests {
  @Test func poolsEachChannel() throws {
    try checkOperator(
      GlobalLpPool(p: 3), [pattern([2, 3, 3, 5])],
      expected: [golden([2, 3, 1, 1], "4.1910844 3.6450045 4.3295293 3.5592077 4.3553543 3.5707848")],
      tolerance: 2e-6)
    try checkOperator(
      GlobalLpPool(), [pattern([1, 2, 7])], expected: [golden([1, 2, 1], "3.9011216 4.6368093")])
    try checkOperator(GlobalLpPool(p: 1), [pattern([1, 2, 7])], expected: [golden([1, 2, 1], "8.5 11.75")])
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try GlobalLpPool(p: 3).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try GlobalLpPool(p: 3).outputs([Fact(.float32, [2, 3, 0])]) }
    #expect(throws: ShapeError.self) { try GlobalLpPool(p: 3).outputs([Fact(.int32, [2, 3, 4])]) }
    #expect(throws: ShapeError.self) { try GlobalLpPool(p: 3).outputs([]) }
    #expect(
      graphErrorKind { try importNode(GlobalLpPool.self, opset: 17, [pattern([1, 1, 4])], ["q": .int(1)]) }
        == .unsupportedFeature)
  }
}
