import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct SqueezeTests {
  @Test func removesAxes() throws {
    try checkOperator(Squeeze(), [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [1, 3, 1, 2]), Tensor([0] as [Int64])], constants: [1], expected: [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [3, 1, 2])])
    try checkOperator(Squeeze(), [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [1, 3, 1, 2]), Tensor([-2, 0] as [Int64])], constants: [1], expected: [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [3, 2])])
    try checkOperator(Squeeze(), [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [1, 3, 1, 2])], expected: [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [3, 2])])
    try checkOperator(Squeeze(), [Tensor([5] as [Float])], expected: [Tensor(scalar: Float(5))])
    try checkOperator(Squeeze(), [Tensor([] as [Float], shape: [1, 0]), Tensor([0] as [Int64])], constants: [1], expected: [Tensor([] as [Float])])
  }

  @Test func refusesAxesThatDoNotFit() {
    #expect(throws: ShapeError.self) { try Squeeze().outputs([Fact(.float32, [1, 3, 1, 2]), Fact(constant: Tensor([1] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Squeeze().outputs([Fact(.float32, [1, 3, 1, 2]), Fact(constant: Tensor([4] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Squeeze().outputs([Fact(.float32, [1, 3, 1, 2]), Fact(constant: Tensor([-5] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Squeeze().outputs([Fact(.float32, [1, 3, 1, 2]), Fact(constant: Tensor([0, -4] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Squeeze().outputs([Fact(.float32, [1, 3]), Fact(.int64, [1])]) }
  }

  @Test func readsAxesAsAttributeBeforeOpsetThirteen() throws {
    #expect(try importNode(Squeeze.self, opset: 11, [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [1, 3, 1, 2])], ["axes": .ints([-2])]) == [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [1, 3, 2])])
    #expect(try importNode(Squeeze.self, opset: 11, [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [1, 3, 1, 2])], [:]) == [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [3, 2])])
    #expect(graphErrorKind { try importNode(Squeeze.self, opset: 13, [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [1, 3, 1, 2])], ["axes": .ints([0])]) } == .unsupportedFeature)
    #expect(graphErrorKind { try importNode(Squeeze.self, opset: 11, [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [1, 3, 1, 2]), Tensor([0] as [Int64])], [:]) } == .structure)
  }
}
