import Foundation
import Testing
import VisionCompute
import VisionSystem
import VisionTensor

@testable import VisionNet

@Suite(.serialized) struct ClassifierMemoryTests {
  /// Calls from eight tasks, of sizes as `size` says.
  private static func run(
    _ classifier: ImageClassifier, _ images: [Image], calls: Int, size: @escaping @Sendable (Int) -> Int
  ) async throws {
    let next = Locked(0)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          while true {
            let call = next.withLock { next in
              defer { next += 1 }
              return next
            }
            guard call < calls else { return }
            let count = size(call)
            let results = try await classifier.classify(Array(images[..<count]), top: 1)
            #expect(results.count == count)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// Every size from 1 to 16, in an order without a pattern.
  @Sendable private static func mixed(_ call: Int) -> Int { call &* 7 % 16 &+ 1 }

  @Test func mixedSizesStayWithinTheLimit() async throws {
    let classifier = try TinyClassifier.make(side: 64)
    let images = try (0..<16).map { try TinyClassifier.image($0) }
    try await Self.run(classifier, images, calls: 1) { _ in 16 }
    let largest = classifier.idleMemory
    #expect(largest > 1 << 20)
    classifier.idleMemoryLimit = largest * 3 / 2
    try await Self.run(classifier, images, calls: 120, size: Self.mixed)
    #expect(classifier.idleMemory > largest / 2)
    #expect(classifier.idleMemory <= classifier.idleMemoryLimit + largest)

    classifier.releaseMemory()
    #expect(classifier.idleMemory == 0)
    // And it works as before.
    #expect(try await classifier.classify(images).count == 16)
    // Which of the threads prepared images, and so keeps memory for it, is chance.
    #expect((largest * 9 / 10...largest * 11 / 10).contains(classifier.idleMemory))
    classifier.idleMemoryLimit = 0
    #expect(classifier.idleMemory == 0)
    #expect(try await classifier.classify(images).count == 16)
    #expect(classifier.idleMemory == 0)
  }

  /// One call after the other of one size makes its memory once, however large it is.
  @Test func theMemoryUsedLastIsKept() throws {
    let classifier = try TinyClassifier.make()
    classifier.idleMemoryLimit = 1
    let image = try TinyClassifier.image()
    _ = try classifier.classify(image)
    let kept = classifier.idleMemory
    #expect(kept > 1)
    _ = try classifier.classify(image)
    #expect(classifier.idleMemory == kept)
    // Another size takes its place.
    _ = try classifier.classify([image, image, image])
    #expect(classifier.idleMemory > kept)
    _ = try classifier.classify(image)
    #expect(classifier.idleMemory == kept)
  }

  /// The acceptance at full length, by the memory of the process, which other tests would disturb: `scripts/check-memory`.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["VISIONNET_MEMORY_TEST"] != nil))
  func tenThousandCallsOfMixedSizesTakeAsMuchAsThoseOfOne() async throws {
    let classifier = try TinyClassifier.make(side: 128)
    let images = try (0..<16).map { try TinyClassifier.image($0) }
    try await Self.run(classifier, images, calls: 200) { _ in 16 }
    let one = try #require(Self.residentBytes())
    var largest = 0
    for part in 0..<10 {
      try await Self.run(classifier, images, calls: 1000) { Self.mixed($0 + 1000 * part) }
      largest = max(largest, try #require(Self.residentBytes()))
    }
    print("batches of 16: \(one >> 20) MiB; mixed sizes: \(largest >> 20) MiB")
    #expect(largest < one + 100_000_000)
    classifier.releaseMemory()
    print("released: \((Self.residentBytes() ?? 0) >> 20) MiB")
  }

  private static func residentBytes() -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
    return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 4096 }
  }
}
