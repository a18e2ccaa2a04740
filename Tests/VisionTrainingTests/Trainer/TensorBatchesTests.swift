import Testing
import VisionTensor

@testable import VisionTraining

@Suite struct TensorBatchesTests {
  /// The samples of an epoch, and what was written for them.
  private func epoch(_ batches: TensorBatches, _ epoch: Int, from batch: Int = 0, seed: UInt64 = 1) throws
    -> [[Int]]
  {
    batches.start(seed: seed, epoch: epoch, batch: batch)
    var input = [Float](repeating: -1, count: batches.batchSize * 2)
    var classes = [Int64](repeating: -1, count: batches.batchSize)
    var result: [[Int]] = []
    while true {
      let samples = try input.withUnsafeMutableBufferPointer { input in
        try classes.withUnsafeMutableBufferPointer { classes in
          try batches.next(
            into: BatchBuffers(
              input: input, classes: classes, targets: UnsafeMutableBufferPointer(start: nil, count: 0)))
        }
      }
      guard let samples else { return result }
      for (row, sample) in samples.enumerated() {
        #expect(input[row * 2] == Float(sample) && input[row * 2 + 1] == Float(-sample))
        #expect(classes[row] == Int64(sample % 3))
      }
      result.append(samples)
    }
  }

  private func make(_ order: TensorBatches.Order) throws -> TensorBatches {
    let x = Tensor((0..<10).flatMap { [Float($0), Float(-$0)] }, shape: [10, 2])
    return try TensorBatches(x, Tensor((0..<10).map { Int64($0 % 3) }), batchSize: 4, order: order)
  }

  @Test func everySampleComesInEveryEpoch() throws {
    let batches = try make(.shuffled)
    #expect(batches.classCounts == [4, 3, 3] && batches.batchesPerEpoch == 3)
    let first = try epoch(batches, 0)
    #expect(first.map(\.count) == [4, 4, 4])
    #expect(Set(first.joined()) == Set(0..<10))
    #expect(Array(first[2].suffix(2)) == Array(first[0].prefix(2)))
    #expect(try epoch(batches, 1) != first)
    #expect(try epoch(batches, 0, seed: 2) != first)
    #expect(try epoch(batches, 0) == first)
    #expect(try epoch(batches, 0, from: 2) == [first[2]])
    #expect(try epoch(batches, 0, from: 3).isEmpty)
  }

  @Test func toJudgeByEachComesOnceInOrder() throws {
    #expect(try epoch(make(.sequential), 0) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
  }
}
