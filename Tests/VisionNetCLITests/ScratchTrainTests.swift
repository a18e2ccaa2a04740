import VisionTraining
import Foundation
import Testing
import VisionNet

/// `visionnet train --from-scratch` on images of 8 × 8 pixels.
@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct ScratchTrainTests {
  let folder: TemporaryFolder

  /// Two classes of ten images each, dark at the left or at the right.
  init() throws {
    folder = try TemporaryFolder()
    for label in ["left side", "right side"] { try addClass(label, count: 10) }
  }

  private func addClass(_ label: String, count: Int, to data: String = "data") throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("\(data)/\(label)"), withIntermediateDirectories: true)
    for number in 0..<count {
      let pixels = (0..<8 * 8).flatMap { index -> [UInt8] in
        let isDark = (index % 8 < 4) == label.hasPrefix("left")
        let value = UInt8((isDark ? 20 : 180) + (index * 7 + number * 13) % 60)
        return [value, value, value]
      }
      try Image(width: 8, height: 8, pixels: pixels).write(to: folder.file("\(data)/\(label)/\(number).png"))
    }
  }

  private static let small = [
    "--from-scratch", "--architecture", "mlp", "--batch-size", "4", "--augment", "none",
  ]

  private func train(_ arguments: String...) throws -> Tool.Result {
    try Tool.run(["train"] + arguments)
  }

  private func scratch(_ arguments: String...) throws -> Tool.Result {
    try Tool.run(["train", folder.file("data")] + Self.small + arguments)
  }

  private func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
  }

  private func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder.file(name)) }

  @Test func scaledDecodingIsTheSameWhileJudging() throws {
    for (label, level) in [("dim", 40), ("lit", 160)] {
      try FileManager.default.createDirectory(
        atPath: folder.file("photos/\(label)"), withIntermediateDirectories: true)
      for number in 0..<10 {
        let pixels = (0..<90 * 70 * 3).map { UInt8(level + ($0 * (number + 3)) % 50) }
        try Image(width: 90, height: 70, pixels: pixels).write(
          to: folder.file("photos/\(label)/\(number).jpg"))
      }
    }
    let photos = ["train", folder.file("photos")] + Self.small + ["--epochs", "3", "--image-size", "8"]
    let result = try Tool.run(photos + ["-o", folder.file("run"), "--decoding", "scaled"])
    #expect(result.status == 0, "\(result.messages)")
    #expect(try text("run/config.yaml").contains("\ndecoding: scaled\n"))
    let model = try Model(contentsOf: folder.file("run/model.onnx"))
    #expect(model.preprocessing?.decoding == .scaled)
    #expect(model.preprocessing?.decodedPart(width: 90, height: 70) == 4)
    // The threads and what is left in the cache of images change nothing.
    #expect(
      try Tool.run(photos + ["-o", folder.file("one"), "--decoding", "scaled", "--threads", "1"]).status == 0)
    #expect(try bytes("run/model.onnx") == bytes("one/model.onnx"))
    let full = try Tool.run(photos + ["-o", folder.file("full")])
    #expect(full.status == 0 && full.messages.contains("--decoding scaled would"), "\(full.messages)")
    #expect(!result.messages.contains("--decoding"))
    #expect(try bytes("run/model.onnx") != bytes("full/model.onnx"))
    #expect(try text("full/config.yaml").contains("\ndecoding: full\n"))
  }

  @Test func aFolderBecomesAModelThatClassifies() throws {
    let result = try scratch("-o", folder.file("run"), "--epochs", "12", "--lr", "0.01")
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.output.hasPrefix("validation top-1  100 % ("))
    #expect(result.output.contains("visionnet classify --model"))
    let lines = result.messages.split(separator: "\n").filter { $0.contains(" epoch ") }
    #expect(lines.count == 12)
    for word in ["loss ", "validation ", "top-1 ", "rate ", " images/s", " left"] {
      #expect(lines[0].contains(word), "\(word)")
    }
    #expect(!result.messages.contains("\u{1b}"))
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.file("run")).sorted()
    #expect(
      files == [
        "checkpoint.safetensors", "config.yaml", "events.jsonl", "metrics.csv", "metrics.json", "model.onnx",
        "pictures.csv", "report.html",
      ])
    #expect(try text("run/metrics.csv").split(separator: "\n").count == 13)

    let model = try Model(contentsOf: folder.file("run/model.onnx"))
    #expect(model.labels == ["left side", "right side"])
    #expect(model.head == "fc3")
    #expect(model.embedding != nil)
    let preprocessing = try #require(model.preprocessing)
    #expect((preprocessing.width, preprocessing.height) == (8, 8))
    #expect(preprocessing.channels == .gray)
    #expect(abs(preprocessing.mean[0] - 0.5) < 0.15)
    let image = folder.file("data/right side/3.png")
    let answer = try Tool.run(["classify", "-m", folder.file("run/model.onnx"), image])
    #expect(answer.output.hasPrefix("\(image)  right side "))
    let refused = try train("--resume", folder.file("run"))
    #expect(refused.status == 64)
    #expect(refused.messages.contains("the run is finished"))
  }

  @Test func theConfigurationOfARunGivesTheSameRun() throws {
    let first = try scratch(
      "-o", folder.file("a"), "--epochs", "2", "--seed", "5", "--threads", "1", "--mixup", "0.2", "--ema",
      "0.9",
      "--clip", "1", "--label-smoothing", "0.1", "--class-weights", "balanced", "--augment", "light")
    #expect(first.status == 0, "\(first.messages)")
    let second = try train("--config", folder.file("a/config.yaml"), "-o", folder.file("b"), "--threads", "2")
    #expect(second.status == 0, "\(second.messages)")
    #expect(try bytes("a/model.onnx") == bytes("b/model.onnx"))
    #expect(try text("b/config.yaml") == text("a/config.yaml").replacing("threads: 1", with: "threads: 2"))
    let other = try train("--config", folder.file("a/config.yaml"), "-o", folder.file("c"), "--seed", "6")
    #expect(other.status == 0)
    #expect(try bytes("a/model.onnx") != bytes("c/model.onnx"))
  }

  @Test func aKilledRunGoesOnToTheSameBytes() throws {
    let settings = [
      "--epochs", "60", "--threads", "2", "--mixup", "0.2", "--ema", "0.9", "--validation", "0.3",
    ]
    let whole = try Tool.run(
      ["train", folder.file("data"), "-o", folder.file("whole")] + Self.small + settings)
    #expect(whole.status == 0, "\(whole.messages)")
    // Killed over and over, each time a little later, until it has gone on to its end.
    let result = try Tool.shell(
      """
      cd "$FOLDER" || exit 1
      kill_after() { "$@" 2>>messages >>output & pid=$!; sleep $delay; kill -9 $pid 2>/dev/null; wait $pid; }
      delay=0.15
      kill_after "$VISIONNET" train data -o run \(Self.small.joined(separator: " ")) \(settings.joined(separator: " "))
      kills=0
      while [ ! -e run/metrics.json ]; do
        kills=$((kills + 1))
        [ $kills -gt 60 ] && exit 2
        delay=$(echo "$delay * 1.15" | bc 2>/dev/null || awk "BEGIN { print $delay * 1.15 }")
        if [ -e run/config.yaml ]; then
          kill_after "$VISIONNET" train --resume run
        else
          rm -rf run
          kill_after "$VISIONNET" train data -o run \(Self.small.joined(separator: " ")) \(settings.joined(separator: " "))
        fi
      done
      echo $kills
      """, environment: ["FOLDER": folder.path])
    let messages = try text("messages")
    #expect(result.status == 0, "\(result.messages) \(messages)")
    #expect(try bytes("run/model.onnx") == bytes("whole/model.onnx"))
    // Nothing is told twice.
    let epochs = try text("run/metrics.csv").split(separator: "\n").dropFirst().map {
      $0.split(separator: ",")[0]
    }
    #expect(epochs == (1...60).map { "\($0)" })
    #expect(try text("run/config.yaml") == text("whole/config.yaml"))
  }

  @Test func theInterruptKeyWritesACheckpoint() throws {
    let result = try Tool.shell(
      """
      cd "$FOLDER" || exit 1
      "$VISIONNET" train data -o run \(Self.small.joined(separator: " ")) --epochs 100000 >output 2>messages &
      pid=$!
      while ! [ -e run/metrics.csv ] || [ $(wc -l < run/metrics.csv) -lt 3 ]; do sleep 0.05; done
      kill -INT $pid
      wait $pid
      """, environment: ["FOLDER": folder.path])
    #expect(result.status == 130)
    #expect(try text("messages").contains("visionnet train --resume ./run") == true)
    #expect(try text("output").isEmpty)
    #expect(exists("run/checkpoint.safetensors"))
    #expect(!exists("run/model.onnx"))
  }

  @Test func aRunDoesNotGoOnWithOtherData() throws {
    try folder.write("", to: "empty/file")
    #expect(try train("--resume", folder.file("none")).status == 66)
    let empty = try train("--resume", folder.file("empty"))
    #expect(empty.status == 66)
    #expect(empty.messages.contains("holds no run"))

    #expect(try scratch("-o", folder.file("run"), "--epochs", "1").status == 0)
    try FileManager.default.removeItem(atPath: folder.file("run/metrics.json"))
    let more = try train("--resume", folder.file("run"), "--epochs", "3")
    #expect(more.status == 64)
    #expect(more.messages.contains("--epochs"))

    func refusal() throws -> String {
      let result = try train("--resume", folder.file("run"))
      #expect(result.status == 65)
      return result.messages
    }
    let (image, kept) = (folder.file("data/left side/4.png"), folder.file("kept.png"))
    try FileManager.default.moveItem(atPath: image, toPath: kept)
    #expect(try refusal().contains("1 image is missing or unreadable (left side/4.png)"))
    try FileManager.default.copyItem(atPath: folder.file("data/left side/5.png"), toPath: image)
    #expect(try refusal().contains("1 image is changed (left side/4.png)"))
    try FileManager.default.removeItem(atPath: image)
    try FileManager.default.moveItem(atPath: kept, toPath: image)
    try addClass("third", count: 2)
    #expect(try refusal().contains("the class 'third' is new"))
    try FileManager.default.removeItem(atPath: folder.file("data/third"))
    let model = try bytes("run/model.onnx")
    #expect(try train("--resume", folder.file("run")).status == 0)
    #expect(try bytes("run/model.onnx") == model)
  }

  @Test func badFilesAreNamedAndOddNamesDoNotHurt() throws {
    try folder.write("", to: "data/left side/empty.png")
    let made = try Tool.shell(
      "cp \"$FOLDER/data/left side/1.png\" \"$FOLDER/data/left side/$(printf 'odd\\377.png')\"",
      environment: ["FOLDER": folder.path])
    #expect(made.status == 0)
    let result = try scratch("-o", folder.file("run"), "--epochs", "1")
    #expect(result.status == 2, "\(result.messages)")
    #expect(result.messages.contains("left side/empty.png: skipped"))
    #expect(result.messages.contains("odd\u{FFFD}.png: skipped"))
    #expect(result.output.contains("skipped           2 files"))
    let strict = try scratch("-o", folder.file("strict"), "--strict")
    #expect(strict.status == 65)
    #expect(!exists("strict"))
    let odd = try Tool.shell(
      "mv \"$FOLDER/data\" \"$FOLDER/$(printf 'd\\377')\"; \"$VISIONNET\" train \"$FOLDER/$(printf 'd\\377')\" --from-scratch",
      environment: ["FOLDER": folder.path])
    #expect(odd.status == 64)
    #expect(odd.messages.contains("DATA is not UTF-8 text"))
  }

  @Test func aLossThatIsNoNumberEndsTheRun() throws {
    let result = try scratch(
      "-o", folder.file("run"), "--epochs", "5", "--optimizer", "sgd", "--lr", "1e9", "--clip", "0",
      "--schedule", "constant", "--warmup", "0")
    #expect(result.status == 65)
    #expect(result.messages.contains("rate 1000000000.0"))
    #expect(result.messages.contains("smaller rate"))
    #expect(exists("run/checkpoint.safetensors"))
    #expect(!exists("run/model.onnx"))
  }

  @Test func tooFewImagesAreRefused() throws {
    try addClass("left", count: 3, to: "one")
    let one = try train(folder.file("one"), "--from-scratch")
    #expect(one.status == 65)
    #expect(one.messages.contains("only one class, 'left'"))
    for label in ["left", "right"] { try addClass(label, count: 1, to: "single") }
    let single = try train(folder.file("single"), "--from-scratch", "-o", folder.file("out"))
    #expect(single.status == 65)
    #expect(single.messages.contains("--validation 0"))
    #expect(!exists("out"))
    let forced = try train(
      folder.file("single"), "--from-scratch", "--architecture", "mlp", "--validation", "0", "-o",
      folder.file("out"), "--epochs", "2")
    #expect(forced.status == 0, "\(forced.messages)")
    #expect(forced.output.contains("weights           those of the last epoch, 2"))
  }

  @Test func aDryRunSaysEverythingAndDoesNothing() throws {
    let result = try scratch("-o", folder.file("run"), "--dry-run", "--epochs", "7")
    #expect(result.status == 0)
    for word in ["# weights ", "# memory ", "# images ", ": 7 epochs of ", "epochs: 7\n", "lr: "] {
      #expect(result.output.contains(word), "\(word)")
    }
    #expect(!exists("run"))
    let again = try GivenSettings(yaml: result.output, name: "output")
    #expect(again[.epochs] == 7)
    #expect(again[.architecture] == "mlp")
  }

  @Test func ratesAreSearched() throws {
    let result = try scratch("-o", folder.file("run"), "--find-lr")
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.output.contains("suggested rate  "))
    let rows = try text("run/find-lr.csv").split(separator: "\n")
    #expect(rows[0] == "rate,loss,smoothed_loss")
    #expect(rows.count > 10)
    #expect(try text("run/find-lr.svg").contains("<svg"))
    #expect(!exists("run/model.onnx"))
  }
}
