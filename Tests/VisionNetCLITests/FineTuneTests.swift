import Foundation
import Testing
import VisionNet
import VisionSystem

/// `visionnet train --fine-tune` that is killed and goes on.
@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct FineTuneTests {
  let folder: TemporaryFolder

  /// Three classes of noisy colors.
  init() throws {
    folder = try TemporaryFolder()
    try TinyNetwork.model().write(to: folder.file("backbone.onnx"))
    for (channel, label) in ["red", "green", "blue"].enumerated() {
      try FileManager.default.createDirectory(
        atPath: folder.file("data/\(label)"), withIntermediateDirectories: true)
      for number in 0..<10 {
        let noise = Philox(seed: UInt64(channel * 100 + number)).uniform(count: 64 * 3)
        let pixels = noise.enumerated().map {
          UInt8(saturating: $0 % 3 == channel ? 60 + $1 * 150 : $1 * 200)
        }
        try Image(width: 8, height: 8, pixels: pixels).write(
          to: folder.file("data/\(label)/\(number).png"))
      }
    }
  }

  private static let settings =
    "--offline -m backbone.onnx --fine-tune all --epochs 40 --batch-size 4 --lr 0.01 --validation 0.3"

  private func shell(_ script: String) throws -> Tool.Result {
    try Tool.shell(
      "cd \"$FOLDER\" || exit 1\n" + script,
      environment: ["FOLDER": folder.path, "XDG_CACHE_HOME": folder.file("cache")])
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder.file(name), encoding: .utf8)
  }

  private func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
  }

  @Test func aKilledRunGoesOnToTheSameBytes() throws {
    let whole = try shell("\"$VISIONNET\" train data -o whole \(Self.settings)")
    #expect(whole.status == 0, "\(whole.messages)")
    #expect(try text("whole/metrics.json").contains("\"kept\": true"))
    // Killed over and over, each time when a few more epochs are done, until it has gone on to its end.
    let result = try shell(
      """
      kills=0
      for epochs in 1 4 9 15 22 30 37; do
        if [ -e run/config.yaml ]; then
          "$VISIONNET" train --resume run >>output 2>>messages &
        else
          "$VISIONNET" train data -o run \(Self.settings) >>output 2>>messages &
        fi
        pid=$!
        while kill -0 $pid 2>/dev/null; do
          [ "$(cat run/fine-tuning/metrics.csv 2>/dev/null | wc -l)" -gt $epochs ] && break
          sleep 0.01
        done
        kill -9 $pid 2>/dev/null && kills=$((kills + 1))
        wait $pid 2>/dev/null
      done
      [ -e run/metrics.json ] || "$VISIONNET" train --resume run >>output 2>>messages || exit 3
      echo $kills
      """)
    let messages = try text("messages")
    #expect(result.status == 0, "\(result.messages) \(messages)")
    #expect(Int(result.lines.last ?? "") ?? 0 >= 3)
    #expect(messages.contains("going on after epoch"))
    #expect(try bytes("run/model.onnx") == bytes("whole/model.onnx"))
    let epochs = try text("run/fine-tuning/metrics.csv").split(separator: "\n").dropFirst()
    #expect(epochs.map { $0.prefix { $0 != "," } } == (1...40).map { "\($0)" })
    #expect(try text("run/config.yaml") == text("whole/config.yaml"))
  }

  @Test func aRunDoesNotGoOnWithOtherImages() throws {
    let begun = try shell(
      """
      "$VISIONNET" train data -o run \(Self.settings) --epochs 100000 >output 2>messages &
      pid=$!
      while kill -0 $pid && [ "$(cat run/fine-tuning/metrics.csv 2>/dev/null | wc -l)" -lt 3 ]; do sleep 0.02; done
      kill -9 $pid
      wait $pid
      cp data/red/1.png data/red/2.png
      "$VISIONNET" train --resume run
      """)
    #expect(begun.status == 65)
    #expect(begun.messages.contains("1 image is changed (red/2.png)"))
  }
}
