import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ChannelShuffleTests {
  @Test func makesChannelsOfGroupsNeighbors() throws {
    try checkOperator(
      ChannelShuffle(groups: 2), [golden([1, 6, 1, 1], "0 1 2 3 4 5")],
      expected: [golden([1, 6, 1, 1], "0 3 1 4 2 5")], roundTrips: false)
    try checkOperator(
      ChannelShuffle(groups: 3), [pattern([2, 12, 3, 5])], kernelTolerance: 0, roundTrips: false)
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) {
      try ChannelShuffle(groups: 4).outputs([Fact(.float32, [1, 6, 1, 1])])
    }
    #expect(throws: ShapeError.self) { try ChannelShuffle(groups: 2).outputs([Fact(.float32, [1, 6, 1])]) }
  }
}
