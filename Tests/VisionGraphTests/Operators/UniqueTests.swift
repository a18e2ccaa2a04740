import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct UniqueTests {
  @Test func findsElements() throws {
    let x = Tensor([2, 1, 1, 3, 4, 3] as [Float])
    try checkOperator(
      Unique(), [x], constants: [0],
      expected: [
        golden([4], "1 2 3 4"), golden([4], "1 0 3 4", .int64), golden([6], "1 0 0 2 3 2", .int64),
        golden([4], "2 1 2 1", .int64),
      ])
    try checkOperator(
      Unique(sorted: false), [x], constants: [0],
      expected: [
        golden([4], "2 1 3 4"), golden([4], "0 1 3 4", .int64), golden([6], "0 1 1 2 3 2", .int64),
        golden([4], "1 2 2 1", .int64),
      ])
  }

  @Test func findsSlices() throws {
    let rows = Tensor([1, 0, 0, 1, 0, 0, 2, 3, 4] as [Float], shape: [3, 3])
    try checkOperator(
      Unique(axis: 0), [rows], constants: [0],
      expected: [
        golden([2, 3], "1 0 0 2 3 4"), golden([2], "0 2", .int64), golden([3], "0 0 1", .int64),
        golden([2], "2 1", .int64),
      ])
    // Columns (3, 1), (1, 5), (3, 1), (1, 2).
    let columns = Tensor([3, 1, 3, 1, 1, 5, 1, 2] as [Int32], shape: [2, 4])
    try checkOperator(
      Unique(axis: -1), [columns], constants: [0],
      expected: [
        golden([2, 3], "1 1 3 2 5 1", .int32), golden([3], "3 1 0", .int64), golden([4], "2 1 2 0", .int64),
        golden([3], "1 1 2", .int64),
      ])
  }

  @Test func ordersWhatIsNoNumberAndWhatIsLarge() throws {
    try checkOperator(
      Unique(), [Tensor([.nan, 1, -0.0, .nan, 0, -.infinity] as [Float])], constants: [0],
      expected: [
        golden([4], "-inf -0 1 nan"), golden([4], "5 2 1 0", .int64), golden([6], "3 2 1 3 1 0", .int64),
        golden([4], "1 2 1 2", .int64),
      ])
    let large: [UInt64] = [.max, 1, 1 << 63]
    #expect(try Unique().evaluate([Tensor(large)])[0].values(as: UInt64.self) == [1, 1 << 63, .max])
  }

  @Test func hasNoneOfNothing() throws {
    let results = try Unique().evaluate([Tensor([] as [Float])])
    #expect(results.map(\.shape) == [[0], [0], [0], [0]])
    #expect(try Unique(axis: 1).evaluate([Tensor([] as [Float], shape: [0, 3])])[0].shape == [0, 1])
    #expect(throws: ShapeError.self) { try Unique(axis: 1).check([Fact(.float32, [3])]) }
  }
}
