import Foundation
import Testing
import VisionNet

/// What `evaluate` says of images that the model was trained on.
@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct SeenImagesTests {
  let folder: TemporaryFolder
  private static let labels = ["blue", "green", "red"]

  /// 24 images in `data`, 12 others in `others`, and a backbone that sees the means of the channels.
  init() throws {
    folder = try TemporaryFolder()
    var model = try ColorModel.model()
    model.embedding = model.graph.outputs.first.map { model.graph[$0.value].name }
    try model.write(to: folder.file("backbone.onnx"))
    try add("data", 0..<8)
    try add("others", 8..<12)
  }

  private func add(_ data: String, _ numbers: Range<Int>) throws {
    for (channel, label) in ["red", "green", "blue"].enumerated() {
      try FileManager.default.createDirectory(
        atPath: folder.file("\(data)/\(label)"), withIntermediateDirectories: true)
      for number in numbers {
        var color = [UInt8](repeating: UInt8(number * 5), count: 3)
        color[channel] = UInt8(150 + number * 8)
        try ColorModel.writeImage(
          color[0], color[1], color[2], to: folder.file("\(data)/\(label)/\(number).png"))
      }
    }
  }

  private func train(_ data: String, _ output: String, _ arguments: String...) throws -> String {
    let result = try Tool.run(
      [
        "train", folder.file(data), "--offline", "--no-cache", "-m", folder.file("backbone.onnx"), "-o",
        folder.file(output),
      ]
        + arguments)
    #expect(result.status == 0, "\(result.messages)")
    return folder.file("\(output)/model.onnx")
  }

  /// The counts of the JSON and the messages.
  private func evaluate(_ model: String, _ data: String, _ arguments: String...) throws -> (
    seen: [String: Any]?, messages: String
  ) {
    let result = try Tool.run(["evaluate", model, folder.file(data), "--format", "json"] + arguments)
    #expect(result.status == 0, "\(result.messages)")
    let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    return (report?["seenInTraining"] as? [String: Any], result.messages)
  }

  private func counts(_ seen: [String: Any]?) -> [Int?] {
    ["training", "validation", "unseen", "unknown"].map { seen?[$0] as? Int }
  }

  /// All images of `data` and those of `others` under one root.
  private func mixture() throws {
    for label in Self.labels {
      try FileManager.default.createDirectory(
        atPath: folder.file("mixed/\(label)"), withIntermediateDirectories: true)
      for (data, numbers) in [("data", 0..<8), ("others", 8..<12)] {
        for number in numbers {
          try FileManager.default.copyItem(
            atPath: folder.file("\(data)/\(label)/\(number).png"),
            toPath: folder.file("mixed/\(label)/copy of \(number).png"))
        }
      }
    }
  }

  @Test func trainingImagesOthersAndAMixtureAreCounted() throws {
    try mixture()
    let model = try train("data", "run")
    let all = try evaluate(model, "data")
    // The model has learned from the validation images too.
    #expect(counts(all.seen) == [24, 0, 0, 0])
    #expect(
      all.messages.contains(
        "warning: all 24 images were used to train this model; this is not a test result"))
    let none = try evaluate(model, "others")
    #expect(counts(none.seen) == [0, 0, 12, 0])
    #expect(!none.messages.contains("warning"), "\(none.messages)")
    let some = try evaluate(model, "mixed")
    #expect(counts(some.seen) == [24, 0, 12, 0])
    #expect(
      some.messages.contains("warning: 24 of 36 images were used to train this model; without them: top-1 "))
    #expect(some.messages.contains("of 12\n"))
    let text = try Tool.run(["evaluate", model, folder.file("mixed"), "-q"])
    #expect(
      text.output.contains("seen before        24 in training; of the others top-1 ") && text.messages == "")
    let page = try Tool.run(["evaluate", model, folder.file("data"), "--format", "html"]).output
    #expect(
      page.contains("class=\"warning\"") && page.contains("all 24 images were used to train this model"))
    #expect(!page.contains("Of 100 images like these"))
    let sound = try Tool.run(["evaluate", model, folder.file("others"), "--format", "html"]).output
    #expect(!sound.contains("class=\"warning\"") && sound.contains("Of 100 images like these"))
  }

  @Test func validationImagesOfTheUsersAreCountedApart() throws {
    for (part, data) in [("train", "data"), ("val", "others")] {
      try FileManager.default.createDirectory(atPath: folder.file("split"), withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: folder.file(data), toPath: folder.file("split/\(part)"))
    }
    let model = try train("split", "run")
    let held = try evaluate(model, "others")
    #expect(counts(held.seen) == [0, 12, 0, 0])
    #expect(held.messages.contains("all 12 images were used to choose the settings of this model"))
    let both = try evaluate(model, "split", "--split", "all")
    #expect(counts(both.seen) == [24, 12, 0, 0])
    #expect(
      both.messages.contains(
        "24 of 36 images were used to train this model, and 12 to choose its settings; this is not a test result"
      ))
  }

  @Test func everyKindOfTrainingKeepsHashes() throws {
    try TinyNetwork.model().write(to: folder.file("backbone.onnx"))
    let tuned = try train("data", "tuned", "--fine-tune", "all", "--epochs", "1", "--batch-size", "8")
    #expect(try Model(contentsOf: tuned).trainingImages != nil)
    #expect(try (evaluate(tuned, "data").seen?["unseen"] as? Int) == 0)
    let scratch = try Tool.run([
      "train", folder.file("data"), "--from-scratch", "--architecture", "mlp", "--epochs", "1", "-o",
      folder.file("scratch"),
    ])
    #expect(scratch.status == 0, "\(scratch.messages)")
    let images = try #require(Model(contentsOf: folder.file("scratch/model.onnx")).trainingImages)
    #expect(images.training.count + images.validation.count == 24 && !images.validation.isEmpty)
    let seen = try evaluate(folder.file("scratch/model.onnx"), "data").seen
    #expect(counts(seen) == [images.training.count, images.validation.count, 0, 0])
    // What the network that a training starts from has seen counts as well.
    let again = try Tool.run([
      "train", folder.file("others"), "--offline", "--no-cache", "-m", tuned, "-o", folder.file("again"),
    ])
    #expect(again.status == 0, "\(again.messages)")
    #expect(try (evaluate(folder.file("again/model.onnx"), "data").seen?["unseen"] as? Int) == 0)
  }

  @Test func hashesCanBeLeftOut() throws {
    let model = try train("data", "run", "--no-image-hashes")
    #expect(try Model(contentsOf: model).trainingImages == nil)
    #expect(
      try !String(decoding: Data(contentsOf: URL(fileURLWithPath: model)), as: UTF8.self).contains(
        "visionnet.training"))
    #expect(
      try String(contentsOfFile: folder.file("run/config.yaml"), encoding: .utf8).contains(
        "\nimage-hashes: false\n"))
    let result = try evaluate(model, "data")
    #expect(result.seen == nil && result.messages.contains("whether these are among them is not known"))
  }

  @Test func quantizingKeepsThemAndAddsItsOwn() throws {
    try TinyNetwork.model().write(to: folder.file("backbone.onnx"))
    let model = try train("data", "run")
    let quantized = folder.file("int8.onnx")
    let result = try Tool.run([
      "quantize", "--offline", model, folder.file("others"), "--images", "5", "-o", quantized,
    ])
    #expect(result.status == 0 && !result.messages.contains("not a test result"), "\(result.messages)")
    #expect(try counts(evaluate(quantized, "data").seen) == [24, 0, 0, 0])
    #expect(try counts(evaluate(quantized, "others").seen) == [0, 5, 7, 0])
    // Accuracy on what the weights were fitted to says nothing about other images.
    let own = try Tool.run([
      "quantize", "--offline", model, folder.file("data"), "--images", "5", "-o", folder.file("own.onnx"),
    ])
    #expect(
      own.messages.contains("of the 19 images, 19 to train this model were used: this is not a test result"))
  }
}
