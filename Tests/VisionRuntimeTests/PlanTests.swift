import Foundation
import Testing
import VisionCompute
import VisionGraph
import VisionLayers
import VisionRuntime
import VisionTensor
import VisionTestSupport

/// Tests that need the machine's cores or memory for themselves.
@Suite(.serialized) struct Serial {
  @Suite struct PlanTests {
    /// Weights near those of trained networks: BatchNormalization with statistics that are not 0 and 1.
    static func parameters(_ graph: Graph) -> Parameters {
      var parameters = graph.initialParameters(seed: 11)
      for (name, tensor) in Array(parameters) where tensor.shape.rank == 1 {
        let uniform = Philox(seed: 4).uniform(count: tensor.elementCount, stream: UInt64(name.utf8.count))
        let isPositive = name.hasSuffix("running_var") || tensor.floats.allSatisfy { $0 == 1 }
        parameters[name] = Tensor(uniform.map { isPositive ? 0.8 + 0.4 * $0 : 0.2 * $0 - 0.1 })
      }
      return parameters
    }

    /// The plan on every instruction set equals the interpreter; returns its output on the best.
    static func check(_ graph: Graph, parameters: Parameters, tolerance: Double = 1e-5) throws {
      let shape = graph.fact(graph.inputs[0]).shape
      let name = graph[graph.inputs[0]].name
      let input = [name: Tensor(Philox(seed: 8).normal(count: shape.elementCount), shape: shape)]
      let expected = try Interpreter(graph, parameters: parameters).run(input)
      for set in InstructionSet.supported {
        let plan = try Plan(graph, parameters: parameters, instructionSet: set)
        #expect(plan.referenceNodes.isEmpty)
        var first: [String: Tensor] = [:]
        for threads in [1, 2, 3] {
          let results = try plan.run(input, on: Executor(threads: threads))
          if threads == 1 { first = results }
          for (output, tensor) in expected {
            let result = try #require(results[output])
            #expect(tensor.doubles.allSatisfy { $0.isFinite })
            #expect(Set(tensor.floats).count > 2)
            expectClose(result, tensor, tolerance: tolerance, "\(set.rawValue), \(threads) threads")
            #expect(result == first[output], "bits depend on threads")
          }
        }
      }
    }

    @Test(arguments: [
      ("lenet5", 32), ("resnet18", 65), ("resnet50", 64), ("mobilenet_v2", 65), ("squeezenet1_1", 67),
      ("efficientnet-lite0", 64), ("alexnet", 224),
    ])
    func equalsTheInterpreterOnSmallImages(name: String, side: Int) throws {
      let architecture = try #require(Architecture.named(name))
      let channels = architecture.input.channels
      let graph = try architecture.graph(classes: 10, input: (channels, side, side))
      try Self.check(graph, parameters: Self.parameters(graph))
    }

    @Test(
      .enabled(if: ProcessInfo.processInfo.environment["VISIONNET_FULL_TESTS"] == "1", "scripts/test --full"),
      arguments: Architecture.all.map(\.name))
    func equalsTheInterpreterAtFullSize(name: String) throws {
      let graph = try #require(Architecture.named(name)).graph()
      try Self.check(graph, parameters: Self.parameters(graph))
    }

    @Test func aSampleDoesNotDependOnItsBatch() throws {
      let graph = try #require(Architecture.named("efficientnet-lite0")).graph(input: (3, 96, 96))
      let parameters = Self.parameters(graph)
      let weights = WeightStore()
      let one = try Plan(graph, parameters: parameters, weights: weights)
      let three = try Plan(graph.bound(batch: 3), parameters: parameters, weights: weights)
      let images = Philox(seed: 1).normal(count: 3 * 3 * 96 * 96)
      let executor = Executor(threads: 2)
      let batch = try three.run(
        ["input": Tensor(images, shape: [3, 3, 96, 96])], on: executor)
      let rows = try #require(batch["logits"]).floats
      for index in 0..<3 {
        let image = Tensor(Array(images[(index * 27648)..<((index + 1) * 27648)]), shape: [1, 3, 96, 96])
        let single = try one.run(["input": image], on: executor)
        let expected = Array(rows[(index * 1000)..<((index + 1) * 1000)])
        expectClose(try #require(single["logits"]), Tensor(expected, shape: [1, 1000]), tolerance: 1e-6)
      }
    }

    @Test func refusesWhatDoesNotFit() throws {
      let graph = try #require(Architecture.named("lenet5")).graph()
      #expect(throws: GraphError.self) { try Plan(graph, parameters: Parameters()) }
      let plan = try Plan(graph, parameters: graph.initialParameters(seed: 1))
      var workspace = plan.makeWorkspace(for: Executor(threads: 1))
      #expect(throws: GraphError.self) { try plan.run([:], in: &workspace) }
      #expect(throws: GraphError.self) {
        try plan.run(["input": Tensor(repeating: Float(0), shape: [1, 3, 9, 9])], in: &workspace)
      }
    }

    @Test func manyTasksShareOnePlan() async throws {
      let graph = try #require(Architecture.named("lenet5")).graph()
      let plan = try Plan(graph, parameters: Self.parameters(graph))
      let shape = graph.fact(graph.inputs[0]).shape
      let executor = Executor(threads: 2)
      let input = ["input": Tensor(Philox(seed: 8).normal(count: shape.elementCount), shape: shape)]
      let expected = try plan.run(input, on: executor)
      try await withThrowingTaskGroup(of: [String: Tensor].self) { group in
        for _ in 0..<16 {
          group.addTask { try plan.run(input, on: executor) }
        }
        for try await result in group { #expect(result == expected) }
      }
    }
  }
}
