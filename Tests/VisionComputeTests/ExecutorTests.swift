import CVisionKernels
import Synchronization
import Testing
import VisionCompute

@Suite struct ExecutorTests {
  /// Four threads, and more than this machine can have cores.
  @Test(arguments: [4, 1024]) func everyIndexRunsOnce(threads: Int) {
    let executor = Executor(threads: threads)
    #expect(executor.threads == threads)
    for count in [0, 1, 2, 3, 100, 10_000] {
      let visits = (0..<count).map { _ in Counter() }
      executor.forEach(count: count) { index, worker in
        visits[index].add(1)
        if worker < 0 || worker >= executor.threads { visits[index].add(1000) }
      }
      #expect(visits.allSatisfy { $0.value == 1 })
    }
  }

  @Test(arguments: [4, 64]) func noWorkerNumberIsInUseTwice(threads: Int) {
    let executor = Executor(threads: threads)
    let inUse = (0..<threads).map { _ in Counter() }
    let clashes = Counter()
    executor.forEach(count: 5000) { _, worker in
      if inUse[worker].add(1) != 1 { clashes.add(1) }
      inUse[worker].add(-1)
    }
    #expect(clashes.value == 0)
  }

  @Test func nestedLoopsRunOnTheirOwnThread() {
    let executor = Executor(threads: 3)
    let total = Counter()
    executor.forEach(count: 50) { _, _ in
      executor.forEach(count: 20) { _, worker in total.add(worker == 0 ? 1 : 1_000_000) }
    }
    #expect(total.value == 1000)
  }

  @Test func concurrentCallersAreSafe() async {
    let executor = Executor(threads: 3)
    let sums = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          var wrong = 0
          for round in 0..<300 {
            let count = 1 + round % 37
            let total = Counter()
            executor.forEach(count: count) { index, _ in total.add(index + 1) }
            if total.value != count * (count + 1) / 2 { wrong += 1 }
          }
          return wrong
        }
      }
      return await group.reduce(0, +)
    }
    #expect(sums == 0)
  }

  @Test func sleepingWorkersWakeUp() async throws {
    let executor = Executor(threads: 2)
    for _ in 0..<5 {
      try await Task.sleep(for: .milliseconds(20))
      let total = Counter()
      executor.forEach(count: 64) { index, _ in total.add(index) }
      #expect(total.value == 2016)
    }
  }

  @Test func poolsComeAndGo() {
    for threads in 1...6 {
      for _ in 0..<20 { Executor(threads: threads).forEach(count: 7) { _, _ in } }
      #expect(Executor(threads: threads).threads == threads)
    }
  }

  @Test func thereIsAtLeastOneThread() {
    #expect(Executor(threads: 0).threads == 1)
    #expect(Executor(threads: -5).threads == 1)
    #expect(Executor().threads >= 1)
  }

  @Test(arguments: InstructionSet.supported)
  func peakIsMeasured(_ set: InstructionSet) {
    #expect(Executor(threads: 1, instructionSet: set).measurePeak(seconds: 0.01) > 0)
  }
}

/// An integer that threads may add to.
private final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  var value: Int { count.load(ordering: .sequentiallyConsistent) }
  @discardableResult func add(_ x: Int) -> Int {
    count.add(x, ordering: .sequentiallyConsistent).newValue
  }
}
