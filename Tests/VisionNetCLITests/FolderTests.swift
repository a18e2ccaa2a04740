import Foundation
import Testing
import VisionNet

/// Folders and tables as the commands take them.
@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct FolderTests {
  let folder: TemporaryFolder

  /// Six images of each of two colors in `real`, and a model of three.
  init() throws {
    folder = try TemporaryFolder()
    try ColorModel.model().write(to: folder.file("colors.onnx"))
    for label in ["red", "green"] {
      try FileManager.default.createDirectory(
        atPath: folder.file("real/\(label)"), withIntermediateDirectories: true)
      for number in 0..<6 {
        let (dark, light) = (UInt8(number * 5), UInt8(150 + number * 8))
        try ColorModel.writeImage(
          label == "red" ? light : dark, label == "red" ? dark : light, dark,
          to: folder.file("real/\(label)/\(number).png"))
      }
    }
  }

  private func link(_ name: String, to target: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("links"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: folder.file(name), withDestinationPath: target)
  }

  @Test func linksToFoldersAreFollowedByEveryCommand() throws {
    for label in ["red", "green"] { try link("links/\(label)", to: "../real/\(label)") }
    try link("links/red/round", to: "..")
    let model = folder.file("colors.onnx")
    let links = folder.file("links")
    let classified = try Tool.run(["classify", "-m", model, links])
    #expect(classified.status == 0 && classified.lines.count == 12, "\(classified.messages)")
    #expect(classified.messages.contains("red/round: a link to a folder that it lies in"))
    let evaluated = try Tool.run(["evaluate", model, links, "--format", "json"])
    #expect(evaluated.output.contains("\"images\": 12"), "\(evaluated.output) \(evaluated.messages)")
    #expect(try Tool.run(["doctor", links, "--no-near"]).output.contains("12 images of 2 classes"))
    let sheet = folder.file("sheet.png")
    #expect(try Tool.run(["preview", links, "-o", sheet, "--count", "1"]).status == 0)
  }

  @Test func litterIsNotClassified() throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("real/@eaDir"), withIntermediateDirectories: true)
    try ColorModel.writeImage(9, 9, 9, to: folder.file("real/@eaDir/a.png"))
    try ColorModel.writeImage(9, 9, 9, to: folder.file("real/SYNOFILE_THUMB_M.png"))
    let result = try Tool.run(["classify", "-m", folder.file("colors.onnx"), folder.file("real")])
    #expect(result.lines.count == 12)
    #expect(result.messages.contains("@eaDir: left out"), "\(result.messages)")
    let own = try Tool.run(["classify", "-m", folder.file("colors.onnx"), folder.file("real/@eaDir")])
    #expect(own.lines.count == 1)
  }

  @Test func someOfTheClassesAreEnoughToEvaluate() throws {
    let result = try Tool.run(["evaluate", folder.file("colors.onnx"), folder.file("real")])
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.messages.contains("no images of 1 of the model's 3 classes, 'blue, dark'"))
    #expect(result.output.contains("12 of 2 of the model's 3 classes"))
    let row = result.lines.first { $0.hasPrefix("blue, dark") }
    #expect(row?.contains("%") == false, "\(result.output)")
    try FileManager.default.moveItem(atPath: folder.file("real/red"), toPath: folder.file("real/rot"))
    let other = try Tool.run(["evaluate", folder.file("colors.onnx"), folder.file("real")])
    #expect(other.status == 65 && other.messages.contains("does not know 'rot'"))
  }

  @Test func trainSaysWhatItTakesForWhat() throws {
    let rows = ["red", "green"].flatMap { label in
      (0..<6).map { "real/\(label)/\($0).png;\(label);\($0 % 2)" }
    }
    try folder.write((["photo;what;side"] + rows + [rows[0]]).joined(separator: "\r\n"), to: "t.csv")
    let table = folder.file("t.csv")
    func dryRun(_ more: String...) throws -> Tool.Result {
      try Tool.run(["train", table, "--from-scratch", "--dry-run", "--architecture", "mlp"] + more)
    }
    let unclear = try dryRun()
    #expect(
      unclear.status == 65 && unclear.messages.contains("'photo', 'what', 'side'"), "\(unclear.messages)")
    let named = try dryRun("--label-column", "what")
    #expect(named.status == 0, "\(named.messages)")
    #expect(named.messages.contains("2 classes: green, red (6 images each)\n"))
    #expect(named.messages.contains("1 line repeats what another says, such as line 14 that of line 2"))
    #expect(try Tool.run(["doctor", table, "--no-near", "--label-column", "what"]).output.contains("6"))
    let evaluated = try Tool.run(["evaluate", folder.file("colors.onnx"), table, "--label-column", "what"])
    #expect(evaluated.status == 0 && evaluated.output.contains("12 of 2"), "\(evaluated.messages)")
    let folders = try Tool.run(["doctor", folder.file("real"), "--label-column", "what"])
    #expect(folders.status != 0 && folders.messages.contains("no columns"))
  }

  @Test func configurationsOfOtherSystemsAreRead() throws {
    let text = "data: \(folder.file("real"))\nfrom-scratch: true\narchitecture: mlp\ndry-run: true\n"
    var wide: [UInt8] = [0xff, 0xfe]
    for unit in text.utf16 { wide += [UInt8(unit & 255), UInt8(unit >> 8)] }
    for bytes in [[0xef, 0xbb, 0xbf] + Array(text.utf8), wide] {
      try Data(bytes).write(to: URL(fileURLWithPath: folder.file("c.yaml")))
      let result = try Tool.run(["train", "--config", folder.file("c.yaml")])
      #expect(result.status == 0 && result.messages.contains("2 classes"), "\(result.messages)")
    }
    try Data(Array("data: x\nlr: ".utf8) + [0xff]).write(to: URL(fileURLWithPath: folder.file("c.yaml")))
    let bad = try Tool.run(["train", "--config", folder.file("c.yaml")])
    #expect(bad.messages.contains("c.yaml, line 2"), "\(bad.messages)")
  }
}
