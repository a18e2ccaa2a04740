import VisionTraining
import Foundation
import Testing
import VisionNet
import VisionTestSupport

/// `visionnet train` on a disk that fills up: an error that says so, the last good checkpoint, and nothing else lost.
@Suite(
  .enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"),
  .enabled(if: TinyDisk.isAvailable, "no file system can be mounted here"))
struct FullDiskTests {
  let folder: TemporaryFolder

  /// Two classes of ten noisy images each.
  init() throws {
    folder = try TemporaryFolder()
    for label in ["dark", "light"] {
      try FileManager.default.createDirectory(
        atPath: folder.file("data/\(label)"), withIntermediateDirectories: true)
      for number in 0..<10 {
        let pixels = (0..<64).flatMap { index -> [UInt8] in
          [UInt8]((0..<3).map { UInt8((label == "dark" ? 20 : 90) + (index * 7 + $0 + number * 13) % 60) })
        }
        try Image(width: 8, height: 8, pixels: pixels).write(to: folder.file("data/\(label)/\(number).png"))
      }
    }
  }

  private static let settings = [
    "--from-scratch", "--architecture", "mlp", "--batch-size", "4", "--augment", "none", "--epochs", "60",
  ]

  private func scratch(_ output: String) throws -> Tool.Result {
    try Tool.run(["train", folder.file("data"), "-o", output] + Self.settings)
  }

  private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

  private func names(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  private func expectFull(_ result: Tool.Result, _ file: String) {
    #expect(result.status == 74, "\(result.messages)")
    #expect(result.output.isEmpty)
    #expect(result.messages.contains(file))
    #expect(result.messages.contains("No space left on device"))
    #expect(result.messages.contains("make room"))
  }

  @Test func aFullDiskKeepsTheLastCheckpoint() throws {
    #expect(try scratch(folder.file("whole")).status == 0)
    let size = try bytes(folder.file("whole/\(Checkpoint.fileName)")).count
    // Room for two checkpoints and no more than the first logs: what each epoch adds fills it up.
    let disk = try #require(TinyDisk(kilobytes: 2 * size / 1024 + 20))
    let run = "\(disk.path)/run"
    expectFull(try scratch(run), "\(run)/")
    #expect(
      try names(run) == [
        "checkpoint.safetensors", "config.yaml", "events.jsonl", "metrics.csv", "pictures.csv",
      ])
    let epoch = try Checkpoint(contentsOf: run).position.epoch
    #expect(epoch > 0 && epoch < 60)
    // Still full: again the same, and nothing is lost by trying.
    expectFull(try Tool.run(["train", "--resume", run]), "\(run)/")
    #expect(try Checkpoint(contentsOf: run).position.epoch >= epoch)

    try #require(disk.resize(kilobytes: 8192))
    let result = try Tool.run(["train", "--resume", run])
    #expect(result.status == 0, "\(result.messages)")
    #expect(try bytes("\(run)/model.onnx") == bytes(folder.file("whole/model.onnx")))
    let rows = try String(contentsOfFile: "\(run)/metrics.csv", encoding: .utf8).split(separator: "\n")
    #expect(rows.dropFirst().map { $0.prefix { $0 != "," } } == (1...60).map { "\($0)" })
  }

  @Test func aDiskTooFullForTheModelKeepsTheTraining() throws {
    let disk = try #require(TinyDisk(kilobytes: 8192))
    let (run, filler) = ("\(disk.path)/run", "\(disk.path)/filler")
    #expect(try scratch(run).status == 0)
    let model = try bytes("\(run)/model.onnx")
    // As if it had been killed before it wrote the model.
    for name in ["model.onnx", "report.html", "metrics.json"] {
      try FileManager.default.removeItem(atPath: "\(run)/\(name)")
    }
    let kept = try names(run)
    // What a killed process has begun to write is removed; the user's own files are not.
    try folder.write("half", to: "half")
    for name in ["model.onnx.1a2b3c.part", "model.onnx.my-own.part"] {
      try FileManager.default.copyItem(atPath: folder.file("half"), toPath: "\(run)/\(name)")
    }
    let before = try kept.map { try bytes("\(run)/\($0)") }
    disk.fill(filler)
    #expect(truncate(filler, try bytes(filler).count - 16384) == 0)
    expectFull(try Tool.run(["train", "--resume", run]), "\(run)/model.onnx")
    #expect(try names(run) == (kept + ["model.onnx.my-own.part"]).sorted())
    #expect(try kept.map { try bytes("\(run)/\($0)") } == before)
    try FileManager.default.removeItem(atPath: filler)
    let result = try Tool.run(["train", "--resume", run])
    #expect(result.status == 0, "\(result.messages)")
    #expect(try bytes("\(run)/model.onnx") == model)
  }

  @Test func aDiskTooSmallForANewLastLayerHasNoHalfModel() throws {
    try TinyNetwork.model().write(to: folder.file("backbone.onnx"))
    let disk = try #require(TinyDisk(kilobytes: 8))
    let run = "\(disk.path)/run"
    let result = try Tool.run(
      ["train", folder.file("data"), "--offline", "-m", folder.file("backbone.onnx"), "-o", run],
      environment: ["XDG_CACHE_HOME": folder.file("cache")])
    expectFull(result, "\(run)/")
    #expect(try names(run) == ["config.yaml", "events.jsonl"])
    try #require(disk.resize(kilobytes: 8192))
    let again = try Tool.run(
      ["train", "--resume", run], environment: ["XDG_CACHE_HOME": folder.file("cache")])
    #expect(again.status == 0, "\(again.messages)")
    #expect(try names(run).contains("model.onnx"))
  }
}
