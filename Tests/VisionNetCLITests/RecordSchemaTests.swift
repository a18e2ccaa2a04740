import Foundation
import Testing
import VisionNet

/// The JSON of every command is what `docs/schema/records.json` says.
@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct RecordSchemaTests {
  let folder: TemporaryFolder

  /// Images of three classes, with one that is broken, and two models.
  init() throws {
    folder = try TemporaryFolder()
    var model = try ColorModel.model()
    model.embedding = model.graph.outputs.first.map { model.graph[$0.value].name }
    model.labels = ["red", "green", "blue"]
    try model.write(to: folder.file("model.onnx"))
    try TinyNetwork.model().write(to: folder.file("tiny.onnx"))
    for number in 0..<8 {
      let (dark, light) = (UInt8(number * 5), UInt8(150 + number * 8))
      for (channel, label) in ["red", "green", "blue"].enumerated() {
        try FileManager.default.createDirectory(
          atPath: folder.file("data/\(label)"), withIntermediateDirectories: true)
        let levels = (0..<3).map { $0 == channel ? light : dark }
        try ColorModel.writeImage(
          levels[0], levels[1], levels[2], to: folder.file("data/\(label)/\(number).png"))
      }
    }
    try folder.write("\u{7f}", to: "data/red/broken.png")
  }

  private func run(_ arguments: [String], status: [Int32] = [0]) throws -> String {
    let result = try Tool.run(arguments, environment: ["XDG_CACHE_HOME": folder.file("cache")])
    #expect(status.contains(result.status), "\(arguments): \(result.status) \(result.messages)")
    return result.output
  }

  /// Checks records of one kind, or of several, written as one value, an array or lines.
  private func check(_ text: String, _ kinds: String..., count: Int = 1, isLines: Bool = false) throws {
    let schema = try JSONSchema.records()
    let texts = isLines ? text.split(separator: "\n").map(String.init) : [text]
    for text in texts where text.hasPrefix("{") {
      // The version comes first, so that a reader knows what it reads.
      let start = text.drop { $0 == "{" || $0.isWhitespace }
      #expect(start.hasPrefix("\"schema\": 1,") || start.hasPrefix("\"schema\":1,"), "\(text.prefix(40))")
    }
    let values = try texts.map { try JSONValue($0) }
    let records = isLines ? values : values.flatMap { $0.elements ?? [$0] }
    #expect(records.count >= count, "\(records.count) records")
    for record in records {
      let faults = kinds.map { schema.faults(of: record, as: $0) }
      #expect(faults.contains([]), "\(kinds): \(faults.min { $0.count < $1.count } ?? []) in \(record)")
      #expect(schema.faults(of: record) == [], "the whole schema does not know it: \(record)")
    }
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder.file(name), encoding: .utf8)
  }

  @Test func annotationsOfObjects() throws {
    let boxes =
      "image,label,x,y,width,height,difficult\nred/0.png,dog,0,0,2,2,1\nred/broken.png,dog,0,0,1,1,\n"
    try folder.write(boxes, to: "data/boxes.csv")
    let data = folder.file("data")
    try check(try run(["annotations", "show", data, "--format", "json"], status: [2]), "annotations")
    let arguments = ["annotations", "convert", data, "--to", "yolo", "-o", folder.file("yolo")]
    try check(try run(arguments + ["--format", "json"], status: [2]), "annotationConversion")
  }

  @Test func imagesThatAreClassified() throws {
    let arguments = ["classify", "--offline", "-m", folder.file("model.onnx"), folder.file("data/red")]
    let array = try run(arguments + ["--format", "json"], status: [2])
    try check(array, "classification", "classificationError", count: 9)
    let lines = try run(arguments + ["--format", "jsonl"], status: [2])
    try check(lines, "classification", "classificationError", count: 9, isLines: true)
    #expect(lines.contains("\"error\""))
  }

  @Test func measurements() throws {
    let (model, data) = (folder.file("model.onnx"), folder.file("data"))
    try check(
      try run(["evaluate", "--offline", model, data, "--format", "json"], status: [2]), "evaluation")
    try check(
      try run(
        [
          "quantize", "--offline", folder.file("tiny.onnx"), data, "-o", folder.file("q.onnx"), "--format",
          "json",
        ],
        status: [2]), "quantization")
    try check(try run(["doctor", data, "--format", "json"], status: [2]), "doctor")
    try check(try run(["inspect", folder.file("q.onnx"), "--format", "json"]), "model")
  }

  @Test func whatModelsAndImagesAre() throws {
    try check(try run(["inspect", folder.file("model.onnx"), "--format", "json"]), "model")
    try check(try run(["inspect", "resnet18", "--format", "json"]), "model")
    try check(try run(["inspect", folder.file("tiny.onnx"), "--plan", "--format", "json"]), "plan")
    try check(try run(["inspect", folder.file("data/red/1.png"), "--format", "json"]), "image")
    try check(try run(["models", "list", "--format", "json"]), "pretrainedModel", count: 2)
    try check(try run(["datasets", "list", "--format", "json"]), "dataset", count: 2)
  }

  @Test func whatIsWritten() throws {
    let (model, image) = (folder.file("model.onnx"), folder.file("data/red/1.png"))
    let json = ["--format", "json"]
    try check(try run(["convert", image, folder.file("c.jpg")] + json), "writtenFiles")
    try check(try run(["preprocess", image, "-m", model, "-o", folder.file("p.png")] + json), "writtenFiles")
    let explained = ["explain", image, "--offline", "-m", model, "-k", "2", "-o", folder.file("e.png")]
    let heat = try run(explained + json)
    try check(heat, "writtenFiles")
    #expect(heat.contains("e-1.png") && heat.contains("e-2.png") && heat.contains("\"probability\""))
    let outputs = ["run", folder.file("tiny.onnx"), "--shape", "input=1,3,8,8"]
    let files = try run(outputs + ["--output-dir", folder.file("o")] + json)
    try check(files, "writtenFiles")
    #expect(files.contains("\"shape\": [1, "), "\(files)")
    let sheet = ["preview", folder.file("data"), "-o", folder.file("s.png"), "--count", "1"]
    try check(try run(sheet + json), "writtenFiles")
    try check(try run(["preprocessing", "list"] + json), "preprocessingPreset", count: 3)
  }

  @Test func timings() throws {
    let bench = ["bench", folder.file("tiny.onnx"), "--json", "--threads", "1", "--runs", "2"]
    try check(try run(bench), "benchmark")
    try check(try run(bench + ["--profile"]), "profile")
  }

  @Test func runsOfTransferLearning() throws {
    let arguments = ["train", folder.file("data"), "--offline", "-m"]
    _ = try run(arguments + [folder.file("model.onnx"), "-o", folder.file("head")], status: [2])
    try check(try text("head/metrics.json"), "transferMetrics")
    try check(try text("head/events.jsonl"), "transferEvent", count: 5, isLines: true)
    _ = try run(
      arguments + [folder.file("tiny.onnx"), "-o", folder.file("tuned")]
        + ["--fine-tune", "all", "--epochs", "2", "--batch-size", "4"], status: [2])
    try check(try text("tuned/metrics.json"), "transferMetrics")
    try check(try text("tuned/events.jsonl"), "transferEvent", count: 5, isLines: true)
    try check(try text("tuned/fine-tuning/events.jsonl"), "trainingEvent", count: 4, isLines: true)
  }

  @Test func runsFromScratch() throws {
    _ = try run(
      ["train", folder.file("data"), "-o", folder.file("scratch"), "--from-scratch", "--architecture", "mlp"]
        + ["--image-size", "8", "--epochs", "2", "--batch-size", "4"], status: [2])
    try check(try text("scratch/metrics.json"), "scratchMetrics")
    try check(try text("scratch/events.jsonl"), "trainingEvent", count: 4, isLines: true)
  }

  /// Not one object at any depth is open to members that nobody described, but for maps and what is described elsewhere.
  @Test func objectsAreClosed() throws {
    let root = try JSONValue(
      String(
        contentsOfFile: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
          .appendingPathComponent("../../docs/schema/records.json").path, encoding: .utf8))
    func visit(_ value: JSONValue, _ place: String) {
      if let members = value.members {
        if members["properties"] != nil {
          #expect(members["additionalProperties"] == .bool(false), "\(place) is open")
        }
        for (key, member) in members { visit(member, "\(place)/\(key)") }
      }
      for (index, element) in (value.elements ?? []).enumerated() { visit(element, "\(place)/\(index)") }
    }
    visit(root, "")
  }
}
