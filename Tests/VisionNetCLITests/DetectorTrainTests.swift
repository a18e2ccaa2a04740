import Foundation
import Testing
import VisionNet

/// `visionnet train`, `preview` and `doctor` on images with boxes.
@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct DetectorTrainTests {
  let folder: TemporaryFolder

  /// Ten gray images of different shades with a red or a blue square, as YOLO has them.
  init() throws {
    folder = try TemporaryFolder()
    for part in ["images", "labels"] {
      try FileManager.default.createDirectory(
        atPath: folder.file("data/\(part)"), withIntermediateDirectories: true)
    }
    for number in 0..<10 {
      let (x, y) = (4 + number * 3, 30 - number * 2)
      let image = try Image(width: 64, height: 64) { pixels in
        for index in pixels.indices {
          let (column, row) = (index / 3 % 64, index / 3 / 64)
          let isInside = (x..<x + 24).contains(column) && (y..<y + 24).contains(row)
          let channel = number % 2 == 0 ? 0 : 2
          pixels[index] = isInside ? (index % 3 == channel ? 250 : 20) : UInt8(90 + number)
        }
      }
      try image.write(to: folder.file("data/images/\(number).png"))
      let center = ((Double(x) + 12) / 64, (Double(y) + 12) / 64)
      try folder.write("\(number % 2) \(center.0) \(center.1) 0.375 0.375\n", to: "data/labels/\(number).txt")
    }
    try folder.write("names: [red, blue]\n", to: "data/data.yaml")
  }

  private func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
  }

  private func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  private func train(_ arguments: String...) throws -> Tool.Result {
    try Tool.run(["train", folder.file("data")] + arguments)
  }

  private static let small = [
    "--from-scratch", "--architecture", "mobilenet_v2", "--image-size", "64", "--epochs", "1", "--batch-size",
    "2",
  ]

  @Test func aDryRunSaysWhatWouldBeTrained() throws {
    let result = try Tool.run(["train", folder.file("data"), "--dry-run"] + Self.small)
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.messages.contains("a detector is trained") && result.messages.contains("red (5)"))
    for line in ["task: detection", "image-size: 64", "mosaic: 0.5", "from-scratch: true", "epochs: 1"] {
      #expect(result.lines.contains(line), "\(line) in \(result.output)")
    }
    #expect(result.lines.contains("# images    8 to train on, 2 to validate, 0 to test"))
    #expect(!FileManager.default.fileExists(atPath: "runs/data-1"))
    #expect(result.messages.contains("2 images validate: the figures say little"), "\(result.messages)")
    #expect(!result.messages.contains("hardly be found"))
    // Objects that the input is too small for, and pasting without outlines.
    for number in 0..<10 {
      try folder.write("\(number % 2) 0.5 0.5 0.06 0.06\n", to: "data/labels/\(number).txt")
    }
    let small = try Tool.run(["train", folder.file("data"), "--dry-run"] + Self.small)
    #expect(small.messages.contains("100 % of the objects to learn from"), "\(small.messages)")
    let pasting = try Tool.run(
      ["train", folder.file("data"), "--dry-run", "--copy-paste", "0.5"] + Self.small)
    #expect(pasting.status == 64 && pasting.messages.contains("outline"), "\(pasting.messages)")
  }

  @Test func aRunMakesADetectorWhateverTheThreads() throws {
    let one = try Tool.run(
      ["train", folder.file("data"), "-o", folder.file("one"), "--threads", "1"] + Self.small)
    #expect(one.status == 0, "\(one.messages)")
    #expect(one.output.contains("mAP50-95") && one.output.contains("visionnet detect --model"))
    // The run's configuration repeats it, without the data being looked at for boxes.
    let two = try Tool.run([
      "train", "--config", folder.file("one/config.yaml"), "-o", folder.file("two"), "--threads", "2",
    ])
    #expect(two.status == 0, "\(two.messages)")
    #expect(try bytes("one/model.onnx") == bytes("two/model.onnx"))
    func settings(_ run: String) throws -> [Substring] {
      try text("\(run)/config.yaml").split(separator: "\n").filter { !$0.hasPrefix("threads: ") }
    }
    #expect(try settings("one") == settings("two"))
    #expect(try text("one/report.html").contains("Surest false alarms"))
    #expect(try text("one/pictures.csv").hasPrefix("part,label,sha256,path\n"))
    let metrics = try text("one/metrics.json")
    #expect(try JSONSchema.records().faults(of: JSONValue(metrics), as: "detectorTraining").isEmpty)
    #expect(metrics.contains("\"mAP50-95\"") && metrics.contains("\"confidence\""))
    let found = try Tool.run([
      "detect", "--model", folder.file("one/model.onnx"), folder.file("data/images/0.png"), "--format",
      "json",
    ])
    #expect(found.status == 0, "\(found.messages)")
    // Another training begins with it, and writes a file that selects boxes.
    let next = try Tool.run([
      "train", folder.file("data"), "-m", folder.file("one/model.onnx"), "-o", folder.file("next"),
      "--image-size", "64", "--epochs", "1", "--batch-size", "2", "--with-selection",
    ])
    #expect(next.status == 0 && next.messages.contains("knows 2 of the 2 classes"), "\(next.messages)")
    let inspected = try Tool.run([
      "detect", "--model", folder.file("next/model.onnx"), folder.file("data/images/0.png"),
    ])
    #expect(inspected.status == 0, "\(inspected.messages)")
    #expect(try text("next/config.yaml").contains("with-selection: true"))
    // A finished run is not resumed.
    #expect(try Tool.run(["train", "--resume", folder.file("one")]).status == 64)
  }

  @Test func whatMeansNothingToADetectorIsRefused() throws {
    for flags in [
      ["--label-smoothing", "0.1"], ["--cutmix", "1"], ["--fine-tune", "all"], ["--loss", "focal"],
      ["--epochs", "3", "--minutes", "1"], ["--from-scratch", "--model", "efficientnet-lite0"],
    ] {
      let result = try Tool.run(["train", folder.file("data"), "--dry-run", "--offline"] + flags)
      #expect(result.status == 64, "\(flags): \(result.messages)")
    }
    let classes = try train("--task", "classification", "--mosaic", "0.5", "--dry-run")
    #expect(classes.status == 64 && classes.messages.contains("boxes"))
  }

  /// The same images in class folders, and what is in them in a file elsewhere.
  @Test func annotationsMayLieElsewhere() throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("photos/some"), withIntermediateDirectories: true)
    for name in 0..<10 {
      try FileManager.default.copyItem(
        atPath: folder.file("data/images/\(name).png"), toPath: folder.file("photos/some/\(name).png"))
    }
    let rows = (0..<10).map {
      "\($0).png,\($0 % 2 == 0 ? "red" : "blue"),\(4 + $0 * 3),\(30 - $0 * 2),24,24\n"
    }
    try folder.write("image,label,x,y,width,height\n" + rows.joined(), to: "boxes.csv")
    let data = [folder.file("photos"), "--annotations", folder.file("boxes.csv")]
    let plan = try Tool.run(["train"] + data + ["--dry-run"] + Self.small)
    #expect(plan.status == 0, "\(plan.messages)")
    #expect(plan.lines.contains("task: detection") && plan.messages.contains("red (5)"))
    #expect(plan.lines.contains { $0.hasPrefix("annotations: /") && $0.hasSuffix("boxes.csv") })
    let sheet = try Tool.run(["preview"] + data + ["-o", folder.file("sheet.png"), "--count", "1"])
    #expect(sheet.status == 0, "\(sheet.messages)")
    let doctor = try Tool.run(["doctor", "--no-near"] + data)
    #expect(doctor.lines.contains { $0.split(separator: " ") == ["blue", "5", "5"] }, "\(doctor.output)")
    let shown = try Tool.run(["annotations", "show"] + data)
    #expect(shown.status == 0 && shown.output.contains("10 objects of 2 classes in 10 images"))
    for command in [["train", "--dry-run"], ["doctor"], ["preview"]] {
      let refused = try Tool.run(command + data + ["--task", "classification"])
      #expect(refused.status == 64 && refused.messages.contains("annotations"), "\(refused.messages)")
    }
  }

  @Test func aPreviewShowsBoxes() throws {
    func sheet(_ name: String, _ arguments: String...) throws -> Data {
      let result = try Tool.run(
        ["preview", folder.file("data"), "-o", folder.file(name), "--count", "3", "--image-size", "64"]
          + arguments)
      #expect(result.status == 0 && result.lines == [folder.file(name)], "\(result.messages)")
      return try bytes(name)
    }
    let first = try sheet("a.png")
    #expect(try sheet("b.png") == first)
    #expect(try sheet("c.png", "--seed", "1") != first)
    #expect(try sheet("d.png", "--mosaic", "1", "--mixup", "1") != first)
    let list = try Tool.run(["preview", folder.file("data"), "--augment", "horizontalFlip"])
    #expect(list.status == 64 && list.messages.contains("preset"))
  }

  @Test func theDoctorLooksAtBoxes() throws {
    try folder.write(
      "0 0.5 0.5 0.001 0.001\n1 0.5 0.5 0.4 0.4\n1 0.5 0.5 0.4 0.41\n", to: "data/labels/3.txt")
    let result = try Tool.run(["doctor", folder.file("data"), "--no-near", "--format", "json"])
    #expect(result.status == 0, "\(result.messages)")
    let schema = try JSONSchema.records()
    #expect(schema.faults(of: try JSONValue(result.output), as: "doctor").isEmpty)
    #expect(result.output.contains("\"doubleBoxes\"") && result.output.contains("\"smallObjects\""))
    #expect(result.output.contains("\"fewObjects\""))
    let text = try Tool.run(["doctor", folder.file("data"), "--no-near"])
    #expect(text.lines.contains { $0.split(separator: " ") == ["blue", "6", "5"] }, "\(text.output)")
  }
}
