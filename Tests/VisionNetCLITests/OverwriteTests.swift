import Foundation
import Testing
import VisionNet

@testable import VisionNetCLI

/// No command replaces a file unless --force is given.
@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct OverwriteTests {
  let colors: ColorFolder

  init() throws { colors = try ColorFolder() }

  private func contents(_ name: String) throws -> String {
    try String(contentsOfFile: colors.path(name), encoding: .isoLatin1)
  }

  @Test(arguments: [
    ["convert", "RED", "FILE.png"], ["preprocess", "RED", "-m", "MODEL", "-o", "FILE.png"],
    ["explain", "RED", "--offline", "-m", "MODEL", "-o", "FILE.png"],
    ["classify", "RED", "--offline", "-m", "MODEL", "-o", "FILE.png"],
    ["export", "MODEL", "-o", "FILE.onnx"],
    ["run", "MODEL", "--shape", "input=1,3,8,8", "-o", "FILE.npz"],
    ["bench", "lenet5", "--runs", "1", "--threads", "1", "--profile", "--trace", "FILE.png"],
  ])
  func aFileIsReplacedOnlyByForce(_ words: [String]) throws {
    let file = try #require(words.first { $0.hasPrefix("FILE.") })
    let kept = file.replacingOccurrences(of: "FILE", with: "kept")
    try colors.folder.write("what was there", to: kept)
    let places = ["RED": "red.png", file: kept]
    let arguments = words.map { $0 == "MODEL" ? colors.model : places[$0].map(colors.path) ?? $0 }
    let refused = try Tool.run(arguments)
    #expect(refused.status == 74, "\(refused.messages)")
    #expect(refused.messages.contains("\(colors.path(kept)): the file exists (--force overwrites it)"))
    #expect(try contents(kept) == "what was there")
    let forced = try Tool.run(arguments + ["--force"])
    #expect(forced.status == 0, "\(forced.messages)")
    #expect(try contents(kept) != "what was there")
  }

  /// The folder of a run stands for its model, wherever a model is asked for.
  @Test func theFolderOfARunIsItsModel() throws {
    try FileManager.default.createDirectory(atPath: colors.path("run"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: colors.model, toPath: colors.path("run/model.onnx"))
    let (run, red) = (colors.path("run"), colors.path("red.png"))
    for arguments in [
      ["inspect", run], ["bench", run, "--runs", "1"], ["classify", red, "-m", run, "--offline"],
      ["preprocess", red, "-m", run, "-o", colors.path("seen.png")],
      ["run", run, "--shape", "input=1,3,8,8", "--output-dir", colors.path("arrays")],
      ["export", run, "-o", colors.path("again.onnx")],
    ] {
      let result = try Tool.run(arguments)
      #expect(result.status == 0, "\(arguments): \(result.messages)")
    }
    let empty = colors.path("empty")
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    #expect(try Tool.run(["inspect", empty]).status == 66)
  }

  @Test func devicesAreWrittenTo() throws {
    #expect(
      try Tool.run(["classify", "--offline", "-m", colors.model, colors.path("red.png"), "-o", "/dev/null"])
        .status == 0)
  }
}
