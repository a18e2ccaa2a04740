import Testing
import VisionCompute
import VisionGraph
import VisionLayers
import VisionRuntime
import VisionTensor

@Suite struct PlanExplanationTests {
  private func plan(_ name: String, batch: Int = 1, convolutions: ConvolutionAlgorithm = .automatic) throws
    -> (
      plan: Plan, graph: Graph
    )
  {
    let graph = try #require(Architecture.named(name)).graph().bound(batch: batch)
    let plan = try Plan(graph, parameters: graph.initialParameters(seed: 1), convolutions: convolutions)
    return (plan, graph)
  }

  @Test func stepsNameWhatIsFusedIntoThem() throws {
    let steps = try plan("resnet18").plan.explanation(threads: 1).steps
    let parts = Set(steps.map(\.parts))
    #expect(parts.contains(["Conv", "BatchNormalization", "Relu"]))
    #expect(parts.contains(["Conv", "BatchNormalization", "Add", "Relu"]))
    #expect(parts.contains(["Conv", "BatchNormalization"]))
    #expect(parts.contains(["Gemm"]))
    let clamped = try plan("mobilenet_v2").plan.explanation(threads: 1).steps
    #expect(clamped.contains { $0.parts == ["Conv", "BatchNormalization", "Clip"] })
    let plain = try plan("squeezenet1_1").plan.explanation(threads: 1).steps
    #expect(plain.contains { $0.parts == ["Conv", "Relu"] })
  }

  @Test func everyConvolutionSaysHowAndWhy() throws {
    let steps = try plan("mobilenet_v2").plan.explanation(threads: 2).steps
    let convolutions = steps.filter { $0.operatorName == "FusedConv" }
    #expect(convolutions.flatMap(\.parts).filter { $0 == "Conv" }.count == 52)
    for step in convolutions {
      #expect(!step.algorithm.isEmpty && !step.details.isEmpty && !step.reason.isEmpty)
      #expect(step.results.map(\.layout) == ["channels last"])
      #expect(step.weightByteCount > 0 && step.flops > 0 && !step.isReference)
    }
    let kinds = Dictionary(grouping: convolutions, by: \.kernelName).mapValues(\.count)
    // One a block, and the projection of those that go through by channels.
    #expect((kinds["chain"] ?? 0) == 17 && kinds["depthwise"] == nil)
    let direct = try plan("mobilenet_v2", convolutions: .direct).plan.explanation(threads: 2).steps
    #expect(direct.filter { $0.kernelName == "depthwise" }.count == 17)
    // A 1×1 convolution of stride 1 is no other thing than a matrix product.
    #expect(convolutions.contains { $0.algorithm == "direct (matrix product)" })
    #expect(try #require(convolutions.first).operands.first?.shape == [1, 3, 224, 224])
  }

  @Test func bytesAndFlopsAreThoseOfTheShapes() throws {
    let builder = GraphBuilder()
    let x = try builder.image(height: 5, width: 7)
    let w = Tensor(Philox(seed: 2).normal(count: 16 * 3), shape: [16, 3, 1, 1])
    let y = try builder.add(Conv(window: Window(kernel: [1, 1])), x, builder.constant(w))
    try builder.output("y", y)
    let plan = try Plan(builder.graph.bound(batch: 2), parameters: Parameters())
    let explanation = plan.explanation(threads: 1)
    let step = try #require(explanation.steps.first { $0.operatorName == "FusedConv" })
    #expect(step.flops == 2 * 2 * 5 * 7 * 16 * 3)
    #expect(step.operands.map(\.byteCount) == [2 * 3 * 35 * 4])
    #expect(step.results.map(\.byteCount) == [2 * 16 * 35 * 4])
    // Sixteen columns fill whole vectors on every instruction set.
    #expect(step.weightByteCount == 16 * 3 * 4)
    #expect(step.byteCount == (2 * 3 * 35 + 2 * 16 * 35 + 16 * 3) * 4)
    // The image comes row-major, and the result leaves so.
    #expect(explanation.steps.map(\.kernelName) == ["layout", "conv", "layout"])
    #expect(explanation.steps.allSatisfy { !$0.reason.isEmpty })
  }

  @Test func totalsAreThoseOfThePlan() throws {
    let (plan, graph) = try plan("resnet18", batch: 2, convolutions: .direct)
    let (one, two) = (plan.explanation(threads: 1), plan.explanation(threads: 2))
    #expect(one.steps == two.steps)
    #expect(one.arenaByteCount == plan.arenaByteCount && one.flops == plan.flops)
    #expect(one.instructionSet == plan.instructionSet && two.threads == 2)
    #expect(two.scratchByteCount > one.scratchByteCount)
    #expect(one.nodeCount == graph.nodes.count && one.steps.count < one.nodeCount)
    // Flatten is a view.
    #expect(one.viewCount == 1)
    let weights = graph.parameters.filter { $0.name.hasSuffix("weight") && $0.fact.shape.rank > 1 }
    let bytes = weights.reduce(0) { $0 + $1.fact.shape.elementCount * 4 }
    #expect(one.weightByteCount >= bytes && one.weightByteCount < bytes + bytes / 50)
  }

  @Test func aReferenceIsCalledSo() throws {
    let builder = GraphBuilder()
    let x = try builder.image(channels: 4, height: 4, width: 4)
    try builder.output("y", try builder.add(Trilu(), x))
    let plan = try Plan(builder.graph, parameters: Parameters())
    let references = plan.explanation(threads: 1).steps.filter(\.isReference)
    #expect(references.count == 1 && references.count == plan.referenceNodes.count)
    for step in references { #expect(step.algorithm == "reference" && !step.reason.isEmpty) }
  }
}
