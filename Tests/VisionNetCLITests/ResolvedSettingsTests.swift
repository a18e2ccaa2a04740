import VisionTraining
import Foundation
import Testing
import VisionNet

/// What settings come to: the configuration that a training writes into its folder, for many mixtures of flags, files, data
/// and ways to train, against the text that was there first.
@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct ResolvedSettingsTests {
  /// A mixture and what came of it, as in the file: `$ DATA FLAGS`, the lines of a file for `--config` after `> `, then
  /// what is printed.
  private struct Case {
    var call: String
    var file: [String] = []
    var expected: [String] = []
  }

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for (name, count, width, height, isColored) in [
      ("gray", 8, 28, 28, false), ("color", 8, 32, 32, true), ("photos", 3, 130, 100, true),
      ("tiny", 4, 5, 20, true), ("split/train", 40, 12, 10, true), ("split/val", 4, 12, 9, true),
      ("many/train", 3000, 8, 8, true), ("many/val", 2, 9, 8, true),
    ] {
      try writeImages(count, width, height, isColored, to: name)
    }
    let rows = (0..<8).map { "gray/a/\($0).png,\($0 % 2 == 0 ? "even" : "odd"),\($0 < 4 ? "low" : "high")\n" }
    try folder.write("path,kind,height\n" + rows.joined(), to: "table.csv")
  }

  /// Two classes of images that all differ.
  private func writeImages(_ count: Int, _ width: Int, _ height: Int, _ isColored: Bool, to name: String)
    throws
  {
    for (index, label) in ["a", "b"].enumerated() {
      let path = "\(name)/\(label)"
      try FileManager.default.createDirectory(
        atPath: folder.file(path), withIntermediateDirectories: true)
      for number in 0..<count {
        let value = UInt8((31 * number + 90 * index) % 200)
        var pixels = [[UInt8]](
          repeating: isColored ? [value, 255 - value, UInt8(50 * index)] : [value, value, value],
          count: width * height
        ).flatMap { $0 }
        // The first pixel holds the number.
        let marks =
          isColored
          ? [UInt8(number % 256), UInt8(number / 256), 7] : [UInt8](repeating: UInt8(number), count: 3)
        pixels.replaceSubrange(0..<3, with: marks)
        try Image(width: width, height: height, pixels: pixels).write(
          to: folder.file("\(path)/\(number).png"))
      }
    }
  }

  private static func cases(_ text: String) -> [Case] {
    var cases: [Case] = []
    for line in text.split(separator: "\n").map(String.init) {
      if line.hasPrefix("$ ") {
        cases.append(Case(call: String(line.dropFirst(2))))
      } else if line.hasPrefix("> ") {
        cases[cases.count - 1].file.append(String(line.dropFirst(2)))
      } else {
        cases[cases.count - 1].expected.append(line)
      }
    }
    return cases
  }

  /// What `train --dry-run` prints, or its status and what it complains of.
  private func printed(_ item: Case) throws -> [String] {
    var arguments = item.call.split(separator: " ").map(String.init)
    arguments[0] = folder.file(arguments[0])
    if !item.file.isEmpty {
      try folder.write(item.file.joined(separator: "\n") + "\n", to: "run.yaml")
      arguments += ["--config", folder.file("run.yaml")]
    }
    let result = try Tool.run(["train"] + arguments + ["--dry-run"])
    let messages = result.messages.split(separator: "\n").map(String.init)
    let lines =
      result.status == 0
      ? messages.filter { $0.contains(" warning: ") } + result.lines
      : ["! \(result.status)", messages.last ?? ""]
    return Self.joined(lines.filter { !$0.hasPrefix("# ") || $0.hasPrefix("# steps") }).map {
      $0.replacingOccurrences(of: folder.path, with: "FOLDER")
    }
  }

  /// What is left open in fine-tuning on so many images to train on, by `fine-tuning of COUNT: NAME=VALUE …`.
  private func tuned(_ item: Case) throws -> [String] {
    let words = item.call.split(separator: " ")
    let count = try #require(Int(words[2].dropLast()))
    var given = GivenSettings()
    for word in words.dropFirst(3) {
      let parts = word.split(separator: "=").map(String.init)
      try given.set(parts[0], to: parts[1])
    }
    let settings = try given.resolved(in: Situation(.fineTune, samples: count))
    let learned = GivenSettings.settings.filter {
      ($0.role == .learning && $0.recipes.contains(.fineTune)) || given.names.contains($0.name)
    }.map(
      \.name)
    return [
      settings.values.filter { learned.contains($0.name) }.map { "\($0.name): \($0.value)" }.joined(
        separator: " | ")
    ]
  }

  /// The lines with the settings as one.
  private static func joined(_ lines: [String]) -> [String] {
    let settings = lines.filter {
      $0.first?.isLetter == true && !$0.hasPrefix("visionnet: ") && !$0.hasPrefix("Error: ")
    }
    return lines.filter { !settings.contains($0) }
      + (settings.isEmpty ? [] : [settings.joined(separator: " | ")])
  }

  @Test func mixturesComeToWhatTheyAlwaysDid() throws {
    let file = try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures/train-settings.txt")
    let cases = Self.cases(try String(contentsOf: file, encoding: .utf8))
    #expect(cases.count > 190)
    var actual = ""
    for item in cases {
      let lines = try item.call.hasPrefix("fine-tuning of ") ? tuned(item) : printed(item)
      #expect(lines == item.expected, "\(item.call) \(item.file)")
      actual += (["$ \(item.call)"] + item.file.map { "> \($0)" } + lines).map { $0 + "\n" }.joined()
    }
    // Where they are meant to differ, this becomes the fixture.
    if let path = ProcessInfo.processInfo.environment["VISIONNET_SETTINGS_FILE"] {
      try actual.write(toFile: path, atomically: true, encoding: .utf8)
    }
  }
}
