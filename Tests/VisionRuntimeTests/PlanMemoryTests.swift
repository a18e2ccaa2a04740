import Testing
import VisionCompute
import VisionGraph
import VisionRuntime
import VisionTensor

/// Plans that would take more memory than they may: refused before anything of that size is allocated.
@Suite struct PlanMemoryTests {
  private func refusal(_ graph: Graph, limit: Int?) -> GraphError? {
    do { _ = try Plan(graph, parameters: Parameters(), memoryLimit: limit) } catch { return error }
    return nil
  }

  /// y = relu(x repeated to `rows` × 1024).
  private func expanded(rows: Int) throws -> Graph {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(1), .fixed(1024)])
    let shape = builder.constant(Tensor([Int64(rows), 1024]))
    try builder.output("y", try builder.add(Relu(), try builder.add(Expand(), x, shape)))
    return builder.graph
  }

  @Test func anArenaBeyondTheLimitIsRefused() throws {
    let graph = try expanded(rows: 1024)
    let error = refusal(graph, limit: 1 << 20)
    #expect(error?.kind == .tooLarge)
    #expect(error?.message.contains("1.0 MiB") == true)
    let plan = try Plan(graph, parameters: Parameters(), memoryLimit: 1 << 30)
    let input = ["x": Tensor(repeating: Float(3), shape: [1, 1024])]
    let result = try plan.run(input, on: Executor(threads: 1))
    #expect(result["y"]?.floats.allSatisfy { $0 == 3 } == true)
  }

  @Test func moreThanTheMachineHasIsRefusedByDefault() throws {
    // 2⁴⁰ bytes: legal to write down, and nothing to run here.
    #expect(refusal(try expanded(rows: 1 << 28), limit: nil)?.kind == .tooLarge)
  }

  @Test func whatDependsOnConstantsAloneCountsToo() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(1)])
    let big = try builder.add(
      Expand(), builder.constant(Tensor([Float(1)])), builder.constant(Tensor([Int64(1) << 36])))
    let small = try builder.add(
      Slice(), big, builder.constant(Tensor([Int64(0)])), builder.constant(Tensor([Int64(1)])))
    try builder.output("y", try builder.add(Add(), x, small))
    #expect(refusal(builder.graph, limit: nil)?.kind == .tooLarge)
  }

  @Test func slowComputationsOfConstantsAreLeftToTheRun() throws {
    // 2³⁶ operations: by the reference, minutes.
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(1), .fixed(1)])
    let a = builder.constant(Tensor(repeating: Float(0), shape: [1 << 11, 1 << 13]))
    let b = builder.constant(Tensor(repeating: Float(0), shape: [1 << 13, 1 << 11]))
    try builder.output("y", try builder.add(Add(), x, try builder.add(MatMul(), a, b)))
    let plan = try Plan(builder.graph, parameters: Parameters())
    #expect(plan.flops > 1 << 35)
  }
}
