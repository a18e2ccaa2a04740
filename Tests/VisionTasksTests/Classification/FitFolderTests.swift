import Testing
import VisionData
import VisionGraph
import VisionImage
import VisionLayers
import VisionModel
import VisionSystem
import VisionTensor
import VisionTestSupport
import VisionTraining

@testable import VisionTasks

/// Networks of one's own on folders of images.
@Suite struct FitFolderTests {
  private struct ColorNet: VisionLayers.Network {
    var body: some Layer {
      Conv2D(8, kernel: 3)
      ReLU()
      GlobalAveragePool()
      Dense(3)
    }
  }

  @Test func aFolderOfImagesIsLearnedAndTheModelKnowsItsLabels() throws {
    let images = try SampleFolder.colors(12)
    let folder = try ImageFolder(images.path)
    let preprocessing = try Preprocessing(
      width: 12, height: 12, fit: .squash, scale: [1 / 255.0, 1 / 255.0, 1 / 255.0])
    func fitted(threads: Int) throws -> FittedNetwork {
      var settings = TrainerSettings()
      (settings.batchSize, settings.threads, settings.schedule) = (8, threads, ConstantSchedule(0.03))
      return try ColorNet().fit(
        folder, preprocessing, epochs: 12, augmentation: .light, settings: settings)
    }
    let network = try fitted(threads: 1)
    #expect((network.result.best?.score("top1") ?? 0) > 0.9)
    let model = network.model
    #expect(model.labels == ["blue", "green", "red"])
    #expect(model.preprocessing == preprocessing)
    #expect(model.graph.outputs.map(\.name) == ["logits", "probabilities"])
    #expect(try model.bytes() == fitted(threads: 2).model.bytes())
    try images.write([1], to: "red/broken.png")
    let broken = try ImageFolder(images.path)
    let error = #expect(throws: TrainingError.self) {
      try ColorNet().fit(broken, preprocessing, epochs: 1)
    }
    #expect(error?.place?.hasSuffix("red/broken.png") == true)
  }
}
