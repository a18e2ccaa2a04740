import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ConstantOfShapeTests {
  @Test func fillsAShape() throws {
    try checkOperator(ConstantOfShape(Tensor([Int32(7)])), [Tensor([2, 3] as [Int64])], constants: [0], expected: [Tensor([7, 7, 7, 7, 7, 7] as [Int32], shape: [2, 3])])
    try checkOperator(ConstantOfShape(Tensor([Int32(7)])), [Tensor([] as [Int64])], constants: [0], expected: [Tensor(scalar: Int32(7))])
    try checkOperator(ConstantOfShape(Tensor([Int32(7)])), [Tensor([2, 0] as [Int64])], constants: [0], expected: [Tensor([] as [Int32], shape: [2, 0])])
    try checkOperator(ConstantOfShape(), [Tensor([2] as [Int64])], constants: [0], expected: [Tensor([0, 0] as [Float])])
  }

  @Test func refusesShapesThatAreUnknownOrImpossible() {
    #expect(throws: ShapeError.self) { try ConstantOfShape(Tensor([Int32(7)])).outputs([Fact(.int64, [2])]) }
    #expect(throws: ShapeError.self) { try ConstantOfShape(Tensor([Int32(7)])).outputs([Fact(constant: Tensor([-1] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try ConstantOfShape(Tensor([Int32(7)])).outputs([Fact(constant: Tensor([1099511627776, 1099511627776] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try ConstantOfShape(Tensor([Int32(7)])).outputs([Fact(constant: Tensor([2] as [Int32]))]) }
  }

  @Test func refusesTwoValues() {
    #expect(graphErrorKind { try importNode(ConstantOfShape.self, opset: 9, [Tensor([2] as [Int64])], ["value": .tensor(Tensor([1, 2] as [Float]))]) } == .structure)
  }
}
