import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct TileTests {
  @Test func repeats() throws {
    try checkOperator(Tile(), [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [2, 3]), Tensor([2, 1] as [Int64])], constants: [1], expected: [Tensor([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5] as [Float], shape: [4, 3])])
    try checkOperator(Tile(), [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [2, 3]), Tensor([1, 3] as [Int64])], constants: [1], expected: [Tensor([0, 1, 2, 0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5, 3, 4, 5] as [Float], shape: [2, 9])])
    try checkOperator(Tile(), [Tensor([0, 1, 2, 3, 4, 5] as [Int8], shape: [2, 3]), Tensor([2, 2] as [Int64])], constants: [1], expected: [Tensor([0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5, 0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5] as [Int8], shape: [4, 6])])
    try checkOperator(Tile(), [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [2, 3]), Tensor([0, 2] as [Int64])], constants: [1], expected: [Tensor([] as [Float], shape: [0, 6])])
    try checkOperator(Tile(), [Tensor(scalar: Float(2)), Tensor([] as [Int64])], constants: [1], expected: [Tensor(scalar: Float(2))])
  }

  @Test func refusesRepeatsThatDoNotFit() {
    #expect(throws: ShapeError.self) { try Tile().outputs([Fact(.float32, [2, 3]), Fact(constant: Tensor([2] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Tile().outputs([Fact(.float32, [2, 3]), Fact(constant: Tensor([1, -1] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Tile().outputs([Fact(.float32, [2, 3]), Fact(constant: Tensor([4611686018427387904, 4] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Tile().outputs([Fact(.float32, [2, 3]), Fact(.int64, [2])]) }
  }
}
