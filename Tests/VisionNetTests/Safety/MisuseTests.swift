import Testing

/// Programs that share what must not be shared are no programs; their twins, which do it right, are.
@Suite(.serialized) struct MisuseTests {
  /// Each line that ends with `// wrong` must be an error, and no other.
  private static func check(_ program: String) throws {
    let compiler: SwiftCompiler
    do { compiler = try SwiftCompiler() } catch { return print("skipped: \(error)") }
    let lines = program.split(separator: "\n", omittingEmptySubsequences: false)
    let wrong = Set(lines.indices.filter { lines[$0].hasSuffix("// wrong") }.map { $0 + 1 })
    let errors = try compiler.errors(in: program)
    for line in wrong where errors[line] == nil {
      Issue.record("line \(line) is no error: \(lines[line - 1])")
    }
    for (line, message) in errors where !wrong.contains(line) {
      Issue.record("line \(line) is an error: \(message)")
    }
  }

  @Test func whatIsRightCompiles() throws {
    try Self.check(
      """
      import VisionData
      import VisionNet
      import VisionTraining

      actor Owner {
        private let plan: Plan
        private var workspace: Workspace
        init(_ plan: Plan) {
          self.plan = plan
          workspace = plan.makeWorkspace(for: Executor())
        }
        func run(_ x: [String: Tensor]) throws -> [String: Tensor] { try plan.run(x, in: &workspace) }
      }

      func workspacesOfTheirOwn(_ plan: Plan, _ x: [String: Tensor]) {
        for _ in 0..<2 {
          Task {
            var workspace = plan.makeWorkspace(for: Executor())
            _ = try plan.run(x, in: &workspace)
          }
        }
      }

      func samplesOfAll(_ x: Tensor, _ y: Tensor, _ graph: Graph) throws -> [Trainer] {
        let data = try TensorSamples(x, y)
        return [try Trainer(graph, on: data, validation: data), try Trainer(graph, on: data)]
      }

      func batchesInTurn(_ loader: BatchLoader) throws -> Int {
        var sum = 0
        while let batch = try loader.next() {
          sum += batch.samples.reduce(0, +)
          loader.recycle(batch)
        }
        return sum
      }

      func tasks(_ classifier: ImageClassifier, _ images: [Image]) async throws -> [[Prediction]] {
        try await withThrowingTaskGroup(of: [Prediction].self) { group in
          for image in images { group.addTask { try await classifier.classify(image) } }
          return try await group.reduce(into: []) { $0.append($1) }
        }
      }

      func stopped(_ trainer: Trainer) async throws {
        for try await event in trainer.run(epochs: 9) {
          if case .epoch(let report) = event, report.trainingLoss < 0.1 { break }
        }
        await trainer.stop()
      }
      """)
  }

  /// What is found out by types.
  @Test func sharedMemoryIsNoProgram() throws {
    try Self.check(
      """
      import VisionData
      import VisionNet
      import VisionTraining

      final class Shared: Sendable {
        let plan: Plan
        let workspace: Workspace
        init(_ plan: Plan) {
          self.plan = plan
          workspace = plan.makeWorkspace(for: Executor())
        }
        func run(_ x: [String: Tensor]) throws {
          _ = try plan.run(x, in: &workspace) // wrong
        }
        func fill() {
          workspace.withInput(0) { _ in } // wrong
        }
      }

      final class Variable: Sendable {
        var workspace: Workspace // wrong
        init(_ plan: Plan) { workspace = plan.makeWorkspace(for: Executor()) }
      }

      final class Changing: TensorSource {
        var count = 1 // wrong
        let specs = [TensorSpec(name: "x", shape: []), TensorSpec(name: "y", shape: [])]
        func makeReader(seed: UInt64) -> any TensorReader { fatalError() }
      }

      func sum(_ executor: Executor) -> Int {
        var sum = 0
        executor.forEach(count: 1000) { index, _ in
          sum += index // wrong
        }
        return sum
      }
      """)
  }

  /// What is found out by where values may go.
  @Test func valuesOfTwoOwnersAreNoProgram() throws {
    try Self.check(
      """
      import VisionData
      import VisionNet
      import VisionTraining

      func twoTasks(_ plan: Plan, _ x: [String: Tensor]) {
        var workspace = plan.makeWorkspace(for: Executor())
        for _ in 0..<2 {
          Task { // wrong
            _ = try plan.run(x, in: &workspace)
          }
        }
      }

      func keptEngine(_ engine: TrainingEngine) {
        Task.detached { // wrong
          _ = try engine.step(rate: 0.1)
        }
      }

      func givenBack(_ loader: BatchLoader) throws -> [Int] {
        guard let batch = try loader.next() else { return [] } // wrong
        loader.recycle(batch)
        return batch.samples
      }
      """)
  }
}
