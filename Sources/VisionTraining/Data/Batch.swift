/// Some samples at once, in memory that the loader uses again once the batch is given back.
///
/// One thread at a time may use it.
public final class Batch: @unchecked Sendable {
  /// N×… numbers, the inputs of `count` samples.
  public var images: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(rebasing: allImages[..<(count * sampleElements)])
  }
  /// N×K numbers where samples are mixed or have more than one label to them; nil where labels say it all.
  public var targets: UnsafeMutableBufferPointer<Float>? {
    allTargets.map { UnsafeMutableBufferPointer(rebasing: $0[..<(count * targetCount)]) }
  }
  /// The class of each sample; of mixed ones that of the first.
  public internal(set) var labels: [Int] = []
  /// The number of each sample in the source.
  public internal(set) var samples: [Int] = []
  /// From 0.
  public internal(set) var epoch = 0
  /// The place of the batch in its epoch, from 0.
  public internal(set) var position = 0
  /// N, the number of samples: the batch size, or less in the last batch of an evaluation.
  public var count: Int { samples.count }

  /// The numbers of one input.
  public let sampleElements: Int
  /// K, the numbers of one target.
  public let targetCount: Int

  // The loader's, under its lock.
  var number = 0
  var pendingChunks = 0
  var isReady = false
  var failure: (row: Int, error: TrainingError)?
  /// Room for one more sample, for mixing.
  let spareImage: UnsafeMutableBufferPointer<Float>?
  let spareTarget: UnsafeMutableBufferPointer<Float>?
  private let allImages: UnsafeMutableBufferPointer<Float>
  private let allTargets: UnsafeMutableBufferPointer<Float>?

  init(capacity: Int, sampleElements: Int, targetCount: Int, hasTargets: Bool, isMixed: Bool) {
    self.sampleElements = sampleElements
    self.targetCount = targetCount
    func room(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
      // Registers and cache lines of 64 bytes.
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
