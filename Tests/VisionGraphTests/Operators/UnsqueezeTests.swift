import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct UnsqueezeTests {
  @Test func addsAxes() throws {
    try checkOperator(Unsqueeze(), [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [3, 2]), Tensor([0] as [Int64])], constants: [1], expected: [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [1, 3, 2])])
    try checkOperator(Unsqueeze(), [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [3, 2]), Tensor([3, 0] as [Int64])], constants: [1], expected: [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [1, 3, 2, 1])])
    try checkOperator(Unsqueeze(), [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [3, 2]), Tensor([-1] as [Int64])], constants: [1], expected: [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [3, 2, 1])])
    try checkOperator(Unsqueeze(), [Tensor(scalar: Float(5)), Tensor([0, 1] as [Int64])], constants: [1], expected: [Tensor([5] as [Float], shape: [1, 1])])
    try checkOperator(Unsqueeze(), [Tensor([] as [Float]), Tensor([0] as [Int64])], constants: [1], expected: [Tensor([] as [Float], shape: [1, 0])])
  }

  @Test func refusesAxesThatDoNotFit() {
    #expect(throws: ShapeError.self) { try Unsqueeze().outputs([Fact(.float32, [3, 2]), Fact(constant: Tensor([3] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Unsqueeze().outputs([Fact(.float32, [3, 2]), Fact(constant: Tensor([-4] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Unsqueeze().outputs([Fact(.float32, [3, 2]), Fact(constant: Tensor([0, -3] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Unsqueeze().outputs([Fact(.float32, [1, 3]), Fact(.int64, [1])]) }
    #expect(throws: ShapeError.self) { try Unsqueeze().outputs([Fact(.float32, [1, 3])]) }
  }

  @Test func readsAxesAsAttributeBeforeOpsetThirteen() throws {
    #expect(try importNode(Unsqueeze.self, opset: 11, [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [3, 2])], ["axes": .ints([1])]) == [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [3, 1, 2])])
    #expect(graphErrorKind { try importNode(Unsqueeze.self, opset: 13, [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [3, 2]), Tensor([0] as [Int64])], ["axes": .ints([0])]) } == .unsupportedFeature)
  }
}
