import CAllocationCounter
import Testing
import VisionSystem
import VisionTestSupport
import VisionImage
import VisionTensor

@testable import VisionData

@Suite struct BatchLoaderAllocationTests {
  /// Without optimization closures and existentials are allocated.
  private static let isOptimized: Bool = {
    var isDebug = false
    assert({ isDebug = true }() == ())
    return !isDebug
  }()

  @Test(.enabled(if: isOptimized && allocation_counter_works(), "needs an optimized build and glibc"))
  func samplesFromTheCacheAllocateNothing() throws {
    let folder = try SampleFolder.colors(4)
    let data = try ImageFolder(folder.path, validation: 0)
    for preset in AugmentationPreset.allCases {
      for side in [12, 70] {
        let source = try ImageSamples(
          data.training, classes: 3, preprocessing: .squashed(side),
          augmentation: AugmentationPolicy(preset, width: side, height: side, content: .things),
          cache: ImageCache(byteBudget: 1 << 20))
        let reader = source.makeReader(seed: 1)
        let rows = TensorRows(source.specs, capacity: 1)
        // The tables of the resize grow to those of the largest part that is cut out.
        for epoch in 0..<40 {
          for sample in 0..<12 { try reader.read(sample, epoch: epoch, into: rows.slots(0)) }
        }
        let before = allocation_counter_value()
        for epoch in 0..<20 {
          for sample in 0..<12 { try reader.read(sample, epoch: epoch, into: rows.slots(0)) }
        }
        #expect(allocation_counter_value() - before == 0, "\(preset) at \(side)")
      }
    }
  }
}
