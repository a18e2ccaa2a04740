import VisionTestSupport
import VisionSystem
import VisionData
import Testing
import VisionTensor

@testable import VisionTraining

@Suite struct TensorSamplesTests {
  /// The samples of an epoch; what a batch holds is theirs.
  private func epoch(_ batches: BatchFeed, _ epoch: Int, from batch: Int = 0, seed: UInt64 = 1) throws
    -> [[Int]]
  {
    try batches.start(seed: seed, epoch: epoch, batch: batch)
    var result: [[Int]] = []
    while let batch = try batches.next() {
      for (row, sample) in batch.samples.enumerated() {
        #expect(batch.floats(0)[row * 2] == Float(sample) && batch.floats(0)[row * 2 + 1] == Float(-sample))
        #expect(batch.integers(1)[row] == Int64(sample % 3))
      }
      result.append(batch.samples)
    }
    return result
  }

  /// Batches of 4 of 10 samples.
  private func make(isTraining: Bool, threads: Int? = nil) throws -> BatchFeed {
    let x = Tensor((0..<10).flatMap { [Float($0), Float(-$0)] }, shape: [10, 2])
    var settings = TrainerSettings()
    (settings.batchSize, settings.loaderThreads) = (4, threads)
    return try BatchFeed(
      TensorSamples(x, Tensor((0..<10).map { Int64($0 % 3) })), settings, isTraining: isTraining)
  }

  @Test(arguments: [nil, 1, 3]) func everySampleComesInEveryEpoch(threads: Int?) throws {
    let batches = try make(isTraining: true, threads: threads)
    #expect(batches.source.classCounts == [4, 3, 3] && batches.batchesPerEpoch == 3)
    let first = try epoch(batches, 0)
    #expect(first.map(\.count) == [4, 4, 4])
    #expect(Set(first.joined()) == Set(0..<10))
    #expect(Array(first[2].suffix(2)) == Array(first[0].prefix(2)))
    #expect(try epoch(batches, 1) != first)
    #expect(try epoch(batches, 0, seed: 2) != first)
    #expect(try epoch(batches, 0) == first)
    #expect(try epoch(batches, 0, from: 2) == [first[2]])
    #expect(try epoch(batches, 0, from: 3).isEmpty)
    #expect(try epoch(make(isTraining: true), 0) == first)
  }

  /// What a seed gave it gives in later versions, too.
  @Test func theOrderFollowsFromTheSeed() throws {
    let order = try epoch(make(isTraining: true), 0).flatMap { $0 }
    #expect(Array(order.prefix(10)) == [5, 2, 1, 6, 7, 3, 8, 4, 9, 0])
  }

  @Test func toJudgeByEachComesOnceInOrder() throws {
    #expect(try epoch(make(isTraining: false), 0) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
  }
}
