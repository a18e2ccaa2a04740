import VisionData
import VisionSystem
import Foundation
import Testing
import VisionTestSupport
import VisionImage
import VisionInference
import VisionLayers
import VisionModel

@testable import VisionTasks
@testable import VisionTraining

@Suite struct ScratchTests {
  /// Images of one size and kind in two classes.
  private func images(
    _ count: Int, width: Int, height: Int, isGray: Bool = false, in folder: SampleFolder,
    _ name: String = "data"
  ) throws -> ImageFolder {
    for (index, label) in ["a", "b"].enumerated() {
      for number in 0..<count {
        let pixels = (0..<width * height).flatMap { pixel -> [UInt8] in
          let value = UInt8((pixel * 31 + number * 17 + index * 90) % 200)
          return isGray ? [value, value, value] : [value, 255 - value, UInt8(index * 50)]
        }
        try folder.write(
          Image(width: width, height: height, pixels: pixels).pngData(), to: "\(name)/\(label)/\(number).png")
      }
    }
    return try ImageFolder(folder.file(name))
  }

  @Test func aSurveyKnowsSizesColorsMeansAndBadFiles() throws {
    let folder = try SampleFolder()
    var data = try images(10, width: 9, height: 7, in: folder)
    try folder.write([1, 2, 3], to: "data/a/bad.png")
    data = try ImageFolder(data.root)
    let survey = try FolderSurvey(of: data, threads: 2)
    #expect(survey.skipped.map { $0.path.hasSuffix("a/bad.png") } == [true])
    #expect(survey.data.images.count == 20)
    #expect(survey.commonSize == ImageSize(width: 9, height: 7))
    #expect(survey.shorterSide == 7)
    #expect(!survey.isGray)
    #expect(survey.hashes.count == 20)
    // By hand, over the images to train on.
    let training = try survey.data.training.map { try Image(contentsOf: $0.path).pixels }
    for channel in 0..<3 {
      let values = training.flatMap { pixels in
        stride(from: channel, to: pixels.count, by: 3).map { Double(pixels[$0]) / 255 }
      }
      let mean = values.reduce(0, +) / Double(values.count)
      let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      #expect(abs(survey.mean[channel] - mean) < 6e-5)
      #expect(abs(survey.deviation[channel] - max(0.01, square.squareRoot())) < 6e-5)
    }
    let one = try FolderSurvey(of: data, threads: 1)
    #expect((one.mean, one.deviation) == (survey.mean, survey.deviation))
    let strict = #expect(throws: TrainingError.self) { try FolderSurvey(of: data, isStrict: true) }
    #expect(strict?.code == "skipped")
    let cancelled = #expect(throws: TrainingError.self) { try FolderSurvey(of: data, isCancelled: { true }) }
    #expect(cancelled?.code == "interrupted")
  }

  @Test func whatIsLeftOpenSuitsTheImages() throws {
    let folder = try SampleFolder()
    func resolved(_ data: ImageFolder, _ given: GivenSettings = .init()) throws -> ResolvedSettings {
      try given.resolved(for: FolderSurvey(of: data))
    }
    let digits = try resolved(images(8, width: 28, height: 28, isGray: true, in: folder, "digits"))
    #expect(digits[.architecture] == "simple-cnn")
    #expect(digits[.imageSize] == ImageSize(28))
    #expect(digits[.augmentation] == .light)
    let objects = try resolved(images(8, width: 32, height: 32, in: folder, "objects"))
    #expect(objects[.architecture] == "resnet20")
    #expect(objects[.imageSize] == ImageSize(32))
    #expect(objects[.optimizer] == .sgd)
    #expect(objects[.schedule] == .oneCycle)
    let photos = try resolved(images(3, width: 130, height: 100, in: folder, "photos"))
    #expect(photos[.architecture] == "resnet18")
    #expect(photos[.imageSize] == ImageSize(128))
    let tiny = try images(4, width: 5, height: 20, in: folder, "tiny")
    #expect(try resolved(tiny)[.imageSize] == ImageSize(width: 8, height: 20))
    var given = GivenSettings()
    given[.architecture] = "LeNet5"
    let dense = try resolved(tiny, given)
    #expect(dense[.architecture] == "lenet5")
    #expect(dense[.optimizer] == .adamw)
    // LeNet's valid convolution needs more than 8 columns.
    #expect(dense[.imageSize] == ImageSize(28))
    // Every setting of learning is there, and resolving again changes nothing.
    let kept = try GivenSettings(yaml: photos.yaml, name: "")
    for name in GivenSettings.settings.filter({ $0.keptIn.contains(.scratch) }).map(\.name)
    where GivenSettings.setting(name)?.role == .learning {
      #expect(kept.names.contains(name), "\(name)")
    }
    #expect(try resolved(tiny, GivenSettings(yaml: dense.yaml, name: "")).yaml == dense.yaml)
  }

  @Test func preprocessingNormalizesByTheTrainingImages() throws {
    let folder = try SampleFolder()
    let data = try images(6, width: 12, height: 10, isGray: true, in: folder)
    let survey = try FolderSurvey(of: data)
    let steps = try survey.preprocessing(ImageSize(width: 12, height: 10))
    #expect(steps.channels == .gray)
    let numbers = try survey.data.training.flatMap { try steps.apply(to: Image(contentsOf: $0.path)).floats }
    let mean = numbers.reduce(0, +) / Float(numbers.count)
    let square = numbers.reduce(0) { $0 + $1 * $1 } / Float(numbers.count)
    #expect(abs(mean) < 2e-3)
    #expect(abs(square - 1) < 4e-3)
  }

  @Test func ledgersSurviveOddNames() throws {
    let folder = try SampleFolder()
    for label in ["a, \"b\"", "ü"] {
      for name in ["x,y", "quote\"", "return\r", "accent\"\u{301}", "plain"] {
        try folder.write(
          SampleFolder.image(name.count, channel: label.count), to: "data/\(label)/\(name).png")
      }
    }
    let survey = try FolderSurvey(of: ImageFolder(folder.file("data")))
    let ledger = ImageLedger(survey)
    try ledger.write(to: folder.file("pictures.csv"))
    #expect(try ImageLedger(contentsOf: folder.file("pictures.csv")) == ledger)
    try ledger.check(survey)
    try folder.write([1], to: "data/ü/plain.png")
    let error = #expect(throws: TrainingError.self) {
      try ledger.check(FolderSurvey(of: ImageFolder(folder.file("data"))))
    }
    #expect(error?.code == "dataChanged")
    #expect(error?.message.contains("ü/plain.png") == true)
  }

  @Test func networksAreFoundUnderTheirOtherNames() throws {
    #expect(try ScratchNetwork.architecture("mobilenetv2").name == "mobilenet_v2")
    #expect(try ScratchNetwork.architecture("Simple_CNN").name == "simple-cnn")
    let error = #expect(throws: TrainingError.self) { try ScratchNetwork.architecture("resnet19") }
    #expect(error?.remedy?.contains("resnet18") == true)
    for architecture in Architecture.all where !["vgg16", "alexnet", "resnet50"].contains(architecture.name) {
      let graph = try architecture.graph(classes: 3)
      #expect(
        (graph.embedding(before: architecture.head) == nil)
          == (architecture.name == "squeezenet1_1"), "\(architecture.name)")
    }
  }

  @Test func theSameOnAnyNumberOfThreads() throws {
    let folder = try SampleFolder()
    let survey = try FolderSurvey(of: images(8, width: 8, height: 8, in: folder))
    var given = GivenSettings()
    (given[.architecture], given[.epochs], given[.batchSize], given[.cutmix]) = ("mlp", 2, 4, 1)
    let runs = try [1, 2].map { threads in
      given[.threads] = threads
      return try TrainingRun(survey, given.resolved(for: survey)).run()
    }
    #expect(try runs[0].model.bytes() == runs[1].model.bytes())
    #expect(runs[0].validation?.scores == runs[1].validation?.scores)
    var events: [String] = []
    let run = try TrainingRun(survey, given.resolved(for: survey))
    let result = try run.run(report: { event in
      if case .training(.epoch(let report)) = event { events.append("\(report.epoch)/\(report.epochs)") }
    })
    #expect(events == ["1/2", "2/2"])
    #expect(result.validation?.metrics.images == survey.data.validation.count)
    // What the epoch is judged by and the last evaluation agree, though the one is of batches.
    let best = try #require(result.stages[0].training?.best)
    #expect(best.score("top1") == result.stages[0].scores.first { $0.name == "top1" }?.value)
    #expect(abs((best.score("loss") ?? 0) - (result.stages[0].scores.last?.value ?? 1)) < 1e-5)
    let cancelled = #expect(throws: TrainingError.self) { try run.run(isCancelled: { true }) }
    #expect(cancelled?.code == "interrupted")
  }

  /// The metrics are those of the model in the file, on its own preprocessing and with its temperature.
  @Test func theModelGivesTheFiguresThatWereReported() throws {
    let folder = try SampleFolder.colors(12)
    var given = GivenSettings()
    (given[.architecture], given[.epochs], given[.batchSize]) = ("lenet5", 3, 4)
    let survey = try FolderSurvey(of: ImageFolder(folder.path, validation: 0.4))
    let outcome = try TrainingRun(survey, given.resolved(for: survey)).run()
    let model = try Model(bytes: outcome.model.bytes())
    #expect(model.threshold == outcome.calibrated.calibration.threshold && model.labels == survey.data.labels)
    #expect(model.trainingImages != nil && model.provenance?.name.hasSuffix("(lenet5)") == true)
    let pipeline = try InferencePipeline<Classification>(model, batch: .one, threads: 1)
    let counts = try #require(outcome.validation)
    for (row, image) in survey.data.validation.enumerated() {
      let found = try #require(try pipeline.predict([Image(contentsOf: image.path)]).first).probabilities
      for (a, b) in zip(found, counts.probabilities[row: row]) { #expect(abs(a - b) < 1e-5) }
    }
  }

  /// A run whose images have changed since it began does not go on, and one without its ledger does.
  @Test func resumedRunsCompareTheirImages() throws {
    let (images, output) = (try SampleFolder.colors(6), try SampleFolder())
    var given = GivenSettings()
    (given[.architecture], given[.epochs], given[.batchSize]) = ("mlp", 2, 4)
    func run() throws -> [UInt8] {
      let survey = try FolderSurvey(of: ImageFolder(images.path, validation: 0.4))
      return try TrainingRun(survey, given.resolved(for: survey), folder: output.path).run().model.bytes()
    }
    let bytes = try run()
    #expect(try run() == bytes)
    try images.write(SampleFolder.image(99, channel: 0), to: "blue/new.png")
    let error = #expect(throws: TrainingError.self) { try run() }
    #expect(error?.code == "dataChanged" && error?.message.contains("blue/new.png") == true)
  }
}
