import VisionData
import Testing
import VisionTestSupport
import VisionImage
import VisionModel
import VisionTensor

@testable import VisionTasks
@testable import VisionTraining

@Suite struct FineTuningTests {
  /// Three noisy colors, split as given.
  private func data() throws -> (folder: SampleFolder, data: ImageFolder) {
    let folder = try SampleFolder()
    for (channel, name) in ["red", "green", "blue"].enumerated() {
      try folder.addImages(16, channel: channel, to: "train/\(name)", noise: 136)
      try folder.addImages(20, channel: channel, to: "val/\(name)", noise: 136)
    }
    return (folder, try ImageFolder(folder.path))
  }

  private func learning(_ fineTuning: FineTuning, threads: Int = 1, rate: Double = 0.01) throws
    -> TransferLearning
  {
    var configuration = GivenSettings()
    configuration[.fineTuning] = fineTuning
    configuration[.epochs] = 4
    configuration[.batchSize] = 8
    configuration[.rate] = rate
    configuration[.seed] = 3
    configuration[.threads] = threads
    configuration[.augmentation] = AugmentationPreset.none
    var learning = TransferLearning(try TinyBackbone.make(), threads: threads)
    learning.fineTuning = configuration
    return learning
  }

  @Test func theBetterNetworkOnValidationIsKept() throws {
    let (folder, data) = try data()
    defer { withExtendedLifetime(folder) {} }
    let result = try learning(.all).train(on: data)
    let tuned = try #require(result.fineTuned)
    let (frozen, after) = (try #require(tuned.frozen), try #require(tuned.tuned))
    #expect(tuned.isKept == ((after.top1, -after.loss) > (frozen.top1, -frozen.loss)))
    #expect(try #require(result.validation).top1 == max(frozen.top1, after.top1))
  }

  @Test func aNetworkThatGotWorseIsThrownAway() throws {
    let (folder, data) = try data()
    defer { withExtendedLifetime(folder) {} }
    let frozen = try TransferLearning(TinyBackbone.make(), threads: 1).train(on: data)
    var learning = try learning(.all, rate: 20)
    learning.fineTuning?[.clip] = 0
    let result = try learning.train(on: data)
    let tuned = try #require(result.fineTuned)
    #expect(!tuned.isKept)
    #expect(try #require(tuned.tuned).top1 < #require(tuned.frozen).top1)
    #expect(try result.model.bytes() == frozen.model.bytes())
  }

  @Test func threadsDoNotChangeAByte() throws {
    let (folder, data) = try data()
    defer { withExtendedLifetime(folder) {} }
    let results = try [1, 2].map { try learning(.all, threads: $0).train(on: data) }
    #expect(try results[0].model.bytes() == results[1].model.bytes())
    #expect(
      results[0].fineTuned?.training.lastParameters["conv.weight"]
        == results[1].fineTuned?.training.lastParameters["conv.weight"])
  }

  @Test func statisticsStayAndAllWeightsMove() throws {
    let (folder, data) = try data()
    defer { withExtendedLifetime(folder) {} }
    let backbone = try TinyBackbone.model()
    let result = try learning(.all).train(on: data)
    let after = try #require(result.fineTuned).training.lastParameters
    for (name, tensor) in backbone.parameters where after[name] != nil && !name.hasPrefix("fc.") {
      if name.contains("running") {
        #expect(after[name] == tensor, "\(name)")
      } else {
        #expect(after[name] != tensor, "\(name)")
      }
    }
  }
}
