import VisionData
import VisionInference
import Foundation
import Testing
import VisionTestSupport
import VisionGraph
import VisionImage
import VisionModel
import VisionRuntime
import VisionSystem
import VisionTensor

@testable import VisionTasks
@testable import VisionTraining

@Suite struct TransferLearningTests {
  @Test func colorsAreLearned() throws {
    let folder = try SampleFolder.colors(20)
    let result = try TransferLearning(TinyBackbone.make()).train(on: ImageFolder(folder.path))
    #expect(result.model.labels == ["blue", "green", "red"])
    #expect(result.isRefitted)
    #expect(result.skipped.isEmpty)
    #expect(try #require(result.validation).top1 > 0.9)
    #expect(result.model.threshold != nil)
    #expect(result.model.provenance?.name.contains("tiny") == true)
  }

  @Test func threadsDoNotChangeAByteOfTheModel() throws {
    let folder = try SampleFolder.colors(12)
    let models = try [1, 2, 2].enumerated().map { index, threads in
      let learning = TransferLearning(
        try TinyBackbone.make(), threads: threads, cacheFolder: index == 0 ? nil : folder.file("cache"))
      return try learning.train(on: ImageFolder(folder.path, seed: 7)).model.bytes()
    }
    #expect(models[0] == models[1])
    #expect(models[0] == models[2])
  }

  @Test func theModelGivesTheFiguresThatWereReported() throws {
    let folder = try SampleFolder()
    for (channel, name) in ["red", "green", "blue"].enumerated() {
      try folder.addImages(8, channel: channel, to: "train/\(name)", noise: 136)
      try folder.addImages(40, channel: channel, to: "val/\(name)", noise: 136)
    }
    let data = try ImageFolder(folder.path)
    let result = try TransferLearning(TinyBackbone.make()).train(on: data)
    #expect(!result.isRefitted)
    let model = try Model(bytes: result.model.bytes())
    #expect(model.head == "fc")
    #expect(model.graph.nodes.contains { $0.operation is DropoutOperator })
    #expect(model.graph.nodes.contains { $0.operation is BatchNormalization })
    let plan = try Plan(model.graph, parameters: model.parameters)
    var workspace = plan.makeWorkspace(for: .init(threads: 1))
    var elements: [Float] = []
    for image in data.validation {
      let input = try #require(model.preprocessing).apply(to: Image(contentsOf: image.path))
      let outputs = try plan.run(["input": input], in: &workspace)
      elements += try #require(outputs["probabilities"]).floats
    }
    let metrics = ClassificationMetrics(
      probabilities: Matrix(rows: data.validation.count, columns: 3, elements: elements),
      labels: data.validation.map(\.label), names: model.labels, threshold: model.threshold)
    let reported = try #require(result.validation)
    #expect(metrics.top1 == reported.top1)
    #expect(metrics.confusion == reported.confusion)
    #expect(abs(metrics.loss - reported.loss) < 1e-5)
  }

  @Test func imagesOfValidationAndTestAreNeverTrainedOn() throws {
    let folder = try SampleFolder()
    for (channel, name) in ["red", "green"].enumerated() {
      for part in ["train", "val", "test"] {
        try folder.addImages(30, channel: channel, to: "\(part)/\(name)")
      }
    }
    let before = try TransferLearning(TinyBackbone.make()).train(on: ImageFolder(folder.path))
    // Test images of the other color change the figures and nothing else.
    try folder.addImages(30, channel: 1, to: "test/red")
    let after = try TransferLearning(TinyBackbone.make()).train(on: ImageFolder(folder.path))
    #expect(try before.model.bytes() == after.model.bytes())
    let (first, second) = (try #require(before.test), try #require(after.test))
    #expect(first.top1 > second.top1)
    let training = try #require(before.data.training.count == 60 ? before.training : nil)
    #expect(training.images == 60)
  }

  @Test func badFilesAreSkippedAndNamedOnce() throws {
    let folder = try SampleFolder.colors(6)
    let whole = try SampleFolder.image(3, channel: 0)
    try folder.write([], to: "red/empty.png")
    try folder.write(Array(whole[..<(whole.count / 2)]), to: "green/half an image.png")
    try folder.write(Array("GIF89a".utf8), to: "blue/moving.gif")
    let told = Locked<[String]>([])
    let result = try TransferLearning(TinyBackbone.make()).train(
      on: ImageFolder(folder.path),
      report: { event in
        if case .skipped(let file) = event { told.withLock { $0.append(file.path) } }
      })
    #expect(
      result.skipped.map(\.path)
        == ["blue/moving.gif", "green/half an image.png", "red/empty.png"].map(folder.file))
    #expect(told.withLock { $0 } == result.skipped.map(\.path))
    #expect(result.data.images.count == 18)
    var strict = TransferLearning(try TinyBackbone.make())
    strict.isStrict = true
    #expect { _ = try strict.train(on: ImageFolder(folder.path)) } throws: {
      ($0 as? TrainingError)?.code == "skipped"
    }
  }

  @Test func aClassWithoutAReadableImageIsAnError() throws {
    let folder = try SampleFolder.colors(4)
    try folder.write([1, 2], to: "violet/bad.png")
    let learning = TransferLearning(try TinyBackbone.make())
    #expect { _ = try learning.train(on: ImageFolder(folder.path)) } throws: { error in
      (error as? TrainingError)?.code == "noneReadable" && "\(error)".contains("violet")
    }
  }

  @Test func aTrainedModelCanBeTrainedOn() throws {
    let folder = try SampleFolder.colors(8)
    let first = try TransferLearning(TinyBackbone.make()).train(on: ImageFolder(folder.path)).model
    try folder.addImages(8, channel: 1, to: "grass")
    let second = try TransferLearning(Backbone(Model(bytes: first.bytes()))).train(
      on: ImageFolder(folder.path)
    ).model
    #expect(second.labels == ["blue", "grass", "green", "red"])
    #expect(second.graph.parameters.map(\.name) == first.graph.parameters.map(\.name))
  }

  @Test func modelsWithoutAnEmbeddingAreRefused() throws {
    var model = try TinyBackbone.model()
    model.embedding = nil
    #expect { _ = try Backbone(model) } throws: { ($0 as? TrainingError)?.code == "embedding" }
    model = try TinyBackbone.model()
    model.preprocessing = nil
    #expect { _ = try Backbone(model) } throws: { ($0 as? TrainingError)?.code == "preprocessing" }
  }
}
