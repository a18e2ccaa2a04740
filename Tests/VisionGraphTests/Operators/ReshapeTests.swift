import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ReshapeTests {
  @Test func keepsElementsInOrder() throws {
    try checkOperator(Reshape(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Float], shape: [2, 3, 4]), Tensor([4, 6] as [Int64])], constants: [1], expected: [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Float], shape: [4, 6])])
    try checkOperator(Reshape(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Float], shape: [2, 3, 4]), Tensor([-1] as [Int64])], constants: [1], expected: [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Float])])
    try checkOperator(Reshape(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Float], shape: [2, 3, 4]), Tensor([0, -1] as [Int64])], constants: [1], expected: [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Float], shape: [2, 12])])
    try checkOperator(Reshape(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Float], shape: [2, 3, 4]), Tensor([2, 0, 4] as [Int64])], constants: [1], expected: [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Float], shape: [2, 3, 4])])
    try checkOperator(Reshape(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Float], shape: [2, 3, 4]), Tensor([1, 2, 3, 4] as [Int64])], constants: [1], expected: [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Float], shape: [1, 2, 3, 4])])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Reshape(), [Tensor([5] as [Float]), Tensor([] as [Int64])], constants: [1], expected: [Tensor(scalar: Float(5))])
    try checkOperator(Reshape(), [Tensor([] as [Float], shape: [0, 3]), Tensor([3, -1] as [Int64])], constants: [1], expected: [Tensor([] as [Float], shape: [3, 0])])
    try checkOperator(Reshape(), [Tensor([] as [Float], shape: [0, 3]), Tensor([0, 5] as [Int64])], constants: [1], expected: [Tensor([] as [Float], shape: [0, 5])])
    try checkOperator(Reshape(allowsZero: true), [Tensor([] as [Float], shape: [3, 0]), Tensor([0, 3] as [Int64])], constants: [1], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func refusesShapesThatDoNotFit() {
    #expect(throws: ShapeError.self) { try Reshape().outputs([Fact(.float32, [2, 3, 4]), Fact(constant: Tensor([5, 5] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Reshape().outputs([Fact(.float32, [2, 3, 4]), Fact(constant: Tensor([-1, -1] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Reshape().outputs([Fact(.float32, [2, 3, 4]), Fact(constant: Tensor([-1, 5] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Reshape().outputs([Fact(.float32, [2, 3, 4]), Fact(constant: Tensor([2, 3, 4, 0] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Reshape().outputs([Fact(.float32, [2, 3, 4]), Fact(constant: Tensor([-2, -12] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Reshape().outputs([Fact(.float32, [2, 3, 4]), Fact(constant: Tensor([4611686018427387904, 4] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Reshape().outputs([Fact(.float32, [2, 3, 4]), Fact(constant: Tensor([0, 0, 0] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Reshape(allowsZero: true).outputs([Fact(.float32, [0, 3]), Fact(constant: Tensor([-1, 0] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Reshape().outputs([Fact(.float32, [2, 3, 4]), Fact(.int64, [2])]) }
  }

  @Test func readsOlderForms() throws {
    #expect(try importNode(Reshape.self, opset: 1, [Tensor([1, 2, 3, 4] as [Float])], ["shape": .ints([2, -1])]) == [Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])])
  }

  @Test func readsNewerForms() throws {
    #expect(try importNode(Reshape.self, opset: 14, [Tensor([] as [Float], shape: [2, 0]), Tensor([0, 7] as [Int64])], ["allowzero": .int(1)]) == [Tensor([] as [Float], shape: [0, 7])])
    #expect(graphErrorKind { try importNode(Reshape.self, opset: 13, [Tensor([1] as [Float]), Tensor([1] as [Int64])], ["allowzero": .int(1)]) } == .unsupportedFeature)
  }
}
