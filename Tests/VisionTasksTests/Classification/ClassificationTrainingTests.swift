import Testing
import VisionData
import VisionGraph
import VisionImage
import VisionInference
import VisionLayers
import VisionModel
import VisionSystem
import VisionTensor
import VisionTestSupport
import VisionTraining

@testable import VisionTasks

@Suite struct ClassificationTrainingTests {
  private struct Body: VisionLayers.Network {
    var body: some Layer {
      Conv2D(6, kernel: 3, stride: 2).named("conv")
      BatchNorm().named("norm")
      ReLU().named("relu")
      GlobalAveragePool().named("pool")
      Flatten().named("flatten")
    }
  }

  private static let preprocessing = Preprocessing.squashed(8)

  /// Images of three colors, those to train on changed anew in each epoch.
  private static func data(_ folder: ImageFolder) throws -> Dataset<Image, ClassLabel> {
    func samples(_ images: [LabeledImage], _ preset: AugmentationPreset) throws -> ImageSamples {
      try ImageSamples(
        images, classes: 3, preprocessing: preprocessing,
        augmentation: AugmentationPolicy(preset, width: 8, height: 8, content: .things))
    }
    return Dataset(
      name: "colors", training: try samples(folder.training, .light),
      validation: try samples(folder.validation, .none))
  }

  private static var settings: TrainerSettings {
    var settings = TrainerSettings()
    (settings.seed, settings.batchSize, settings.lastBatch) = (2, 6, .leftOut)
    settings.schedule = CosineSchedule(0.05)
    return settings
  }

  @Test func colorsAreLearned() throws {
    let images = try SampleFolder.colors(30)
    let folder = try ImageFolder(images.path, validation: 0.3)
    let task = try Classification(labels: folder.labels, preprocessing: Self.preprocessing)
    let outcome = try TrainingRun(
      task, on: Self.data(folder), from: .layers(Body()), epochs: 8, settings: Self.settings
    ).run()
    let counts = try #require(outcome.validation)
    #expect(counts.scores.map(\.name) == ["top1"] && counts.scores[0].value > 0.9)
    #expect(counts.metrics.images == folder.validation.count && counts.metrics.labels == folder.labels)
    // Temperature and threshold were fitted, and are in the file.
    let model = try Model(bytes: outcome.model.bytes())
    #expect(model.threshold != nil && model.threshold == outcome.task.threshold)
    #expect(counts.metrics.threshold?.value == model.threshold)
    #expect(
      model.labels == folder.labels && model.head == "head" && model.preprocessing == Self.preprocessing)
    #expect(model.embedding != nil && model.graph.outputs.map(\.name) == ["logits", "probabilities"])
  }

  @Test func isATask() throws {
    let images = try SampleFolder.colors(6)
    let folder = try ImageFolder(images.path, validation: 0.3)
    try checkTask(
      Classification(labels: folder.labels, preprocessing: Self.preprocessing), on: Self.data(folder),
      from: .layers(Body()), settings: Self.settings,
      perfect: { targets in
        let label = targets[0].integers[0]
        return [Tensor((0..<3).map { Float($0 == label ? 1 : 0) }, shape: [1, 3])]
      }
    ) { scores, truth in
      scores.top(1, labels: folder.labels).map(\.index) == truth.classes
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let images = try SampleFolder.colors(4)
    let folder = try ImageFolder(images.path, validation: 0.3)
    let error = #expect(throws: ClassifierError.self) {
      try Classification(labels: ["one"], preprocessing: Self.preprocessing)
    }
    #expect(error?.kind == .labels)
    // Images of other sides than the task's input.
    let task = try Classification(labels: folder.labels, preprocessing: .squashed(9))
    let run = try TrainingRun(
      task, on: Self.data(folder), from: .layers(Body()), epochs: 1, settings: Self.settings)
    let other = #expect(throws: TrainingError.self) { _ = try run.run() }
    #expect(other?.code == "shape")
    let rows = TensorRows(task.targets, capacity: 1)
    for classes in [[0, 1], [3]] {
      let error = #expect(throws: TrainingError.self) {
        try task.write(ClassLabel(classes), into: rows.slots(0))
      }
      #expect(error?.kind == .label)
    }
  }
}
