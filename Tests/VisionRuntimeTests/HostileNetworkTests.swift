import Testing
import VisionCompute
import VisionGraph
import VisionRuntime
import VisionTensor

/// Networks that fuzzing found: legal, and meant to break the kernels.
@Suite struct HostileNetworkTests {
  private func output(_ graph: Graph, _ input: Tensor) throws -> (plan: Tensor?, reference: Tensor?) {
    let plan = try Plan(graph, parameters: Parameters())
    let inputs = ["x": input]
    return (
      try plan.run(inputs, on: Executor(threads: 1))["y"],
      try Interpreter(graph, parameters: Parameters()).run(inputs)["y"]
    )
  }

  @Test(arguments: [-3_242_591_731_702_956_031, Int.max, Int.min + 1, -1])
  func aSliceOfOneElementMayHaveAnyStep(step: Int) throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(1), .fixed(2), .fixed(4), .fixed(4)])
    func constant(_ value: Int) -> Value { builder.constant(Tensor([Int64(value)])) }
    let (start, end) = step < 0 ? (0, Int.min + 1) : (3, Int.max)
    let y = try builder.add(
      Slice(), x, constant(start), constant(end), constant(2), constant(step))
    try builder.output("y", y)
    let input = Tensor((0..<32).map(Float.init), shape: [1, 2, 4, 4])
    let (plan, reference) = try output(builder.graph, input)
    #expect(plan?.shape == [1, 2, 1, 4])
    #expect(plan == reference)
  }

  /// Tables of 16 GB would be made for no line to be transformed.
  @Test func aLongTransformOfNothingTakesNoMemory() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(0), .fixed(6), .fixed(1)])
    func constant(_ value: Int64) -> Value { builder.constant(Tensor(scalar: value)) }
    let y = try builder.add(DFT(isOneSided: true), x, constant(2_399_141_892), constant(1))
    try builder.output("y", y)
    let input = Tensor(elementType: .float32, shape: [0, 6, 1]) { _ in }
    let (plan, reference) = try output(builder.graph, input)
    #expect(plan?.shape == [0, 1_199_570_947, 2])
    #expect(reference?.shape == plan?.shape)
    let folded = GraphBuilder()
    let length = folded.constant(Tensor(scalar: Int64(2_399_141_892)))
    try folded.output("y", folded.add(DFT(), folded.constant(input), length))
    #expect(try Interpreter(folded.graph, parameters: Parameters()).run([:])["y"]?.elementCount == 0)
  }
}
