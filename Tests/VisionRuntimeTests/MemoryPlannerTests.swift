import Testing
import VisionSystem
import VisionTensor

@testable import VisionRuntime

@Suite struct MemoryPlannerTests {
  @Test func buffersAliveTogetherDoNotOverlap() {
    for seed in 0..<50 {
      let numbers = Philox(seed: UInt64(seed)).uniform(count: 120)
      let buffers = (0..<40).map { index in
        let first = Int(saturating: numbers[3 * index] * 30)
        return MemoryPlanner.Buffer(
          byteCount: Int(saturating: numbers[3 * index + 1] * 5000), firstStep: first,
          lastStep: first + Int(saturating: numbers[3 * index + 2] * 8))
      }
      let (offsets, total) = MemoryPlanner.layout(buffers)
      for a in buffers.indices {
        #expect(offsets[a] % 64 == 0)
        #expect(offsets[a] + buffers[a].byteCount <= total)
        for b in buffers.indices where b > a && buffers[a].byteCount > 0 && buffers[b].byteCount > 0 {
          let together =
            buffers[a].firstStep <= buffers[b].lastStep && buffers[b].firstStep <= buffers[a].lastStep
          let apart =
            offsets[a] + buffers[a].byteCount <= offsets[b] || offsets[b] + buffers[b].byteCount <= offsets[a]
          #expect(!together || apart)
        }
      }
    }
  }

  @Test func buffersOfDifferentTimesShareMemory() {
    let buffers = (0..<10).map { MemoryPlanner.Buffer(byteCount: 1000, firstStep: $0, lastStep: $0 + 1) }
    #expect(MemoryPlanner.layout(buffers).byteCount == 2 * 1024)
  }
}
