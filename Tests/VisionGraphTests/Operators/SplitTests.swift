import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct SplitTests {
  @Test func cutsIntoEqualParts() throws {
    try checkOperator(Split(into: 2), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as [Float], shape: [2, 6])], expected: [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [1, 6]), Tensor([6, 7, 8, 9, 10, 11] as [Float], shape: [1, 6])])
    try checkOperator(Split(axis: -1, into: 3), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as [Float], shape: [2, 6])], expected: [Tensor([0, 1, 6, 7] as [Float], shape: [2, 2]), Tensor([2, 3, 8, 9] as [Float], shape: [2, 2]), Tensor([4, 5, 10, 11] as [Float], shape: [2, 2])])
    try checkOperator(Split(into: 2), [Tensor([] as [Float], shape: [0, 2])], expected: [Tensor([] as [Float], shape: [0, 2]), Tensor([] as [Float], shape: [0, 2])])
  }

  @Test func cutsIntoGivenParts() throws {
    try checkOperator(Split(axis: 1, into: 3), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as [Float], shape: [2, 6]), Tensor([1, 0, 5] as [Int64])], constants: [1], expected: [Tensor([0, 6] as [Float], shape: [2, 1]), Tensor([] as [Float], shape: [2, 0]), Tensor([1, 2, 3, 4, 5, 7, 8, 9, 10, 11] as [Float], shape: [2, 5])])
  }

  @Test func refusesPartsThatDoNotFit() {
    #expect(throws: ShapeError.self) { try Split(into: 2).outputs([Fact(.float32, [3])]) }
    #expect(throws: ShapeError.self) { try Split(into: 2).outputs([Fact(.float32, [3]), Fact(constant: Tensor([1, 1] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Split(into: 2).outputs([Fact(.float32, [3]), Fact(constant: Tensor([3] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Split(into: 2).outputs([Fact(.float32, [3]), Fact(constant: Tensor([4, -1] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Split(into: 2).outputs([Fact(.float32, [3]), Fact(constant: Tensor([9223372036854775807, 9223372036854775807] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Split(axis: 1, into: 2).outputs([Fact(.float32, [2])]) }
    #expect(throws: ShapeError.self) { try Split(into: 0).outputs([Fact(.float32, [2])]) }
    #expect(throws: ShapeError.self) { try Split(into: 2).outputs([Fact(.float32, [3]), Fact(.int64, [2])]) }
  }

  @Test func readsOlderForms() throws {
    #expect(try importNode(Split.self, opset: 11, [Tensor([1, 2, 3, 4, 5, 6, 7] as [Float])], ["split": .ints([3, 4])], outputCount: 2) == [Tensor([1, 2, 3] as [Float]), Tensor([4, 5, 6, 7] as [Float])])
  }

  @Test func readsNewerForms() throws {
    #expect(try importNode(Split.self, opset: 18, [Tensor([1, 2, 3, 4, 5, 6, 7] as [Float])], ["num_outputs": .int(3)], outputCount: 3) == [Tensor([1, 2, 3] as [Float]), Tensor([4, 5, 6] as [Float]), Tensor([7] as [Float])])
    #expect(try importNode(Split.self, opset: 18, [Tensor([1, 2, 3, 4, 5, 6] as [Float])], ["num_outputs": .int(2)], outputCount: 2) == [Tensor([1, 2, 3] as [Float]), Tensor([4, 5, 6] as [Float])])
    #expect(try importNode(Split.self, opset: 13, [Tensor([1, 2, 3, 4, 5, 6, 7] as [Float]), Tensor([2, 5] as [Int64])], [:], outputCount: 2) == [Tensor([1, 2] as [Float]), Tensor([3, 4, 5, 6, 7] as [Float])])
  }

  @Test func refusesContradictions() {
    #expect(graphErrorKind { try importNode(Split.self, opset: 18, [Tensor([1, 2, 3, 4, 5, 6, 7] as [Float])], ["num_outputs": .int(3)], outputCount: 2) } == .structure)
    #expect(graphErrorKind { try importNode(Split.self, opset: 13, [Tensor([1, 2, 3, 4, 5, 6, 7] as [Float])], ["num_outputs": .int(2)], outputCount: 2) } == .unsupportedFeature)
    #expect(graphErrorKind { try importNode(Split.self, opset: 13, [Tensor([1, 2, 3, 4, 5, 6, 7] as [Float])], [:], outputCount: 2) } == .shape)
  }
}
