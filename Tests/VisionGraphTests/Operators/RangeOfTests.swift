import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct RangeOfTests {
  @Test func countsUpAndDown() throws {
    try checkOperator(RangeOf(), [Tensor(scalar: Int64(3)), Tensor(scalar: Int64(9)), Tensor(scalar: Int64(3))], constants: [0, 1, 2], expected: [Tensor([3, 6] as [Int64])])
    try checkOperator(RangeOf(), [Tensor(scalar: Int64(10)), Tensor(scalar: Int64(4)), Tensor(scalar: Int64(-4))], constants: [0, 1, 2], expected: [Tensor([10, 6] as [Int64])])
    try checkOperator(RangeOf(), [Tensor(scalar: Int64(5)), Tensor(scalar: Int64(1)), Tensor(scalar: Int64(1))], constants: [0, 1, 2], expected: [Tensor([] as [Int64])])
    try checkOperator(RangeOf(), [Tensor(scalar: Int16(1)), Tensor(scalar: Int16(4)), Tensor(scalar: Int16(2))], constants: [0, 1, 2], expected: [Tensor([1, 3] as [Int16])])
    try checkOperator(RangeOf(), [Tensor(scalar: Int64(-9223372036854775808)), Tensor(scalar: Int64(9223372036854775807)), Tensor(scalar: Int64(9223372036854775807))], constants: [0, 1, 2], expected: [Tensor([-9223372036854775808, -1, 9223372036854775806] as [Int64])])
  }

  @Test func countsInFractions() throws {
    try checkOperator(RangeOf(), [Tensor(scalar: Float(1)), Tensor(scalar: Float(2)), Tensor(scalar: Float(0.3))], constants: [0, 1, 2], expected: [Tensor([1, 1.3, 1.6, 1.9000001] as [Float])])
    try checkOperator(RangeOf(), [Tensor(scalar: Float(0)), Tensor(scalar: Float(-1)), Tensor(scalar: Float(-0.5))], constants: [0, 1, 2], expected: [Tensor([0, -0.5] as [Float])])
  }

  @Test func refusesWhatIsNoRange() {
    #expect(throws: ShapeError.self) { try RangeOf().outputs([Fact(constant: Tensor(scalar: Int64(0))), Fact(constant: Tensor(scalar: Int64(1))), Fact(constant: Tensor(scalar: Int64(0)))]) }
    #expect(throws: ShapeError.self) { try RangeOf().outputs([Fact(constant: Tensor(scalar: Float(0))), Fact(constant: Tensor(scalar: Float(1))), Fact(constant: Tensor(scalar: Float(0)))]) }
    #expect(throws: ShapeError.self) { try RangeOf().outputs([Fact(constant: Tensor(scalar: Float.nan)), Fact(constant: Tensor(scalar: Float(1))), Fact(constant: Tensor(scalar: Float(1)))]) }
    #expect(throws: ShapeError.self) { try RangeOf().outputs([Fact(constant: Tensor(scalar: Float(0))), Fact(constant: Tensor(scalar: Float.infinity)), Fact(constant: Tensor(scalar: Float(1)))]) }
    #expect(throws: ShapeError.self) { try RangeOf().outputs([Fact(constant: Tensor(scalar: Int64(0))), Fact(constant: Tensor(scalar: Int64(1))), Fact(.int64, [])]) }
    #expect(throws: ShapeError.self) { try RangeOf().outputs([Fact(constant: Tensor(scalar: Int64(0))), Fact(constant: Tensor(scalar: Int64(1)))]) }
    #expect(throws: ShapeError.self) { try RangeOf().outputs([Fact(constant: Tensor([0, 1] as [Int64])), Fact(constant: Tensor(scalar: Int64(1))), Fact(constant: Tensor(scalar: Int64(1)))]) }
    #expect(throws: ShapeError.self) { try RangeOf().outputs([Fact(constant: Tensor(scalar: Int64(0))), Fact(constant: Tensor(scalar: Float(1))), Fact(constant: Tensor(scalar: Int64(1)))]) }
    #expect(throws: ShapeError.self) { try RangeOf().outputs([Fact(constant: Tensor(scalar: Int64(-9223372036854775808))), Fact(constant: Tensor(scalar: Int64(9223372036854775807))), Fact(constant: Tensor(scalar: Int64(1)))]) }
  }
}
