import Foundation
import Testing
import VisionNet
import VisionSystem

@testable import VisionNetCLI

@Suite struct RunFolderTests {
  let folder: TemporaryFolder
  let data: ImageFolder

  init() throws {
    folder = try TemporaryFolder()
    for label in ["a", "b"] {
      try FileManager.default.createDirectory(
        atPath: folder.file("data/\(label)"), withIntermediateDirectories: true)
      for number in 0..<2 {
        try ColorModel.writeImage(
          UInt8(number * 50), 20, 30, to: folder.file("data/\(label)/\(number).png"))
      }
    }
    data = try ImageFolder(folder.file("data"))
  }

  private var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.file("runs"))) ?? []).sorted()
  }

  /// Runs `body` on many threads at once, all of them held back until the last one is there.
  private func atOnce<Result: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> Result) -> [Result]
  {
    let results = Locked([Int: Result]())
    let ready = Locked(0)
    let group = DispatchGroup()
    for index in 0..<count {
      group.enter()
      Thread.detachNewThread {
        ready.withLock { $0 += 1 }
        while ready.withLock({ $0 }) < count { sched_yield() }
        let result = body(index)
        results.withLock { $0[index] = result }
        group.leave()
      }
    }
    group.wait()
    return (0..<count).compactMap { index in results.withLock { $0[index] } }
  }

  @Test func manyTakersGetAFolderEach() throws {
    let (data, parent) = (data, folder.file("runs"))
    for round in 1...5 {
      let paths = atOnce(16) { _ -> String? in
        guard let run = try? RunFolder(wanted: nil, name: data.name, root: data.root, in: parent),
          (try? run.make()) != nil
        else {
          return nil
        }
        try? run.write("settings", to: RunFolder.configurationName)
        return run.path
      }.compactMap { $0 }
      #expect(paths.count == 16 && Set(paths).count == 16)
      #expect(names.count == 16 * round)
    }
    #expect(Set(names) == Set((1...80).map { "data-\($0)" }))
  }

  @Test func oneOfManyGetsTheFolderThatAllWereGiven() throws {
    let (data, path) = (data, folder.file("wanted"))
    // A folder is held as long as its object lives; no thread uses that of another.
    struct Outcome: @unchecked Sendable {
      var run: RunFolder?
      var message: String?
    }
    let outcomes = atOnce(8) { _ -> Outcome in
      do {
        let run = try RunFolder(wanted: path, name: data.name, root: data.root)
        try run.make()
        try run.write("mine", to: RunFolder.configurationName)
        return Outcome(run: run)
      } catch { return Outcome(message: "\(error)") }
    }
    #expect(outcomes.count { $0.run != nil } == 1)
    for message in outcomes.compactMap(\.message) {
      #expect(message.contains("another process is training") || message.contains("not empty"), "\(message)")
    }
  }

  @Test func whatAKilledRunLeftIsNotTakenAgain() throws {
    let parent = folder.file("runs")
    // Killed between making the folder and writing into it.
    try FileManager.default.createDirectory(atPath: "\(parent)/data-1", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: "\(parent)/data-2", withDestinationPath: "nowhere")
    let run = try RunFolder(wanted: nil, name: data.name, root: data.root, in: parent)
    try run.make()
    #expect(run.path == "\(parent)/data-3")
    #expect(throws: CommandError.self) { try RunFolder(existing: "\(parent)/data-1") }
    // One that has begun is held until its process ends, and can then be gone on with.
    try run.write("epochs: 1", to: RunFolder.configurationName)
    #expect(throws: CommandError.self) { try RunFolder(existing: run.path) }
  }

  @Test(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
  func trainingsThatStartAtOnceHaveFoldersOfTheirOwn() throws {
    var model = try ColorModel.model()
    model.embedding = model.graph.outputs.first.map { model.graph[$0.value].name }
    try model.write(to: folder.file("backbone.onnx"))
    let result = try Tool.shell(
      """
      cd "$FOLDER" || exit 1
      for i in 1 2 3 4; do
        ("$VISIONNET" train data -q --offline --no-cache -m ./backbone.onnx --validation 0 >/dev/null 2>>messages
        echo $? >ended-$i) &
      done
      # Not by wait, for which a shell needs a signal that whoever started it may have blocked.
      while [ "$(cat ended-* 2>/dev/null | wc -l)" -lt 4 ]; do sleep 0.05; done
      cat ended-*
      ls runs/*/metrics.json
      """, environment: ["FOLDER": folder.path])
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.lines == ["0", "0", "0", "0"] + (1...4).map { "runs/data-\($0)/metrics.json" })
  }
}
