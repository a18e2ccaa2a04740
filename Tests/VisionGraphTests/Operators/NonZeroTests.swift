import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct NonZeroTests {
  @Test func findsWhatIsNotZero() throws {
    try checkOperator(
      NonZero(), [Tensor([1, 0, -0.0, .nan, 0, 3] as [Float], shape: [2, 3])], constants: [0],
      expected: [golden([2, 3], "0 1 1 0 0 2", .int64)])
    try checkOperator(
      NonZero(), [Tensor([true, false, true], shape: [3])], constants: [0],
      expected: [golden([1, 2], "0 2", .int64)])
    try checkOperator(
      NonZero(), [Tensor([0, 0, 5, 0, 0, 0, 0, 7] as [Int64], shape: [2, 2, 2])], constants: [0],
      expected: [golden([3, 2], "0 1 1 1 0 1", .int64)])
  }

  @Test func givesNoColumnsWhereAllIsZero() throws {
    try checkOperator(
      NonZero(), [Tensor(repeating: Float(0), shape: [2, 3])], constants: [0],
      expected: [golden([2, 0], "", .int64)])
    try checkOperator(
      NonZero(), [Tensor([] as [Float], shape: [4, 0])], constants: [0],
      expected: [golden([2, 0], "", .int64)])
    // A number without axes has no coordinates.
    try checkOperator(
      NonZero(), [Tensor(scalar: Float(2))], constants: [0], expected: [golden([0, 1], "", .int64)])
  }

  @Test func saysThatItsShapeFollowsFromData() {
    #expect(throws: ShapeError.self) { try NonZero().outputs([Fact(.float32, [2, 3])]) }
    do {
      _ = try NonZero().outputs([Fact(.float32, [2, 3])])
    } catch { #expect(error.lacksValue) }
    let kind = graphErrorKind {
      let builder = GraphBuilder()
      _ = try builder.add(NonZero(), builder.input("x", dimensions: [.fixed(3)]))
    }
    #expect(kind == .dataDependent)
  }
}
