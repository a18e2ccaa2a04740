import Foundation
import Testing
import VisionNet

@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct ClassifyTests {
  let colors: ColorFolder

  init() throws { colors = try ColorFolder() }

  private struct Record: Decodable, Equatable {
    struct Guess: Decodable, Equatable {
      let label: String
      let index: Int
      let probability: Double
    }
    struct Failure: Decodable, Equatable {
      let code: String
      let message: String
    }
    let path: String
    let width: Int?
    let height: Int?
    let predictions: [Guess]?
    let milliseconds: Double?
    let error: Failure?
  }

  private func records(_ result: Tool.Result) throws -> [Record] {
    try result.lines.map { try JSONDecoder().decode(Record.self, from: Data($0.utf8)) }
  }

  @Test func textNamesEveryImageInTheOrderOfTheArguments() throws {
    let (red, blue) = (colors.path("red.png"), colors.path("blue.jpg"))
    let result = try colors.classify(blue, red, blue)
    #expect(result.status == 0)
    #expect(result.messages == "")
    #expect(result.lines.count == 3)
    #expect(result.lines[0].hasPrefix("\(blue)  blue, dark 0.9"))
    #expect(result.lines[1].hasPrefix("\(red)  red 0.9"))
    #expect(result.lines[2] == result.lines[0])
    #expect(result.lines[1].split(separator: "  ").count == 4)
  }

  @Test func anImageThatCannotBeReadIsAMessageAndExitCode2() throws {
    let result = try colors.classify(
      colors.path("red.png"), colors.path("broken.png"), colors.path("none.png"))
    #expect(result.status == 2)
    #expect(result.lines.count == 1)
    #expect(result.messages.contains("broken.png: "))
    #expect(result.messages.contains("none.png: no such file"))
    #expect(result.messages.contains("2 of 3 images"))
  }

  @Test func quietLeavesErrorsOnly() throws {
    let result = try colors.classify(colors.path("red.png"), colors.path("none.png"), "-q")
    #expect(result.status == 2)
    #expect(result.messages == "visionnet: error: \(colors.path("none.png")): no such file\n")
  }

  @Test func whenNoneCanBeReadTheCodeSaysWhetherAllAreMissing() throws {
    #expect(try colors.classify(colors.path("none.png")).status == 66)
    #expect(try colors.classify(colors.path("none.png"), colors.path("broken.png")).status == 65)
    #expect(try colors.classify(colors.path("broken.png")).status == 65)
  }

  @Test func jsonLinesHoldPredictionsOrAnError() throws {
    let result = try colors.classify(
      colors.path("green.png"), colors.path("broken.png"), "--format", "jsonl", "-k2")
    #expect(result.status == 2)
    let records = try records(result)
    #expect(records.count == 2)
    #expect(records[0].path == colors.path("green.png"))
    #expect(records[0].width == 12 && records[0].height == 9)
    #expect(records[0].predictions?.count == 2)
    #expect(records[0].predictions?.first?.label == "green")
    #expect(records[0].predictions?.first?.index == 1)
    #expect((records[0].predictions?.first?.probability ?? 0) > 0.9)
    #expect((records[0].milliseconds ?? -1) > 0)
    #expect(records[0].error == nil)
    #expect(records[1].predictions == nil)
    #expect(records[1].error?.message.isEmpty == false)
    #expect(ImageError.Kind(rawValue: records[1].error?.code ?? "") != nil)
  }

  @Test func jsonIsOneArrayEvenWhenEverythingFails() throws {
    for images in [["red.png", "broken.png", "blue.jpg"], ["none.png"]] {
      let result = try Tool.run(
        ["classify", "-m", colors.model, "--format", "json"] + images.map(colors.path))
      let records = try JSONDecoder().decode([Record].self, from: Data(result.output.utf8))
      #expect(records.map(\.path) == images.map(colors.path))
    }
  }

  @Test func csvQuotesWhatNeedsIt() throws {
    let result = try colors.classify(
      colors.path("blue.jpg"), colors.path("none.png"), "--format", "csv", "-k", "1")
    #expect(result.status == 2)
    #expect(
      result.lines[0] == "path,width,height,rank,label,index,probability,milliseconds,error,message,unknown")
    #expect(result.lines[1].hasPrefix("\(colors.path("blue.jpg")),12,9,1,\"blue, dark\",2,0.9"))
    #expect(result.lines[1].hasSuffix(",,,false"))
    #expect(result.lines[2] == "\(colors.path("none.png")),,,,,,,,missing,no such file,")
  }

  @Test func foldersAreReadRecursivelyAndSortedWithoutHiddenFiles() throws {
    try colors.folder.write("not an image", to: "set/notes.txt")
    try colors.folder.write("", to: "set/b/empty.png")
    for name in ["set/b.png", "set/a.jpg", "set/b/z.png", "set/.hidden.png", "set/nameless"] {
      let image = colors.path(name.hasSuffix("nameless") ? "nameless.png" : name)
      try ColorModel.writeImage(200, 0, 0, to: image)
      if name.hasSuffix("nameless") {
        try FileManager.default.moveItem(atPath: image, toPath: colors.path(name))
      }
    }
    let result = try colors.classify(colors.path("set"), "--format", "jsonl")
    #expect(result.status == 2)
    let names = try records(result).map { $0.path.dropFirst(colors.path("set/").count) }
    #expect(names == ["a.jpg", "b.png", "b/empty.png", "b/z.png", "nameless"])
  }

  @Test func aFolderWithoutImagesIsMissingInput() throws {
    try colors.folder.write("text", to: "texts/a.txt")
    let result = try colors.classify(colors.path("texts"))
    #expect(result.status == 66)
    #expect(result.messages.contains("no images"))
  }

  @Test func standardInputGivesPathsOneALine() throws {
    let result = try colors.classify(
      "-", "-k", "1", input: "\(colors.path("red.png"))\n\n\(colors.path("blue.jpg"))")
    #expect(result.status == 0)
    #expect(result.lines.map { $0.split(separator: "  ")[1].split(separator: " ")[0] } == ["red", "blue,"])
  }

  @Test(arguments: [1, 2, 5], [1, 3, 16])
  func manyImagesKeepTheirOrder(threads: Int, batch: Int) throws {
    let names = (0..<200).map { ["red.png", "broken.png", "green.png", "blue.jpg"][$0 * 7 % 4] }
    let result = try colors.classify(
      "-", "--format", "jsonl", "--threads", "\(threads)", "--batch-size", "\(batch)",
      input: names.map(colors.path).joined(separator: "\n"))
    #expect(result.status == 2)
    let records = try records(result)
    #expect(records.map(\.path) == names.map(colors.path))
    for (name, record) in zip(names, records) {
      #expect(record.predictions?.first?.label.prefix(3) == (name == "broken.png" ? nil : name.prefix(3)))
    }
  }

  @Test func theNumberOfThreadsDoesNotChangeTheResult() throws {
    let arguments = ["red.png", "green.png", "blue.jpg"].map(colors.path)
    let outputs = try ["1", "2", "3"].map { threads in
      try Tool.run(["classify", "-m", colors.model, "--threads", threads] + arguments).output
    }
    #expect(outputs[0] == outputs[1] && outputs[1] == outputs[2])
  }

  @Test func failOnErrorStopsAtTheFirst() throws {
    let result = try colors.classify(
      colors.path("red.png"), colors.path("none.png"), colors.path("blue.jpg"), "--strict")
    #expect(result.status == 66)
    #expect(result.lines.count == 1)
    let bad = try colors.classify(colors.path("broken.png"), colors.path("blue.jpg"), "--strict")
    #expect(bad.status == 65)
    #expect(bad.output == "")
  }

  @Test func resultsGoToTheFileThatIsAskedFor() throws {
    let result = try colors.classify(colors.path("red.png"), "-o", colors.path("result.txt"))
    #expect(result.status == 0)
    #expect(result.output == "")
    let text = try String(contentsOfFile: colors.path("result.txt"), encoding: .utf8)
    #expect(text.hasPrefix("\(colors.path("red.png"))  red "))
    #expect(try colors.classify(colors.path("red.png"), "-o", colors.path("no/such/x")).status == 74)
  }

  @Test func foreignModelsNeedLabelsAndPreprocessing() throws {
    try ColorModel.model(isForeign: true).write(to: colors.model)
    let bare = try colors.classify(colors.path("red.png"))
    #expect(bare.status == 65)
    #expect(bare.messages.contains("--preprocessing"))
    try colors.folder.write("rot\ngrün\nblau\n", to: "labels.txt")
    try colors.folder.write(try ColorModel.preprocessing().json, to: "steps.json")
    let arguments = ["--labels", colors.path("labels.txt"), "--preprocessing", colors.path("steps.json")]
    let result = try Tool.run(["classify", "-m", colors.model, colors.path("green.png")] + arguments)
    #expect(result.status == 0)
    #expect(result.output.contains("  grün 0.9"))
    try colors.folder.write("{\"width\": 8}", to: "steps.json")
    #expect(
      try Tool.run(["classify", "-m", colors.model, colors.path("green.png")] + arguments).status == 65)
    try colors.folder.write(try ColorModel.preprocessing().json, to: "steps.json")
    try colors.folder.write("rot\ngrün\n", to: "labels.txt")
    #expect(
      try Tool.run(["classify", "-m", colors.model, colors.path("green.png")] + arguments).status == 65)
  }

  @Test func badModelsAreToldFromMissingOnes() throws {
    try colors.folder.write("nonsense", to: "bad.onnx")
    let image = colors.path("red.png")
    #expect(try Tool.run(["classify", "-m", colors.path("bad.onnx"), image]).status == 65)
    #expect(try Tool.run(["classify", "-m", colors.path("none.onnx"), image]).status == 66)
    #expect(try Tool.run(["classify", "--offline", "-m", "no-such-name", image]).status == 66)
  }

  @Test func offlineNeverPulls() throws {
    let cache = try TemporaryFolder()
    let result = try Tool.run(
      ["classify", "--offline", colors.path("red.png")], environment: ["XDG_CACHE_HOME": cache.path])
    #expect(result.status == 66)
    #expect(result.messages.contains("efficientnet-lite0"))
    #expect(result.output == "")
  }

  @Test func packedWeightsAreKeptInTheCacheUnlessTheyAreNotWanted() throws {
    struct Wide: Network {
      var body: some Layer {
        Conv2D(512, kernel: 1)
        GlobalAveragePool()
        Dense(1000)
      }
    }
    let graph = try Wide().graph(input: (3, 8, 8)).withProbabilities()
    let model = colors.path("wide.onnx")
    try Model(graph: graph, parameters: graph.initialParameters(seed: 4), preprocessing: .squashed(8))
      .write(to: model)
    let cache = try TemporaryFolder(), kept = cache.file("visionnet/packed")
    func classify(_ arguments: String...) throws -> Tool.Result {
      try Tool.run(
        ["classify", "-m", model, "--format", "jsonl", colors.path("red.png")] + arguments,
        environment: ["XDG_CACHE_HOME": cache.path])
    }
    func answers(_ result: Tool.Result) -> Substring? {
      result.output.range(of: "\"milliseconds\"").map { result.output[..<$0.lowerBound] }
    }
    let first = try classify("--no-cache")
    #expect(first.status == 0 && answers(first) != nil)
    #expect(!FileManager.default.fileExists(atPath: kept))
    for _ in 0..<2 {
      let next = try classify()
      #expect(next.status == 0)
      #expect(answers(next) == answers(first))
      #expect(try FileManager.default.contentsOfDirectory(atPath: kept).count == 2)
    }
    // A cache that cannot be written is no failure, and said only to who asks.
    try FileManager.default.removeItem(atPath: kept)
    try Data().write(to: URL(fileURLWithPath: kept))
    let last = try classify()
    #expect(last.status == 0 && answers(last) == answers(first) && last.messages == first.messages)
    #expect(try classify("--verbose").messages.contains("packed weights are not kept"))
  }

  @Test(arguments: [
    ["--top-k", "0", "x.png"], ["--threads", "0", "x.png"], ["--batch-size", "0", "x.png"],
    ["--format", "xml", "x.png"], ["-q", "-v", "x.png"], ["--no-such-option"], [],
  ])
  func wrongUsageIsExitCode64(arguments: [String]) throws {
    let result = try Tool.run(["classify"] + arguments)
    #expect(result.status == 64)
    #expect(result.output == "")
    #expect(!result.messages.isEmpty)
  }

  @Test func aClosedPipeEndsItQuietly() throws {
    let status = colors.path("status")
    let result = try Tool.shell(
      """
      yes '\(colors.path("red.png"))' | head -n 20000 |
        { "$VISIONNET" classify -m '\(colors.model)' - ; echo $? >'\(status)'; } | head -n 1
      """)
    #expect(result.lines.count == 1)
    #expect(result.messages == "")
    #expect(try String(contentsOfFile: status, encoding: .utf8) == "0\n")
  }

  @Test func aPipeThatIsClosedWhileItWaitsForPathsEndsIt() throws {
    let result = try Tool.shell(
      """
      { echo '\(colors.path("red.png"))'; echo '\(colors.path("red.png"))'; sleep 5; } |
        { "$VISIONNET" classify -m '\(colors.model)' - --threads 2; echo done >&2; } | true
      """)
    #expect(result.messages == "done\n")
  }

  @Test func aFullDiskIsAnInputOutputError() throws {
    try #require(FileManager.default.fileExists(atPath: "/dev/full"), "this system has no /dev/full")
    let result = try Tool.shell(
      "\"$VISIONNET\" classify -m '\(colors.model)' '\(colors.path("red.png"))' >/dev/full")
    #expect(result.status == 74)
    #expect(result.messages.contains("standard output"))
  }

  @Test func namesThatAreNotUTF8AreOpenedByTheirBytes() throws {
    let script = """
      cd '\(colors.folder.path)' || exit 9
      mkdir odd && name=$(printf 'odd/r\\377d.png') && cp red.png "$name" || exit 9
      "$VISIONNET" classify -m model.onnx "$name" odd -k 1 || exit
      echo "$name" | "$VISIONNET" classify -m model.onnx - --format jsonl || exit
      "$VISIONNET" inspect "$name" && "$VISIONNET" convert "$name" out.png
      """
    let result = try Tool.shell(script)
    #expect(result.status == 0)
    #expect(result.messages == "")
    #expect(result.lines[0] == result.lines[1])
    #expect(result.lines[0].hasPrefix("odd/r\u{fffd}d.png  red 0.9"))
    #expect(result.lines[2].contains("\"odd/r\u{fffd}d.png\""))
    #expect(try Image(contentsOf: colors.path("out.png")).width == 12)
  }

  @Test func controlCharactersInNamesDoNotReachTheTerminal() throws {
    let name = colors.path("a\u{1b}[2J\nb.png")
    try ColorModel.writeImage(0, 200, 0, to: name)
    let result = try colors.classify(name)
    #expect(result.lines.count == 1)
    #expect(!result.output.contains("\u{1b}"))
  }

  @Test func offATerminalThereIsNoEmphasis() throws {
    #expect(try !colors.classify(colors.path("red.png")).output.contains("\u{1b}"))
  }
}
