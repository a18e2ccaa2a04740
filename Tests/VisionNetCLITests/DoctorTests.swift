import Foundation
import Testing
import VisionNet

@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct DoctorTests {
  let folder: TemporaryFolder

  /// Three classes of images of one color each in `data`, and a backbone that sees the means of the channels.
  init() throws {
    folder = try TemporaryFolder()
    var model = try ColorModel.model()
    model.embedding = model.graph.outputs.first.map { model.graph[$0.value].name }
    try model.write(to: folder.file("backbone.onnx"))
    for number in 0..<10 {
      let (dark, light) = (UInt8(number * 5), UInt8(150 + number * 8))
      for (label, color) in [
        ("red", [light, dark, dark]), ("green", [dark, light, dark]), ("blue", [dark, dark, light]),
      ] {
        try FileManager.default.createDirectory(
          atPath: folder.file("data/\(label)"), withIntermediateDirectories: true)
        try ColorModel.writeImage(
          color[0], color[1], color[2], to: folder.file("data/\(label)/\(number).png"))
      }
    }
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file(name))))
  }

  private func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: folder.file(name)))
  }

  private func fixture(_ name: String) throws -> [UInt8] {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return [UInt8](
      try Data(contentsOf: tests.appendingPathComponent("VisionImageTests/Fixtures/images/\(name)")))
  }

  /// Files that are damaged, and files that are odd and yet readable; their names below `data`.
  private func addHostileFiles() throws -> (bad: [String], odd: [String]) {
    let jpeg = try fixture("rgb444.jpg")
    let png = try fixture("rgb8.png")
    try write([], to: "data/red/empty.jpg")
    try write(Array(jpeg[..<(jpeg.count / 2)]), to: "data/red/cut.jpg")
    try write(Array(png[..<(png.count / 2)]), to: "data/green/cut.png")
    try write(Array("hello, world\n".utf8), to: "data/green/text.jpg")
    try write(Array("GIF89a and more".utf8), to: "data/blue/film.gif")
    // A width of 65500 and a height of 65500 in the frame header.
    let frame = try #require(
      jpeg.indices.dropLast(9).first {
        jpeg[$0] == 0xff && [0xc0, 0xc2].contains(jpeg[$0 + 1]) && jpeg[$0 + 4] == 8
      })
    try write(
      Array(jpeg[..<(frame + 5)]) + [0xff, 0xdc, 0xff, 0xdc] + Array(jpeg[(frame + 9)...]),
      to: "data/blue/huge.jpg")
    try write(jpeg, to: "data/red/jpeg.png")
    try write(try fixture("cmyk.jpg"), to: "data/red/cmyk.jpg")
    try write(try fixture("rgb16.png"), to: "data/green/deep.png")
    try write(try fixture("orientation6.jpg"), to: "data/blue/turned.jpg")
    return (
      ["red/empty.jpg", "red/cut.jpg", "green/cut.png", "green/text.jpg", "blue/film.gif", "blue/huge.jpg"],
      ["red/jpeg.png", "red/cmyk.jpg", "green/deep.png", "blue/turned.jpg"]
    )
  }

  /// Name, date and content of every file of the data.
  private func state() throws -> [String] {
    let root = folder.file("data")
    let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return try names.sorted().map { name in
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(root)/\(name)")
      let content = FileManager.default.contents(atPath: "\(root)/\(name)") ?? Data()
      return "\(name) \(String(describing: attributes[.modificationDate])) \(content.base64EncodedString())"
    }
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func theJSONHasEveryKeyAndTheTextEveryFile() throws {
    let files = try addHostileFiles()
    let before = try state()
    let result = try Tool.run(["doctor", folder.file("data"), "--format", "json"])
    #expect(result.status == 2)
    #expect(result.messages == "")
    let report = try json(result.output)
    #expect(
      report.keys.sorted()
        == [
          "classes", "data", "errors", "findings", "images", "notes", "schema", "splits", "unreadable",
          "warnings",
        ])
    #expect((report["images"] as? Int, report["unreadable"] as? Int) == (34, 6))
    #expect(report["splits"] as? [String] == ["all"])
    let classes = try #require(report["classes"] as? [[String: Any]])
    #expect(classes.compactMap { $0["label"] as? String } == ["blue", "green", "red"])
    #expect(
      classes.compactMap { $0["images"] as? [String: Int] } == [["all": 11], ["all": 11], ["all": 12]])
    #expect(classes.compactMap { $0["unreadable"] as? Int } == [2, 2, 2])
    let findings = try #require(report["findings"] as? [[String: Any]])
    for finding in findings {
      #expect(
        finding.keys.sorted() == [
          "code", "error", "labels", "message", "paths", "remedy", "severity", "splits",
        ])
    }
    func paths(_ code: String) -> [String] {
      findings.filter { $0["code"] as? String == code }.flatMap { $0["paths"] as? [String] ?? [] }
        .sorted()
    }
    #expect(paths("undecodable") == files.bad.sorted())
    let errors = findings.filter { $0["code"] as? String == "undecodable" }.compactMap {
      $0["error"] as? String
    }
    #expect(errors.sorted() == ["empty", "tooLarge", "truncated", "truncated", "truncated", "unsupported"])
    #expect(paths("wrongExtension") == ["red/jpeg.png"])
    #expect(paths("cmyk") == ["red/cmyk.jpg"])
    #expect(paths("sixteenBit") == ["green/deep.png"])
    #expect(paths("rotated") == ["blue/turned.jpg"])

    let text = try Tool.run(["doctor", folder.file("data"), "--all"])
    #expect(text.status == 2)
    for name in files.bad + files.odd {
      #expect(text.output.contains("  \(name): "), "nothing about \(name)")
    }
    #expect(try state() == before)
  }

  @Test func theExitCodeTellsHowBadItIs() throws {
    // Of one color each and 12 × 9: nothing was found.
    let sound = try Tool.run(["doctor", folder.file("data"), "--fail-on-warnings"])
    #expect(sound.status == 0)
    #expect(sound.output.contains("nothing was found"))
    try write(try bytes("data/red/3.png"), to: "data/red/copy.png")
    #expect(try Tool.run(["doctor", folder.file("data")]).status == 0)
    let strict = try Tool.run(["doctor", folder.file("data"), "--fail-on-warnings"])
    #expect(strict.status == 2)
    #expect(
      strict.output.contains(
        "warning: Equal files\n  2 files are the same, byte for byte\n    red/3.png\n    red/copy.png"))
    try write(try bytes("data/red/3.png"), to: "data/blue/copy.png")
    #expect(try Tool.run(["doctor", folder.file("data")]).status == 2)
    #expect(try Tool.run(["doctor", folder.file("none")]).status == 66)
    #expect(try Tool.run(["doctor", folder.file("data"), "--threads", "0"]).status == 64)
  }

  @Test func aFolderThatCannotBeTrainedOnSaysWhatTrainWouldSay() throws {
    for name in ["green", "blue"] { try FileManager.default.removeItem(atPath: folder.file("data/\(name)")) }
    let words = "there is only one class, 'red', and nothing to tell it from"
    let trained = try Tool.run([
      "train", folder.file("data"), "--offline", "-m", folder.file("backbone.onnx"),
    ])
    #expect(trained.messages.contains(words))
    let result = try Tool.run(["doctor", folder.file("data")])
    #expect(result.status == 2)
    #expect(result.output.contains(words))
    try FileManager.default.removeItem(atPath: folder.file("data/red"))
    let empty = try Tool.run(["doctor", folder.file("data")])
    #expect(empty.status == 2)
    #expect(empty.output.contains("there are no images to train on"))
  }

  @Test func aHostileFolderTrainsToTheEndAndStaysAsItIs() throws {
    let files = try addHostileFiles()
    let before = try state()
    let result = try Tool.run(
      [
        "train", folder.file("data"), "--offline", "-m", folder.file("backbone.onnx"), "-o",
        folder.file("run"),
      ],
      environment: ["XDG_CACHE_HOME": folder.file("cache")])
    #expect(result.status == 2)
    for name in files.bad { #expect(result.messages.contains("/\(name): skipped, "), "\(name) is not named") }
    for name in files.odd { #expect(!result.messages.contains("\(name): skipped"), "\(name) is readable") }
    #expect(result.output.contains("skipped           6 files"))
    #expect(FileManager.default.fileExists(atPath: folder.file("run/model.onnx")))
    #expect(try state() == before)
  }
}
