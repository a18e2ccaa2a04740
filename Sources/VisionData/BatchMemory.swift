import VisionSystem

/// The memory of a batch, which the loader reuses.
// Safe to share: the loader's threads write it and hand it over under their lock. Then only one `Batch` uses
// it, which only reads it until it returns it to the loader.
final class BatchMemory: @unchecked Sendable {
  var images: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(rebasing: allImages[..<(count * sampleElements)])
  }
  /// Nil if `labels` is sufficient.
  var targets: UnsafeMutableBufferPointer<Float>? {
    allTargets.map { UnsafeMutableBufferPointer(rebasing: $0[..<(count * targetCount)]) }
  }
  var labels: [Int] = []
  var samples: [Int] = []
  var epoch = 0
  var position = 0
  var count: Int { samples.count }
  let sampleElements: Int
  let targetCount: Int

  // For the loader only, protected by its lock.
  var number = 0
  var pendingChunks = 0
  var isReady = false
  var failure: (row: Int, error: TrainingError)?
  /// Memory for one more sample, used in mixing.
  let spareImage: UnsafeMutableBufferPointer<Float>?
  let spareTarget: UnsafeMutableBufferPointer<Float>?
  private let allImages: UnsafeMutableBufferPointer<Float>
  private let allTargets: UnsafeMutableBufferPointer<Float>?

  init(capacity: Int, sampleElements: Int, targetCount: Int, hasTargets: Bool, isMixed: Bool) {
    self.sampleElements = sampleElements
    self.targetCount = targetCount
    func room(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
      // Alignment for vector registers and cache lines of 64 bytes.
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 1) * 4, alignment: 64)
      memory.initializeMemory(as: UInt8.self, repeating: 0)
      return UnsafeMutableBufferPointer(rebasing: memory.bindMemory(to: Float.self)[..<count])
    }
    allImages = room(capacity * sampleElements)
    allTargets = hasTargets || isMixed ? room(capacity * targetCount) : nil
    spareImage = isMixed ? room(sampleElements) : nil
    spareTarget = isMixed ? room(targetCount) : nil
    labels.reserveCapacity(capacity)
  }

  deinit {
    for memory in [allImages, allTargets, spareImage, spareTarget] {
      memory.map { UnsafeMutableRawPointer($0.baseAddress)?.deallocate() }
    }
  }

  func image(_ row: Int) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(rebasing: allImages[row * sampleElements..<(row + 1) * sampleElements])
  }

  func target(_ row: Int) -> UnsafeMutableBufferPointer<Float>? {
    allTargets.map { UnsafeMutableBufferPointer(rebasing: $0[row * targetCount..<(row + 1) * targetCount]) }
  }
}
