import VisionTraining
import Foundation
import Testing
import VisionNet

@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct TrainTests {
  let folder: TemporaryFolder

  /// Three classes of images of one color each, and a backbone that sees the means of the channels.
  init() throws {
    folder = try TemporaryFolder()
    var model = try ColorModel.model()
    model.embedding = model.graph.outputs.first.map { model.graph[$0.value].name }
    try model.write(to: folder.file("backbone.onnx"))
    for number in 0..<12 {
      let (dark, light) = (UInt8(number * 5), UInt8(150 + number * 8))
      try add("dark red", number, light, dark, dark)
      try add("green", number, dark, light, dark)
      try add("blue", number, dark, dark, light)
    }
  }

  private func add(_ label: String, _ number: Int, _ red: UInt8, _ green: UInt8, _ blue: UInt8) throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("data/\(label)"), withIntermediateDirectories: true)
    try ColorModel.writeImage(red, green, blue, to: folder.file("data/\(label)/photo \(number).png"))
  }

  private func train(_ arguments: String...) throws -> Tool.Result {
    try Tool.run(
      ["train", "--offline", "-m", folder.file("backbone.onnx")] + arguments,
      environment: ["XDG_CACHE_HOME": folder.file("cache")])
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func aFolderBecomesAModelThatClassifies() throws {
    let result = try train(folder.file("data"), "--output", folder.file("run"))
    #expect(result.status == 0)
    #expect(result.output.contains("validation top-1  100 % ("))
    #expect(result.output.contains("visionnet classify --model"))
    #expect(result.messages.contains("data: 3 classes, "))
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.file("run")).sorted()
    #expect(
      files == ["config.yaml", "events.jsonl", "metrics.csv", "metrics.json", "model.onnx", "report.html"])
    let page = try String(contentsOfFile: folder.file("run/report.html"), encoding: .utf8)
    #expect(page.hasSuffix("</html>\n"))
    #expect(
      page.contains("<b>100\u{a0}%</b>") && page.contains("Settings tried")
        && page.contains("<td>validation</td>"))
    let metrics = try json(String(contentsOfFile: folder.file("run/metrics.json"), encoding: .utf8))
    #expect(metrics["top1"] as? Double == 1)
    #expect(metrics["refitted"] as? Bool == true)

    let image = folder.file("data/dark red/photo 3.png")
    let answer = try Tool.run(["classify", "-m", folder.file("run/model.onnx"), image])
    #expect(
      answer.output.hasPrefix("\(image)  dark red 0.") || answer.output.hasPrefix("\(image)  dark red >0.99")
    )
  }

  @Test func threadsAndTheCacheDoNotChangeTheModel() throws {
    for (name, threads) in [("a", "1"), ("b", "2"), ("c", "2")] {
      #expect(
        try train(folder.file("data"), "-o", folder.file(name), "--threads", threads, "--seed", "5").status
          == 0)
    }
    let models = try ["a", "b", "c"].map {
      try Data(contentsOf: URL(fileURLWithPath: folder.file("\($0)/model.onnx")))
    }
    #expect(models[0] == models[1])
    #expect(models[0] == models[2])
  }

  /// Photos that are much larger than the network's input, one class brighter than the other, with fine noise.
  private func addPhotos() throws {
    for (label, level) in [("dim", 60), ("lit", 150)] {
      try FileManager.default.createDirectory(
        atPath: folder.file("photos/\(label)"), withIntermediateDirectories: true)
      for number in 0..<10 {
        var state = UInt32(number * 7 + level)
        let pixels = (0..<131 * 77 * 3).map { index -> UInt8 in
          state = state &* 1_664_525 &+ 1_013_904_223
          return UInt8(level + index % 393 / 9 + Int(state >> 27))
        }
        try Image(width: 131, height: 77, pixels: pixels).write(
          to: folder.file("photos/\(label)/\(number).jpg"))
      }
    }
  }

  @Test func scaledDecodingTravelsInTheModel() throws {
    try addPhotos()
    let photos = folder.file("photos")
    let full = try train(photos, "-o", folder.file("full"), "--threads", "1")
    #expect(full.status == 0)
    #expect(full.messages.contains("--decoding scaled would read them at 1/4"), "\(full.messages)")
    for (name, cache) in [("scaled", "--cache"), ("again", "--no-cache")] {
      let result = try train(photos, "-o", folder.file(name), "--decoding", "scaled", cache)
      #expect(result.status == 0, "\(result.messages)")
      #expect(!result.messages.contains("--decoding"))
    }
    #expect(try !train(folder.file("data"), "-o", folder.file("small")).messages.contains("--decoding"))
    let models = try ["full", "scaled", "again"].map {
      try Data(contentsOf: URL(fileURLWithPath: folder.file("\($0)/model.onnx")))
    }
    #expect(models[0] != models[1])
    #expect(models[1] == models[2])
    let settings = try String(contentsOfFile: folder.file("scaled/config.yaml"), encoding: .utf8)
    #expect(settings.contains("\ndecoding: scaled\n"))

    let classifier = try ImageClassifier(contentsOf: folder.file("scaled/model.onnx"))
    #expect(classifier.preprocessing.decoding == .scaled)
    let photo = "\(photos)/lit/3.jpg"
    let seen = try classifier.image(contentsOf: photo)
    #expect(seen.width == 33 && seen.height == 20)
    #expect(seen.wholeWidth == 131 && seen.wholeHeight == 77)
    let prediction = try classifier.classify(contentsOf: photo, top: 1)[0]
    let sameAgain = try classifier.classify(seen, top: 1)[0]
    #expect(prediction.probability == sameAgain.probability && prediction.label == "lit")
    #expect { try classifier.classify(contentsOf: "\(photos)/lit/none.jpg") } throws: {
      ($0 as? ClassifierError)?.code == "missing"
    }
    #expect(try classifier.logits(seen) != classifier.logits(Image(contentsOf: photo)))
    let answer = try Tool.run(
      ["classify", "-m", folder.file("scaled/model.onnx"), "--format", "json", photo])
    let records = try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [[String: Any]]
    let record = try #require(records?.first)
    #expect(record["width"] as? Int == 131 && record["height"] as? Int == 77, "\(answer.output)")
    #expect(answer.output.contains("\"lit\""))
    let evaluation = try classifier.evaluate(ImageFolder(photos).images, classes: ["dim", "lit"])
    #expect(evaluation.metrics.top1 == 1)
    let heat = try Tool.run(
      ["explain", "-m", folder.file("scaled/model.onnx"), photo, "-o", folder.file("heat.png")])
    #expect(heat.status == 0, "\(heat.messages)")
    #expect(try Image(contentsOf: folder.file("heat.png")).width == 131)

    let wrong = try train(photos, "-o", folder.file("wrong"), "--decoding", "half")
    #expect(wrong.status == 64 && wrong.messages.contains("full or scaled"), "\(wrong.messages)")
  }

  @Test func evaluateCountsWhatTheModelGetsRight() throws {
    #expect(try train(folder.file("data"), "-o", folder.file("run")).status == 0)
    let model = folder.file("run/model.onnx")
    let result = try Tool.run(["evaluate", model, folder.file("data"), "--format", "json"])
    #expect(result.status == 0)
    let report = try json(result.output)
    #expect(report["images"] as? Int == 36)
    #expect(report["classes"] as? Int == 3)
    #expect(report["top1"] as? Double == 1)
    #expect((report["confusion"] as? [[Int]]) == [[12, 0, 0], [0, 12, 0], [0, 0, 12]])
    #expect(
      try Tool.run(["evaluate", model, folder.file("data")]).output
        .contains("top-1              100.0 % (90.4–100.0), 36 of 36\n"))

    try FileManager.default.moveItem(atPath: folder.file("data/blue"), toPath: folder.file("data/cyan"))
    let other = try Tool.run(["evaluate", model, folder.file("data")])
    #expect(other.status == 65)
    #expect(other.messages.contains("does not know 'cyan'"))
    #expect(other.messages.contains("no images of 'blue'"))
  }

  @Test func anEvaluationIsAPageToo() throws {
    #expect(try train(folder.file("data"), "-o", folder.file("run")).status == 0)
    let model = folder.file("run/model.onnx")
    // A blue image among the green ones: a mistake with its heat map, and a label that looks wrong.
    try add("green", 20, 20, 20, 220)
    let page = folder.file("page.html")
    let result = try Tool.run(
      ["evaluate", model, folder.file("data"), "--format", "html", "--output", page])
    #expect(result.status == 0)
    #expect(result.output == "")
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("1 of 37 images are classified wrongly."))
    #expect(html.contains("Of 37 images, 1 label is in doubt."))
    #expect(html.components(separatedBy: "src=\"data:image/png;base64,").count - 1 == 3)
    #expect(html.contains("green/photo 20.png"))
    let json = try Tool.run([
      "evaluate", model, folder.file("data"), "--format", "json", "--force", "-o", page,
    ])
    #expect(json.output == "")
    #expect(try self.json(String(contentsOfFile: page, encoding: .utf8))["images"] as? Int == 37)
  }

  @Test func badFilesAreNamedAndMakeExitCode2() throws {
    try folder.write("", to: "data/green/empty.png")
    try folder.write("hello", to: "data/blue/really text.jpg")
    let result = try train(folder.file("data"), "-o", folder.file("run"))
    #expect(result.status == 2)
    for name in ["green/empty.png", "blue/really text.jpg"] {
      #expect(result.messages.contains("\(name): skipped"))
    }
    #expect(result.output.contains("skipped           2 files"))
    let strict = try train(folder.file("data"), "-o", folder.file("strict"), "--strict")
    #expect(strict.status == 65)
    #expect(!FileManager.default.fileExists(atPath: folder.file("strict/model.onnx")))
    let evaluated = try Tool.run(["evaluate", folder.file("run/model.onnx"), folder.file("data")])
    #expect(evaluated.status == 2)
    #expect(evaluated.messages.contains("empty.png"))
  }

  @Test func whatCannotWorkIsRefusedBeforeAnythingIsWritten() throws {
    #expect(try train(folder.file("none")).status == 66)
    #expect(try train(folder.file("data"), "-o", folder.file("data/run")).status == 64)
    try folder.write("mine", to: "full/file")
    #expect(try train(folder.file("data"), "-o", folder.file("full")).status == 74)
    #expect(try train(folder.file("data"), "-o", "/proc/self/run").status == 74)
    #expect(try train(folder.file("data"), "--validation", "1.5").status == 64)
    try folder.write("x", to: "one/class/a.png")
    let single = try train(folder.file("one"), "-o", folder.file("out"))
    #expect(single.status == 65)
    #expect(single.messages.contains("only one class, 'class'"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
  }

  @Test func placesWithoutImagesAreMissingInput() throws {
    for label in ["red", "green"] { try folder.write("words", to: "texts/\(label)/a.txt") }
    let (model, texts) = (folder.file("backbone.onnx"), folder.file("texts"))
    for arguments in [
      ["train", texts, "--offline", "-m", model], ["train", texts, "--from-scratch"],
      ["evaluate", model, texts],
      ["quantize", "--offline", model, texts], ["preview", texts], ["classify", "-m", model, texts],
    ] {
      let result = try Tool.run(arguments)
      #expect(result.status == 66, "\(arguments): \(result.messages)")
    }
    // Images that are there, but cannot be read, are bad data.
    for label in ["red", "green"] { try folder.write("words", to: "bad/\(label)/a.png") }
    let bad = folder.file("bad")
    for arguments in [
      ["train", bad, "--offline", "-m", model, "--validation", "0"],
      ["train", bad, "--from-scratch", "--validation", "0"],
      ["evaluate", model, bad, "--labels", folder.file("names")],
      ["quantize", "--offline", model, bad], ["preview", bad], ["classify", "-m", model, bad],
    ] {
      try folder.write("green\nred\nblue\n", to: "names")
      let result = try Tool.run(arguments)
      #expect(result.status == 65, "\(arguments): \(result.messages)")
    }
  }

  @Test func foldersWhereFilesAreNeededAreMissingInput() throws {
    let (place, image) = (folder.file("data"), folder.file("data/blue/photo 1.png"))
    let model = folder.file("backbone.onnx")
    for arguments in [
      ["classify", "-m", place, image], ["evaluate", place, place], ["inspect", place], ["explain", place],
      ["convert", place, folder.file("x.png")], ["classify", "-m", model, "--labels", place, image],
      ["classify", "-m", model, "--preprocessing", place, image], ["quantize", place, place],
      ["bench", place],
      ["train", "--config", place], ["train", place, "--offline", "-m", place],
    ] {
      let result = try Tool.run(arguments)
      #expect(result.status == 66, "\(arguments): \(result.messages)")
    }
    let none = try Tool.run(["classify", "-m", place, image])
    #expect(none.messages.contains("the folder has no model.onnx"), "\(none.messages)")
  }

  @Test func theFolderOfARunIsItsModel() throws {
    let image = folder.file("data/blue/photo 1.png")
    #expect(try train(folder.file("data"), "-o", folder.file("run")).status == 0)
    let file = try Tool.run(["classify", "-m", folder.file("run/model.onnx"), image])
    #expect(file.status == 0)
    for name in ["run", "run/"] {
      #expect(try Tool.run(["classify", "-m", folder.file(name), image]).output == file.output)
    }
  }

  @Test func networksWithoutPretrainedWeightsAreNamed() throws {
    let result = try Tool.run(["classify", "--offline", "-m", "resnet18", "x.png"])
    #expect(result.status == 66)
    #expect(result.messages.contains("there are no pretrained weights of resnet18"))
    #expect(result.messages.contains("efficientnet-lite0") && result.messages.contains("--from-scratch"))
  }

  @Test func settingsWithoutEffectAreWarnedOf() throws {
    for part in ["train", "val"] {
      try FileManager.default.createDirectory(atPath: folder.file("split"), withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: folder.file("data"), toPath: folder.file("split/\(part)"))
    }
    let result = try train(folder.file("split"), "--dry-run", "--validation", "0.3")
    #expect(
      result.messages.contains(
        "warning: the data has validation images of its own: --validation 0.3 has no effect"))
    #expect(try !train(folder.file("split"), "--dry-run").messages.contains("has no effect"))
    let isa = try Tool.run(["models", "list"], environment: ["VISIONNET_ISA": "abacus"])
    #expect(isa.messages.contains("warning: VISIONNET_ISA is 'abacus'") && isa.status == 0)
  }

  @Test func aDryRunWritesNothing() throws {
    let result = try train(folder.file("data"), "-o", folder.file("run"), "--dry-run")
    #expect(result.status == 0)
    #expect(result.messages.contains("3 classes"))
    #expect(result.output.contains("# network   stays as it is\n"))
    let tuned = try train(
      folder.file("data"), "-o", folder.file("run"), "--dry-run", "--fine-tune", "all", "--lr", "0.01")
    #expect(tuned.status == 0)
    #expect(tuned.output.contains("# network   then the whole network is trained\n"))
    #expect(tuned.output.contains("# steps     epochs 10, ") && tuned.output.contains(", lr 0.01, "))
    #expect(!tuned.output.contains("stays as it is"))
    #expect(try GivenSettings(yaml: tuned.output, name: "output")[.fineTuning] == .all)
    let one = try train(folder.file("data"), "--dry-run", "--fine-tune", "last-1", "--validation", "0").output
    #expect(one.contains("then its last block is trained, with the last layer"))
    #expect(one.contains("no validation images to compare on"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("run")))
    #expect(!FileManager.default.fileExists(atPath: folder.file("cache")))
  }

  @Test func belowTheThresholdAnImageIsUnknown() throws {
    var model = try ColorModel.model()
    model.threshold = 0.9
    try model.write(to: folder.file("careful.onnx"))
    let (gray, red) = (folder.file("gray.png"), folder.file("red.png"))
    try ColorModel.writeImage(100, 90, 90, to: gray)
    try ColorModel.writeImage(250, 10, 10, to: red)
    let text = try Tool.run(["classify", "-m", folder.file("careful.onnx"), gray, red])
    #expect(text.lines.first == "\(gray)  unknown (best guess red 0.38)")
    #expect(text.lines.last?.hasPrefix("\(red)  red 0.9") == true)
    let lines = try Tool.run(["classify", "-m", folder.file("careful.onnx"), "--format", "jsonl", gray, red])
      .lines
    #expect(try lines.map { try json($0)["unknown"] as? Bool } == [true, false])
    #expect(try lines.map { try json($0)["threshold"] as? Double } == [0.9, 0.9])
    let rows = try Tool.run(
      ["classify", "-m", folder.file("careful.onnx"), "--format", "csv", "-k1", gray, red]
    ).lines
    #expect(rows.map { $0.split(separator: ",").last } == ["unknown", "true", "false"])
  }

  @Test func theTemperatureComesBeforeTheThreshold() throws {
    // The gray image's logits are 2, 1.8 and 1.8: 0.38 as they are, 0.95 at a twentieth of the temperature.
    var model = try ColorModel.model()
    model.graph = try model.graph.withProbabilities(temperature: 0.05)
    model.threshold = 0.9
    try model.write(to: folder.file("sure.onnx"))
    let gray = folder.file("gray.png")
    try ColorModel.writeImage(100, 90, 90, to: gray)
    let result = try Tool.run(["classify", "-m", folder.file("sure.onnx"), "-v", gray])
    #expect(result.lines.first?.hasPrefix("\(gray)  red 0.9") == true)
    #expect(result.messages.contains("temperature 0.05; unknown below a probability of 0.9"))
  }
}
