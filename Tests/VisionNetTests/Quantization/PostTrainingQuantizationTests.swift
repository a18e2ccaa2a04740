import VisionGraph
import Foundation
import Testing
import VisionNet
import VisionSystem

@Suite struct PostTrainingQuantizationTests {
  private static let data: String = {
    let package = #filePath.components(separatedBy: "/Tests/")[0]
    return ProcessInfo.processInfo.environment["VISIONNET_DATA"] ?? "\(package)/../shared/data"
  }()

  /// A folder `colors/red`, `colors/green` of noisy images, gone with the object.
  private final class Folder {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("visionnet-\(UUID().uuidString)")
      .path

    init(classes: [String] = ["Red!", "green"], count: Int = 6) throws {
      for (index, name) in classes.enumerated() {
        try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
        for number in 0..<count {
          let noise = Philox(seed: UInt64(index * 100 + number)).uniform(count: 16 * 16 * 3)
          let pixels = noise.enumerated().map { UInt8(saturating: $1 * 120 + ($0 % 3 == index ? 130 : 0)) }
          try Image(width: 16, height: 16, pixels: pixels).write(to: "\(path)/\(name)/\(number).png")
        }
      }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  /// Tells red from green by a convolution and a matrix product.
  private func model() throws -> Model {
    let builder = GraphBuilder()
    let x = try builder.image(height: 16, width: 16)
    let w = try builder.parameter("conv.weight", shape: [8, 3, 3, 3], initializer: .zeros)
    let b = try builder.parameter("conv.bias", shape: [8], initializer: .zeros)
    let v = try builder.parameter("head.weight", shape: [2, 8], initializer: .zeros)
    let window = Window(kernel: [3, 3], padding: .explicit([1, 1, 1, 1]))
    var y = try builder.add(Relu(), builder.add(Conv(window: window), x, w, b, name: "conv"), name: "relu")
    y = try builder.add(Flatten(), builder.add(GlobalAveragePool(), y, name: "mean"), name: "flat")
    try builder.output("logits", builder.add(Gemm(transposesB: true), y, v, name: "head"))
    var parameters = Parameters()
    let numbers = Philox(seed: 8)
    // Channel o looks for red or green, with some noise.
    parameters["conv.weight"] = Tensor(
      numbers.normal(count: 216).enumerated().map { index, number in
        (index / 9 % 3 == index / 27 % 2 ? 0.2 : -0.1) + 0.02 * number
      }, shape: [8, 3, 3, 3])
    parameters["conv.bias"] = Tensor(numbers.normal(count: 8, stream: 1).map { 0.1 * $0 })
    parameters["head.weight"] = Tensor((0..<16).map { $0 % 2 == $0 / 8 ? 1 : Float(-1) }, shape: [2, 8])
    return Model(
      graph: try builder.graph.withProbabilities(temperature: 1.5), parameters: parameters,
      labels: ["red", "green"],
      preprocessing: try Preprocessing(
        width: 16, height: 16, fit: .squash, filter: .bilinear, channels: .rgb,
        scale: [1 / 255.0, 1 / 255.0, 1 / 255.0],
        mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25]),
      provenance: Model.Provenance(name: "colors", license: "MIT"))
  }

  @Test func keepsWhatTheModelSaysAndEverythingElse() throws {
    let folder = try Folder()
    let images = try QuantizationImages(folder.path, labels: ["red", "green"], seed: 1)
    #expect(images.isLabeled)
    #expect(images.images.count == 12)
    var quantization = PostTrainingQuantization()
    quantization.images = 4
    let result = try quantization.run(model(), on: images, seed: 1)
    let figures = result.quantization
    #expect(figures.images == 4 && figures.testImages == 8 && figures.isHeldOut && figures.seed == 1)
    #expect(figures.top1?.before == 1 && figures.top1?.after == 1 && figures.agreement == 1)
    #expect((25...80).contains(figures.signalToNoise))
    #expect(result.trials.map(\.method) == RangeMethod.allCases)
    #expect(result.trials.contains { $0.method.rawValue == figures.method })
    // As a file and back.
    let read = try Model(bytes: result.model.bytes())
    #expect(read.quantization == figures)
    #expect(read.labels == ["red", "green"])
    #expect(read.preprocessing == (try model().preprocessing))
    #expect(read.provenance?.name == "colors")
    #expect(read.graph.temperature == 1.5)
    #expect(try read.bytes() == result.model.bytes())
    let plan = try Plan(read.graph, parameters: read.parameters)
    #expect(plan.referenceNodes.isEmpty)
    let image = try Image(contentsOf: images.images[0].path)
    let (a, b) = (try ImageClassifier(read).logits(image), try ImageClassifier(model()).logits(image))
    #expect(zip(a, b).allSatisfy { abs($0 - $1) < 0.05 * b.map(abs).max()! })
    #expect(a == (try ImageClassifier(result.model, threads: 2).logits(image)))
  }

  @Test func equalSeedsGiveEqualBytesOnAnyNumberOfThreads() throws {
    let folder = try Folder()
    func bytes(seed: UInt64, threads: Int) throws -> [UInt8] {
      var quantization = PostTrainingQuantization()
      (quantization.images, quantization.threads) = (3, threads)
      let images = try QuantizationImages(folder.path, labels: [], seed: seed)
      return try quantization.run(model(), on: images, seed: seed).model.bytes()
    }
    let first = try bytes(seed: 5, threads: 1)
    #expect(try bytes(seed: 5, threads: 2) == first)
    #expect(try bytes(seed: 6, threads: 1) != first)
  }

  @Test func foldersOfOtherNamesAreNoClasses() throws {
    let folder = try Folder(classes: ["red", "other"])
    let images = try QuantizationImages(folder.path, labels: ["red", "green"], seed: 0)
    #expect(!images.isLabeled)
    var quantization = PostTrainingQuantization()
    (quantization.images, quantization.method) = (100, .minMax)
    let figures = try quantization.run(model(), on: images, seed: 0).quantization
    #expect(figures.top1 == nil && !figures.isHeldOut && figures.images == 12 && figures.testImages == 12)
    #expect(figures.method == "minmax")
  }

  @Test func refusesFoldersWithoutImages() throws {
    let folder = try Folder(classes: [])
    try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    #expect(throws: DatasetError.self) { try QuantizationImages(folder.path, labels: [], seed: 0) }
    #expect(throws: DatasetError.self) { try QuantizationImages("\(folder.path)/none", labels: [], seed: 0) }
  }

  /// The published network on dogs; a few images only, since tests must be fast. The figures of all 800 are in
  /// docs/performance-diary.md.
  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: data + "/dogs10/val"), "needs ../shared/data/dogs10"))
  func efficientNetKeepsItsAnswers() throws {
    guard let path = try PretrainedStore.standard().path(of: "efficientnet-lite0") else {
      return print(
        "skipped: efficientnet-lite0 is not in the cache; visionnet models pull efficientnet-lite0")
    }
    let model = try Model(contentsOf: path)
    let images = try QuantizationImages("\(Self.data)/dogs10/val", labels: model.labels, seed: 0)
    #expect(images.isLabeled)
    var quantization = PostTrainingQuantization()
    (quantization.images, quantization.testImages, quantization.method) = (16, 48, .mse)
    let result = try quantization.run(model, on: images, seed: 0)
    let top1 = try #require(result.quantization.top1)
    #expect(top1.before > 0.7)
    #expect(top1.after >= top1.before - 0.05)
    #expect(result.quantization.agreement.map { $0 > 0.9 } == true)
    #expect(result.quantization.signalToNoise > 15)
    let plan = try Plan(result.model.graph.bound(batch: 1), parameters: result.model.parameters)
    #expect(plan.referenceNodes.isEmpty)
  }
}
