import Foundation
import Testing
import VisionTensor
import VisionTraining

@testable import VisionNet

/// Images as bytes, many at a time, and answers as records.
@Suite struct ClassifierFormsTests {
  private func classify(_ classifier: ImageClassifier, _ bytes: [UInt8]) throws -> [Prediction] {
    try classifier.classify(encoded: bytes, top: 2)
  }

  @Test func bytesOfAFileAreClassifiedAsTheImageInIt() async throws {
    let classifier = try TinyClassifier.make()
    let image = try TinyClassifier.image(3)
    let bytes = try image.pngData()
    let expected = try await classifier.classify(image, top: 2)
    #expect(try classify(classifier, bytes) == expected)
    #expect(try await classifier.classify(encoded: bytes, top: 2) == expected)
    let error = await #expect(throws: ClassifierError.self) {
      try await classifier.classify(encoded: Array(bytes.prefix(60)))
    }
    #expect(error?.code == "truncated")
  }

  @Test func predictionIsTheSameAfterJSON() throws {
    let predictions = [Prediction(label: "dog", index: 3, probability: 0.75)]
    let data = try JSONEncoder().encode(predictions)
    #expect(try JSONDecoder().decode([Prediction].self, from: data) == predictions)
  }

  private func numbers(_ classifier: ImageClassifier, _ images: [Image]) throws -> [[[Float]]] {
    [try classifier.logits(images), try classifier.probabilities(images), try classifier.embeddings(images)]
  }

  @Test func manyImagesHaveTheirNumbersInOrder() async throws {
    var model = try TinyClassifier.model()
    model.embedding = "pool"
    let classifier = try ImageClassifier(model, threads: 2)
    let images = try (0..<20).map { try TinyClassifier.image($0) }
    let all = try numbers(classifier, images)
    #expect(all.map(\.count) == [20, 20, 20] && all.map { $0[0].count } == [5, 5, 24])
    #expect(try await classifier.logits(images) == all[0])
    #expect(try await classifier.probabilities(images) == all[1])
    #expect(try await classifier.embeddings(images) == all[2])
    let last = try await classifier.logits(images[19])
    for (a, b) in zip(last, all[0][19]) { #expect(abs(a - b) < 1e-4) }
    #expect(all[0][0] != all[0][19])
  }

  private func gray(_ level: UInt8) throws -> Image {
    try Image(width: 9, height: 9, pixels: [UInt8](repeating: level, count: 9 * 9 * 3))
  }

  @Test func classifierOfATrainingNamesWhatItLearned() async throws {
    // Dark and bright samples of 8 × 8 pixels.
    let random = Philox(seed: 1).normal(count: 40 * 64)
    let x = Tensor(
      random.enumerated().map { 0.05 * $1 + ($0 / 64 % 2 == 0 ? 0.2 : 0.8) }, shape: [40, 1, 8, 8])
    let y = Tensor((0..<40).map { Int64($0 % 2) })
    var settings = TrainerSettings()
    settings.threads = 1
    settings.batchSize = 8
    settings.schedule = .cosine(0.01)
    let network = Sequential {
      Flatten()
      Dense(6).named("hidden")
      ReLU()
      Dense(2).named("head")
    }
    let trainer = try Trainer(network, on: TensorSamples(x, y), settings: settings)
    try trainer.runBlocking(epochs: 80)
    let preprocessing = try Preprocessing(
      width: 8, height: 8, fit: .squash, channels: .gray, scale: [1 / 255.0])
    let classifier = try trainer.classifier(labels: ["dark", "bright"], preprocessing: preprocessing)
    let (dark, bright) = (try gray(45), try gray(210))
    let best = try await classifier.classify([dark, bright], top: 1)
    #expect(best.map { $0.map(\.label) } == [["dark"], ["bright"]])
    #expect(try await classifier.embedding(bright).count == 6)
    #expect(classifier.model.labels == ["dark", "bright"] && classifier.model.preprocessing == preprocessing)
    let error = #expect(throws: ClassifierError.self) {
      try trainer.classifier(labels: ["dark"], preprocessing: preprocessing)
    }
    #expect(error?.kind == .labels)
  }

  @Test func arithmeticOnValuesAppendsOperators() throws {
    let builder = GraphBuilder()
    let a = try builder.input("a", dimensions: [.fixed(2), .fixed(2)])
    let b = try builder.input("b", dimensions: [.fixed(2)])
    try builder.output("y", (a + b) * a - b / a)
    let plan = try Plan(builder.graph, parameters: Parameters())
    let result = try plan.run(
      ["a": Tensor([1, 2, 4, 8] as [Float], shape: [2, 2]), "b": Tensor([3, 4] as [Float])],
      on: Executor(threads: 1))
    #expect(result["y"]?.floats == [1, 10, 27.25, 95.5])
  }
}
