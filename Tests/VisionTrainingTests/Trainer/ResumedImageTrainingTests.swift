import VisionTestSupport
import VisionSystem
import VisionData
import Testing
import VisionImage
import VisionTensor

@testable import VisionTraining

/// Training on images through a loader that is killed and goes on gives the same bytes as one that is not.
@Suite struct ResumedImageTrainingTests {
  private static let epochs = 2

  /// Batches of 4 images, changed and mixed.
  private static func trainer(
    _ data: ImageFolder, _ folder: SampleFolder?, threads: Int, killedAt step: Int? = nil
  )
    throws -> Trainer
  {
    func samples(_ images: [LabeledImage], _ preset: AugmentationPreset) throws -> ImageSamples {
      try ImageSamples(
        images, classes: 3, preprocessing: .squashed(8),
        augmentation: AugmentationPolicy(preset, width: 8, height: 8, content: .things))
    }
    var settings = TrainingToy.settings(threads: threads)
    settings.batchSize = 4
    settings.mixing = BatchMixing(mixUp: 0.4, cutMix: 1)
    settings.lastBatch = .leftOut
    settings.loaderThreads = threads
    settings.averageDecay = 0.8
    settings.folder = folder?.path
    settings.checkpointSteps = 1
    if let step {
      // As a power failure would: nothing is done afterwards.
      settings.callbacks = [
        TrainerTests.Watcher { (event, _) throws(TrainingError) in
          if case .step(let report) = event, report.step == step { throw TrainingError(.unknown, "killed") }
        }
      ]
    }
    let graph = try TrainingToy.Network(classes: 3).graph(sample: [3, 8, 8])
    return try Trainer(
      graph, on: samples(data.training, .strong), validation: samples(data.validation, .none),
      settings: settings)
  }

  @Test func killedAndResumedAtEveryBatchOfTwoEpochs() throws {
    let images = try SampleFolder.colors(10)
    let data = try ImageFolder(images.path, validation: 0.2)
    let undisturbed = try Self.trainer(data, nil, threads: 1).runBlocking(epochs: Self.epochs)
    #expect(undisturbed.steps == 2 * (data.training.count / 4) && undisturbed.steps >= 8)
    for step in 1...undisturbed.steps {
      let folder = try SampleFolder()
      let first = try Self.trainer(data, folder, threads: 2, killedAt: step)
      #expect(throws: TrainingError.self) { try first.runBlocking(epochs: Self.epochs) }
      let second = try Self.trainer(data, folder, threads: step % 3)
      let checkpoint = try Checkpoint(contentsOf: folder.path)
      #expect(checkpoint.position.step == step - 1)
      try second.resume(from: checkpoint)
      let result = try second.runBlocking(epochs: Self.epochs)
      #expect(result.lastParameters.map(\.tensor) == undisturbed.lastParameters.map(\.tensor), "step \(step)")
      #expect(result.parameters.map(\.tensor) == undisturbed.parameters.map(\.tensor), "step \(step)")
      #expect(result.history.map(\.trainingLoss) == undisturbed.history.map(\.trainingLoss))
      #expect(result.history.map(\.validation) == undisturbed.history.map(\.validation))
    }
  }
}
